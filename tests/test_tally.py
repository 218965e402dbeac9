"""How a run counts what it did, and which ends are not for good."""

import pytest

from archive.model import Kind, Lead, Outcome
from crawler.tally import UNREADABLE, Tally, passing


def lead(number: int) -> Lead:
    return Lead(f"https://a.example/{number}", "a", "https://a.example/feed", Kind.ARTICLE)


@pytest.mark.parametrize(
    ("outcome", "status", "reason", "again"),
    [
        (Outcome.OK, 200, None, False),
        (Outcome.HTTP_ERROR, 404, None, False),
        (Outcome.HTTP_ERROR, 429, None, True),
        (Outcome.HTTP_ERROR, 503, None, True),
        (Outcome.TLS_ERROR, None, None, True),
        (Outcome.DEFERRED, None, None, True),
        (Outcome.BLOCKED_ROBOTS, None, "robots.txt disallows it: /", False),
        (Outcome.BLOCKED_ROBOTS, None, f"{UNREADABLE}: status 503", True),
        (Outcome.BLOCKED_ADDRESS, None, None, False),
    ],
)
def test_what_passes_is_tried_again(outcome: Outcome, status: int | None, reason: str | None, again: bool) -> None:
    assert passing(outcome, status, reason) is again


def test_a_url_that_was_asked_for_again_counts_once_by_its_last_end() -> None:
    tally = Tally()
    tally.add(lead(1), Outcome.HTTP_ERROR, "status 503", 503)
    tally.add(lead(1), Outcome.TIMEOUT, "no whole answer", None)
    assert dict(tally.outcomes) == {("a", "article", "timeout"): 1}
    assert tally.faults == {"a": 1}
    tally.add(lead(2), Outcome.TIMEOUT, "no whole answer", None)
    tally.add(lead(1), Outcome.OK, None, 200)
    assert dict(tally.outcomes) == {("a", "article", "timeout"): 1, ("a", "article", "ok"): 1}
    assert tally.faults == {"a": 1}
    tally.add(lead(2), Outcome.DEFERRED, "until tomorrow")
    assert tally.faults == {"a": 1}
    assert tally.examples == {("a", "deferred"): ("https://a.example/2", "until tomorrow")}
