"""The dateline before a text: its place, the agency named with it, and what is none. All invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.datelines import alone, dateline
from spiders.kit.page import Page

REST = "The invented soldiers of this sentence left the invented capital at dawn."


@pytest.mark.parametrize(
    ("before", "place", "agency"),
    [
        ("NIAMEY, Niger — ", "NIAMEY, Niger", None),
        ("NIAMEY (AFP) – ", "NIAMEY", "AFP"),
        ("Niamey (AFP) – ", "Niamey", "AFP"),
        ("NIAMEY, Aug 4 (Reuters) - ", "NIAMEY", "Reuters"),
        ("LONDON— ", "LONDON", None),
        ("WASHINGTON/PARIS, May 14 (Reuters) - ", "WASHINGTON/PARIS", "Reuters"),
        ("BAMAKO, Mali, Nov. 3, 2023 (AP) — ", "BAMAKO, Mali", "AP"),
        ("ST. JOSEPH, Mich. (AP) — ", "ST. JOSEPH, Mich.", "AP"),
        ("BUFFALO, N.Y. — ", "BUFFALO, N.Y.", None),
        ("NAPA, Calif. (KXYZ) -- ", "NAPA, Calif.", None),
        ("Washington, D.C. – ", "Washington, D.C.", None),
        ("Ouagadougou, Burkina Faso – ", "Ouagadougou, Burkina Faso", None),
        ("Niamey (Niger) – ", "Niamey", None),
        ("SAINT-LOUIS (Sénégal) — ", "SAINT-LOUIS", None),
        ("Niamey, 14 Mai (ANP) – ", "Niamey", "ANP"),
        ("Paris, le 14 mai 2024 – ", "Paris", None),
        ("Paris, mardi 14 mai 2024 - ", "Paris", None),
        ("Madrid, 14 may (EFE).- ", "Madrid", "EFE"),
        ("BRASÍLIA, 14 de maio de 2024 (Lusa) – ", "BRASÍLIA", "Lusa"),
        ("(ANSA) - ROMA, 14 MAG - ", "ROMA", "ANSA"),
        ("Berlin/Paris (dpa/AFP) - ", "Berlin/Paris", "dpa/AFP"),
        ("ANKARA, 14 Mayıs (AA) - ", "ANKARA", "AA"),
        ("القاهرة (رويترز) - ", "القاهرة", "رويترز"),
        ("N’Djamena, le 14 mai (AFP) — ", "N’Djamena", "AFP"),
        ("UNITED NATIONS (AP) — ", "UNITED NATIONS", "AP"),
    ],
)
def test_a_dateline(before: str, place: str, agency: str | None) -> None:
    assert dateline(before + REST) == (place, agency, REST)


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers — all of them invented — left the capital that nobody has ever seen on a map.",
        "Niamey (Niger) is an invented scene here, and the story goes on for a while after it.",
        "UN — no more.",
        f"NATO — {REST}",
        f"OTAN - {REST}",
        f"MIGRATION – {REST}",
        f"EN DIRECT - {REST}",
        f"EXKLUSIV – {REST}",
        f"SON DAKİKA – {REST}",
        f"Paris - {REST}",
        f"Mardi, 14 mai – {REST}",
        f"Samstag, 14. Mai – {REST}",
        f"Hugo (LREM) – {REST}",
        f"By Jane Austen (AFP) - {REST}",
        "Paris, France – the city of lights – is the scene of this sentence, which goes on for a while.",
        "",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert dateline(text) == (None, None, text)


def page(*paragraphs: str) -> Page:
    text = "".join(f"<p>{each}</p>" for each in (*paragraphs, *[f"{REST} It was day {n}." for n in range(9)]))
    return Page(
        f"<html lang='en'><title>A story</title><body><article><h1>A story</h1>{text}</article></body></html>",
        url="https://www.paper.example/a-story",
    )


def test_the_agencies_of_a_dateline_are_attributions() -> None:
    found = page(f"BERLIN (dpa/AFP) - {REST}")
    assert found.dateline() == "BERLIN"
    assert [(each.source, each.relation) for each in found.attributions()] == [
        ("dpa", "republished"),
        ("AFP", "republished"),
    ]
    assert found.blocks()[0].text == REST


def test_a_dateline_in_a_paragraph_of_its_own() -> None:
    found = page("NIAMEY, Niger —", REST)
    assert found.dateline() == "NIAMEY, Niger"
    assert found.blocks()[0].text == REST
    assert alone("Why —") is None
    assert alone("NATO —") is None


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    alone(text)
    _, _, rest = dateline(text)
    assert text.endswith(rest)


@pytest.mark.parametrize("mark", [" ", ",", "(", "A ", "A, ", "- ", "1 "])
def test_a_line_of_marks_costs_nothing(mark: str) -> None:
    assert dateline(mark * 100_000)[0] is None
