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
