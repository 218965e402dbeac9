"""Captions and their credits, datelines, and the lines that name a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.credits import Credit, caption, dateline, read_more


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


def test_a_credit_in_an_element_of_its_own() -> None:
    assert caption("A market. Photo Awa Invented / AFP", "Photo Awa Invented / AFP") == Credit(
        "A market.", "Awa Invented", "AFP"
    )


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("NIAMEY, Niger — The invented soldiers of this sentence left the invented capital.", "NIAMEY, Niger", None),
        ("NIAMEY (AFP) – The invented soldiers of this sentence left the invented capital.", "NIAMEY", "AFP"),
        ("Niamey (AFP) – Les soldats inventés de cette phrase ont quitté la capitale inventée.", "Niamey", "AFP"),
        ("NIAMEY, Aug 4 (Reuters) - The invented soldiers of this sentence left the capital.", "NIAMEY", "Reuters"),
    ],
)
def test_a_dateline(text: str, place: str, agency: str | None) -> None:
    found, house, rest = dateline(text)
    assert (found, house) == (place, agency)
    assert text.endswith(rest)
    assert rest[:3] in ("The", "Les")


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers — all of them invented — left the capital that nobody has ever seen on a map.",
        "Niamey (Niger) is an invented scene here, and the story goes on for a while after it.",
        "UN — no more.",
        "",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert dateline(text) == (None, None, text)


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


@given(st.text(max_size=300))
def test_no_text_breaks_them(text: str) -> None:
    caption(text)
    read_more(text)
    _, _, rest = dateline(text)
    assert text.endswith(rest)
