"""Captions and their credits, and the lines that name a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.credits import Credit, caption, first_published, read_more


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("A market in Niamey. (Photo by Awa INVENTED / AFP)", Credit("A market in Niamey.", "Awa INVENTED", "AFP")),
        (
            "A market. (Photo by Awa INVENTED / AFP) (Photo by AWA INVENTED/AFP via Getty Images)",
            Credit("A market.", "Awa INVENTED", "AFP", "Getty Images"),
        ),
        (
            "A market in Niamey. Awa Invented via Getty Images",
            Credit("A market in Niamey.", "Awa Invented", None, "Getty Images"),
        ),
        ("Un marché à Niamey. © Awa Inventée / AFP", Credit("Un marché à Niamey.", "Awa Inventée", "AFP")),
        ("Un marché à Niamey. AWA INVENTÉE / AFP", Credit("Un marché à Niamey.", "AWA INVENTÉE", "AFP")),
        ("A market in Niamey. REUTERS/Awa Invented", Credit("A market in Niamey.", "Awa Invented", "REUTERS")),
        ("Un marché à Niamey © Awa Inventée / AFP", Credit("Un marché à Niamey", "Awa Inventée", "AFP")),
        ("Un marché ©Awa Inventée/Getty Images", Credit("Un marché", "Awa Inventée", None, "Getty Images")),
        ("Point (c) of the invented law", Credit("Point (c) of the invented law")),
        ("A market in Niamey.", Credit("A market in Niamey.")),
        ("", Credit()),
    ],
)
def test_a_caption_and_its_credit(text: str, credit: Credit) -> None:
    assert caption(text) == credit


LANGE = "Dorothea Lange"  # a photographer of the 1930s


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("The old bridge | Image credit: Dorothea Lange", Credit("The old bridge", LANGE)),
        ("The old bridge / Dorothea Lange / Reuters", Credit("The old bridge", LANGE, "Reuters")),
        ("The old bridge / AFP", Credit("The old bridge", None, "AFP")),
        ("A vote. / Credit: Dorothea Lange/AFP via Getty Images", Credit("A vote.", LANGE, "AFP", "Getty Images")),
        ("The bridge. Credit... Dorothea Lange/The Globe", Credit("The bridge.", LANGE, "The Globe")),
        ("The bridge. (Dorothea Lange for The Globe)", Credit("The bridge.", LANGE)),
        ("The bridge. (Courtesy of Dorothea Lange)", Credit("The bridge.", LANGE)),
        ("The bridge. (Dorothea Lange via AP, File)", Credit("The bridge.", LANGE, None, "AP")),
        ("The bridge. FILE PHOTO: REUTERS/Dorothea Lange/File Photo", Credit("The bridge.", LANGE, "REUTERS")),
        ("Die Brücke Foto: Bildhaus/Dorothea Lange", Credit("Die Brücke", LANGE, "Bildhaus")),
        ("Die Brücke (Archivfoto: dpa)", Credit("Die Brücke", None, "dpa")),
        (
            "Die Brücke. Foto: picture alliance/dpa/Dorothea Lange",
            Credit("Die Brücke.", LANGE, "dpa", "picture alliance"),
        ),
        ("Die Brücke. (Quelle: Flussamt)", Credit("Die Brücke.", None, "Flussamt")),
        ("Le pont (Photo Dorothea Lange)", Credit("Le pont", LANGE)),
        ("Le pont. AFP - Dorothea Lange", Credit("Le pont.", LANGE, "AFP")),
        ("Le pont. DOROTHEA LANGE POUR « LA FEUILLE »", Credit("Le pont.", "DOROTHEA LANGE")),
        ("Le pont, photo d'illustration. Dorothea Lange / AFP", Credit("Le pont, photo d'illustration.", LANGE, "AFP")),
        ("El puente (Foto: Dorothea Lange / EFE)", Credit("El puente", LANGE, "EFE")),
        ("A ponte. Foto: Dorothea Lange/Agência", Credit("A ponte.", LANGE, "Agência")),
        ("Il ponte. Foto di Dorothea Lange", Credit("Il ponte.", LANGE)),
        ("Eski köprü. Fotoğraf: AA", Credit("Eski köprü.", None, "AA")),
        ("Tsohuwar gada. Hoto: Dorothea Lange", Credit("Tsohuwar gada.", LANGE)),
        ("الجسر القديم (أ ف ب)", Credit("الجسر القديم", None, "أ ف ب")),
        ("الجسر القديم - تصوير: دوروثيا لانج", Credit("الجسر القديم", "دوروثيا لانج")),
        ("Image caption The old bridge", Credit("The old bridge")),
    ],
)
def test_credits_as_newspapers_print_them(text: str, credit: Credit) -> None:
    assert caption(text) == credit


@pytest.mark.parametrize(
    "text",
    [
        "The mayor (photo taken in April) on the bridge",
        "Le maire (photo prise en avril) sur le pont",
        "Le pont (photo d'illustration).",
        "Photo taken on May 14, 2024 shows the old bridge",
        "She holds a photo: her father",
        "Die Abgeordneten (CDU/CSU) im Saal.",
        "Trucks on the road between Niamey and Dosso / eastern bank",
        "Image 4: The old bridge",
        "Source: Office of Bridges.",
        "The bridge. Photo courtesy of the ministry",
    ],
)
def test_what_is_no_credit_stays_in_the_caption(text: str) -> None:
    assert caption(text) == Credit(text)


@pytest.mark.parametrize("mark", ["(", "Photo: ", " / ", "a, ", "© ", "Photo by ", " via ", "((photo "])
def test_a_caption_of_marks_costs_nothing(mark: str) -> None:
    assert caption(mark * 40_000).photographer is None


def test_a_credit_in_an_element_of_its_own() -> None:
    assert caption("A market. Photo Awa Invented / AFP", "Photo Awa Invented / AFP") == Credit(
        "A market.", "Awa Invented", "AFP"
    )


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Read more of this report from The Invented Times.", "The Invented Times"),
        ("Read the full story on The Invented Times", "The Invented Times"),
        ("Lire la suite de l’article sur L'Exemple.", "L'Exemple"),
        ("Leer más en El Ejemplo", "El Ejemplo"),
        ("Read more books from the library, he said. They did.", None),
        ("He read the report.", None),
    ],
)
def test_a_line_that_names_its_source(line: str, source: str | None) -> None:
    assert read_more(line) == source


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("This article was first published by The Invented Times.", "The Invented Times"),
        ("This story originally appeared in The Invented Times", "The Invented Times"),
        ("Originally published on L'Exemple", "L'Exemple"),
        ("Cet article a été initialement publié par L'Exemple.", "L'Exemple"),
        ("Dieser Artikel erschien zuerst in Das Beispiel.", "Das Beispiel"),
        ("Este artículo fue publicado originalmente en El Ejemplo.", "El Ejemplo"),
        ("This article was published in the morning.", None),
        ("The book was first published by Gallimard in 1942.", None),
        ("This story was published in May, and nobody read it.", None),
    ],
)
def test_a_line_that_names_where_the_text_was_published_first(line: str, source: str | None) -> None:
    assert first_published(line) == source


@given(st.text(max_size=300))
def test_no_text_breaks_them(text: str) -> None:
    caption(text)
    read_more(text)
    first_published(text)


def test_a_house_may_begin_like_a_label() -> None:
    found = caption("The market on the river. Awa Invented / Images Imaginaires")
    assert (found.photographer, found.agency) == ("Awa Invented", "Images Imaginaires")
