"""Which leads a topic lets through before anything is fetched."""

from datetime import UTC, datetime

import pytest

from archive.matching import prefilter
from archive.model import Lead
from archive.topics import Topic
from tests.matching_topics import EXAMPLE, PLACE_AND_EVENT, topic


def lead(url: str = "https://example.org/news/1234", **fields: object) -> Lead:
    return Lead(url=url, outlet="one", source="feed", **fields)  # type: ignore[arg-type]


SUMMARY = topic(PLACE_AND_EVENT.replace("[rule]", '[window]\nfrom = 2023-07-26\n[rule]\nprefilter = "summary"'))
URL = topic(PLACE_AND_EVENT.replace("[rule]", '[rule]\nprefilter = "url"'))


@pytest.mark.parametrize(
    ("rule", "announced", "expected"),
    [
        (SUMMARY, lead(title="Au Niger, la peur"), (True, "place: Niger")),
        (SUMMARY, lead(summary="… le coup d’État …"), (True, "event: coup d'État")),
        (SUMMARY, lead("https://example.org/2023/08/la-junte-parle.html"), (True, "event: junte")),
        (SUMMARY, lead(title="Le Tour de France"), (False, "no_term_in_summary")),
        (SUMMARY, lead(title="Delta du Niger : du pétrole"), (False, "no_term_in_summary; masked: place")),
        (SUMMARY, lead("https://example.org/le-tour-de-france"), (False, "no_term_in_summary")),
        (SUMMARY, lead(), (True, "nothing_to_judge")),
        (SUMMARY, lead("https://[broken"), (True, "nothing_to_judge")),
        (
            SUMMARY,
            lead(title="Niger", published_at=datetime(2021, 5, 1, tzinfo=UTC)),
            (False, "out_of_window: 2021-05-01"),
        ),
        (URL, lead("https://example.org/coup-au-niger/", title="x"), (True, "event: coup")),
        (URL, lead("https://example.org/le-tour/", title="Niger"), (False, "no_term_in_url")),
        (URL, lead(title="Le Tour"), (True, "nothing_to_judge")),
        (EXAMPLE, lead(title="Le Tour"), (True, "no_prefilter")),
        (EXAMPLE, lead(published_at=datetime(2021, 5, 1, tzinfo=UTC)), (False, "out_of_window: 2021-05-01")),
    ],
)
def test_prefilter(rule: Topic, announced: Lead, expected: tuple[bool, str]) -> None:
    assert prefilter(rule, announced) == expected


def test_prefilter_knows_the_outlets() -> None:
    rule = topic('[outlets]\ninclude = ["two"]\n[concepts.a]\nen = ["x"]\n')
    assert prefilter(rule, lead()) == (False, "other_outlet: one")
