"""Bylines taken apart into persons, organisations and agencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Role
from spiders.kit.agencies import agency
from spiders.kit.authors import byline

PERSON, HOUSE, AGENCY, UNKNOWN = Role.PERSON, Role.ORGANISATION, Role.AGENCY, Role.UNKNOWN


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Awa Invented", [("Awa Invented", PERSON)]),
        ("By Awa Invented and Jo Madeup", [("Awa Invented", PERSON), ("Jo Madeup", PERSON)]),
        (
            "Par Awa Inventée, Jo Fictif et Léa Fausse",
            [("Awa Inventée", PERSON), ("Jo Fictif", PERSON), ("Léa Fausse", PERSON)],
        ),
        ("Von Awa Erfunden und Jo Erdacht", [("Awa Erfunden", PERSON), ("Jo Erdacht", PERSON)]),
        ("Awa Inventée avec AFP", [("Awa Inventée", PERSON), ("AFP", AGENCY)]),
        ("N.J. avec AFP", [("N.J.", PERSON), ("AFP", AGENCY)]),
        ("L'Exemple avec l'Agence France-Presse", [("L'Exemple", HOUSE), ("Agence France-Presse", AGENCY)]),
        (
            "Awa Inventée, avec la rédaction de L'Exemple",
            [("Awa Inventée", PERSON), ("La rédaction de L'Exemple", HOUSE)],
        ),
        ("La rédaction de L'Exemple", [("La rédaction de L'Exemple", HOUSE)]),
        ("Example Staff", [("Example Staff", HOUSE)]),
        ("The Associated Press", [("The Associated Press", AGENCY)]),
        ("REUTERS", [("REUTERS", AGENCY)]),
        ("وكالة الأنباء الجزائرية", [("وكالة الأنباء الجزائرية", AGENCY)]),
        ("وزارة الإعلام", [("وزارة الإعلام", HOUSE)]),
        ("Haber Merkezi", [("Haber Merkezi", HOUSE)]),
        ("Awa Invented, Africa correspondent", [("Awa Invented", PERSON)]),
        ("Awa Inventée (Niamey, envoyée spéciale)", [("Awa Inventée", PERSON)]),
        ("Awa Inventée - L'Exemple", [("Awa Inventée", PERSON)]),
        ("Awa Invented; Jo Madeup", [("Awa Invented", PERSON), ("Jo Madeup", PERSON)]),
        ("بقلم آوا المخترعة", [("آوا المخترعة", PERSON)]),
        ("@invented", [("@invented", UNKNOWN)]),
        ("Awa Invented Follow", [("Awa Invented", PERSON)]),
        ("Awa Invented @awainvented", [("Awa Invented", PERSON)]),
        ("Awa Invented Awa Invented", [("Awa Invented", PERSON)]),
        ("Awa Invented For Paper.Example", [("Awa Invented", PERSON)]),
        ("News Reporter Awa Invented", [("Awa Invented", PERSON)]),
        ("Awa Invented Chefredakteurin", [("Awa Invented", PERSON)]),
        ("Awa Invented The Example staff reporter", [("Awa Invented", PERSON)]),
        ("Awa Invented, PhD", [("Awa Invented", PERSON)]),
        ("Awa Invented, Jr.", [("Awa Invented Jr", PERSON)]),
        ("By Awa Invented and Jo Madeup in Niamey", [("Awa Invented", PERSON), ("Jo Madeup", PERSON)]),
        ("Par Awa Inventée, à Niamey", [("Awa Inventée", PERSON)]),
        ("By Awa Invented | August 4, 2023", [("Awa Invented", PERSON)]),
        ("11.12.2019 - Awa Erfunden", [("Awa Erfunden", PERSON)]),
        ("Eine Kolumne von Awa Erfunden", [("Awa Erfunden", PERSON)]),
        ("Awa Erfunden im Gespräch mit Jo Erdacht", [("Awa Erfunden", PERSON), ("Jo Erdacht", PERSON)]),
        ("AWA INVENTED AND JO MADEUP", [("AWA INVENTED", PERSON), ("JO MADEUP", PERSON)]),
        ("Awa Invented, Invented Times", [("Awa Invented", PERSON)]),
        (
            "Awa Invented, Associated Press | Jo Madeup, Associated Press",
            [("Awa Invented", PERSON), ("Jo Madeup", PERSON)],
        ),
        ("Awa Invented, Associated Press", [("Awa Invented", PERSON), ("Associated Press", AGENCY)]),
        ("Institute for Invented Science", [("Institute for Invented Science", HOUSE)]),
        ("著者：架空花子", [("架空花子", PERSON)]),
        ("架空新聞", [("架空新聞", UNKNOWN)]),
        ("awa.invented", [("awa.invented", UNKNOWN)]),
        ("Executive Content Editor", [("Executive Content Editor", HOUSE)]),
    ],
)
def test_a_byline_taken_apart(text: str, authors: list[tuple[str, Role]]) -> None:
    found = byline(text, organisations=("L'Exemple", "The Example"))
    assert [(author.name, author.role) for author in found.authors] == authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # و is "and", and the first letter of many names
        ("بقلم أحمد وليد", ["أحمد وليد"]),
        ("فاطمة وفاء", ["فاطمة وفاء"]),
        ("محمد ولد عبد العزيز", ["محمد ولد عبد العزيز"]),
        ("طه حسين ونجيب محفوظ", ["طه حسين", "نجيب محفوظ"]),
        ("طه حسين ونجيب محفوظ ووليد سيف", ["طه حسين", "نجيب محفوظ", "وليد سيف"]),
        ("طه حسين و نجيب محفوظ", ["طه حسين", "نجيب محفوظ"]),
        ("طه حسين، نجيب محفوظ", ["طه حسين", "نجيب محفوظ"]),
        ("رويترز وفرانس برس", ["رويترز", "فرانس برس"]),
        ("كتب: طه حسين - وكالات", ["طه حسين"]),
        ("القاهرة - وكالات", []),
        ("بيروت - رويترز", ["رويترز"]),
        # two surnames of one, and two persons
        ("Por José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Santiago Ramón y Cajal y José Ortega y Gasset", ["Santiago Ramón y Cajal", "José Ortega y Gasset"]),
        ("Rubén Darío, José Martí y Alfonsina Storni", ["Rubén Darío", "José Martí", "Alfonsina Storni"]),
        ("Rubén Darío y EFE", ["Rubén Darío", "EFE"]),
        ("Rubén Darío y agencias", ["Rubén Darío"]),
        ("Eça de Queirós e Machado de Assis", ["Eça de Queirós", "Machado de Assis"]),
        ("Artur da Costa e Silva", ["Artur da Costa e Silva"]),
        ("Francesc Pi i Margall", ["Francesc Pi i Margall"]),
    ],
)
def test_a_joint_that_may_be_part_of_a_name(text: str, names: list[str]) -> None:
    assert [author.name for author in byline(text).authors] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Austen with additional reporting by Mary Shelley", ["Jane Austen", "Mary Shelley"]),
        ("By Jane Austen, additional reporting by Mary Shelley", ["Jane Austen", "Mary Shelley"]),
        ("Jane Austen with reporting by Mary Shelley", ["Jane Austen", "Mary Shelley"]),
        ("Von Thomas Mann mit Material von dpa", ["Thomas Mann", "dpa"]),
        ("Por Rubén Darío con información de EFE", ["Rubén Darío", "EFE"]),
        ("Texte Émile Zola, photos Félix Nadar", ["Émile Zola"]),
        ("Photos : Félix Nadar, texte : Émile Zola", ["Émile Zola"]),
        ("Par Émile Zola (texte) et Félix Nadar (photos)", ["Émile Zola"]),
        ("Words by Jane Austen, photographs by Dorothea Lange", ["Jane Austen"]),
        ("Text: Franz Kafka, Fotos: Félix Nadar", ["Franz Kafka"]),
        ("Haber: Yaşar Kemal, Fotoğraf: Ara Güler", ["Yaşar Kemal"]),
        ("تقرير: طه حسين تصوير: نجيب محفوظ", ["طه حسين"]),
        ("Par George Sand. Traduit par Victor Hugo", ["George Sand"]),
        ("Jane Austen, translated by Mary Shelley", ["Jane Austen"]),
        ("Reportage de George Sand", ["George Sand"]),
        ("Text und Fotos: Thomas Mann", ["Thomas Mann"]),
        ("Textes et photos : George Sand", ["George Sand"]),
        ("Story and photos by Jane Austen", ["Jane Austen"]),
        ("Fotos y texto: Rubén Darío", ["Rubén Darío"]),
        ("De nuestro corresponsal Rubén Darío", ["Rubén Darío"]),
        ("Notre correspondante à Niamey, George Sand", ["George Sand"]),
        ("Une tribune d'Émile Zola", ["Émile Zola"]),
        ("Daga Abubakar Imam a Kano", ["Abubakar Imam"]),
        ("From Jane Austen, Abuja", ["Jane Austen", "Abuja"]),
        ("Aus Berlin berichtet Thomas Mann", ["Thomas Mann"]),
        ("(AFP)", ["AFP"]),
        ("(Reuters/AFP)", ["Reuters", "AFP"]),
        ("George Sand (avec AFP)", ["George Sand", "AFP"]),
        ("George Sand (Niamey, envoyée spéciale)", ["George Sand"]),
        ("Photo News", ["Photo News"]),
    ],
)
def test_who_wrote_and_who_did_the_rest(text: str, names: list[str]) -> None:
    assert [author.name for author in byline(text).authors] == names


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("George Sand avec AFP et Reuters", ["AFP", "Reuters"]),
        ("George Sand (avec AFP)", ["AFP"]),
        ("Mit Material von dpa und AFP", ["dpa", "AFP"]),
        ("George Sand avec AFP et Victor Hugo", ["AFP"]),
        ("Jane Austen, Reuters", []),
    ],
)
def test_each_agency_whose_material_was_used(text: str, agencies: list[str]) -> None:
    assert [said.source for said in byline(text).attributions] == agencies


@pytest.mark.parametrize("piece", [" ", ", ", " و", " y ", "photos ", "(AFP) ", "traduit ", "de ", "a B "])
def test_a_long_byline_costs_no_time(piece: str) -> None:
    byline("Awa Invented" + piece * 100_000)
    byline(("Awa Invented" + piece * 600)[:600])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "admin",
        "https://paper.example/author/1",
        "awa@paper.example",
        "Published 4 Aug 2023",
        "avec agences",
        "Super User",
        "No Author",
        "Follow us on all our channels",
        "Get author RSS feed",
        "Weitere Beiträge",
        "Tips meg",
        "logo.png",
        "12345",
    ],
)
def test_what_names_nobody_gives_nobody(text: str) -> None:
    assert byline(text).authors == ()


def test_an_agencys_material_is_an_attribution() -> None:
    [said] = byline("Awa Inventée avec AFP").attributions
    assert (said.source, said.relation, said.evidence) == ("AFP", "with", "Awa Inventée avec AFP")
    assert byline("AFP").attributions == ()


def test_a_person_in_the_metadata_stays_one_name() -> None:
    [author] = byline("Jean-Marie de la Tour", role=Role.PERSON).authors
    assert (author.name, author.role) == ("Jean-Marie de la Tour", PERSON)


def test_a_word_behind_the_names_that_readers_see_is_a_place() -> None:
    assert [a.name for a in byline("Von Awa Erfunden, Niamey", shown=True).authors] == ["Awa Erfunden"]
    assert [a.name for a in byline("Awa Erfunden, Madeup").authors] == ["Awa Erfunden", "Madeup"]


def test_short_names_are_agencies_only_in_capitals() -> None:
    assert agency("AP") == "AP"
    assert agency("Map") is None
    assert agency("Agence France-Presse") == "AFP"


@given(st.text(max_size=200))
def test_no_text_breaks_a_byline(text: str) -> None:
    for author in byline(text).authors:
        assert author.name.strip() == author.name != ""
