"""The frontier: what is due, leased, done, across processes and with its file lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.model import Kind, Lead
from crawler.frontier import FeedState, Frontier

NOW = datetime(2023, 8, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def lead(n: int, modified: datetime | None = None) -> Lead:
    return Lead(f"https://a.example/{n}", "a", "https://a.example/feed", title=f"n° {n}", modified_at=modified)


def test_a_lead_is_leased_once_and_done_for_ever(file: Path) -> None:
    frontier = Frontier(file)
    for n in range(3):
        frontier.add(lead(n))
    assert frontier.lease("a", 2, NOW) == [lead(0), lead(1)]
    assert frontier.lease("a", 2, NOW) == [lead(2)]
    assert frontier.lease("a", 2, NOW) == []
    frontier.done([lead(0).url], NOW)
    assert frontier.counts("a") == (1, 2)
    assert not frontier.is_new(lead(0))


def test_leases_of_a_process_that_died_are_void(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add(lead(0))
    frontier.add(lead(1))
    frontier.lease("a", 2, NOW)
    frontier.done([lead(0).url], NOW)
    frontier.close()
    again = Frontier(file)
    assert again.lease("a", 9, NOW) == [lead(1)]


def test_a_later_change_makes_a_url_due_again(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add(lead(0, NOW))
    frontier.done([lead(0).url], NOW)
    assert not frontier.is_new(lead(0, NOW))
    assert not frontier.is_new(lead(0))
    assert not frontier.is_new(lead(0, NOW - timedelta(days=1)))
    assert frontier.is_new(lead(0, LATER))
    frontier.add(lead(0, LATER))
    assert frontier.lease("a", 9, NOW) == [lead(0, LATER)]
    frontier.done([lead(0).url], NOW)
    assert not frontier.is_new(lead(0, LATER))


def test_a_first_change_counts_when_it_is_later_than_our_fetch(file: Path) -> None:
    frontier = Frontier(file)
    for n in range(2):
        frontier.add(lead(n))
        frontier.done([lead(n).url], NOW)
    assert not frontier.is_new(lead(0, NOW - timedelta(days=1)))
    assert frontier.is_new(lead(0, NOW - timedelta(hours=1)))
    assert frontier.is_new(lead(1, LATER))


def test_a_failed_url_waits(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add(lead(0))
    frontier.lease("a", 1, NOW)
    frontier.failed(lead(0).url, NOW, wait=timedelta(hours=1))
    assert frontier.due("a", NOW) == 0
    assert frontier.lease("a", 1, NOW + timedelta(minutes=59)) == []
    assert frontier.lease("a", 1, NOW + timedelta(minutes=61)) == [lead(0)]


def test_what_a_killed_run_stored_is_settled_and_what_changed_since_stays_due(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add_all([(lead(0), "new"), (lead(1, NOW), "new")])
    frontier.done([lead(1).url], NOW)
    frontier.add(lead(1, LATER))
    frontier.settle([], [lead(0).url, lead(1).url], NOW)
    assert frontier.lease("a", 9, NOW) == [lead(1, LATER)]


def test_skipped_leads_are_known_and_not_fetched(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add(lead(0), "skipped")
    assert not frontier.is_new(lead(0))
    assert frontier.lease("a", 1, NOW) == []


def test_a_lost_file_is_filled_from_the_corpus(file: Path) -> None:
    frontier = Frontier(file)
    frontier.fill(
        [
            ("https://a.example/0", "a", "article", "2023-08-04T12:00:00Z", True),
            ("https://a.example/1", "a", "article", None, False),
        ]
    )
    assert [each.url for each in frontier.lease("a", 9, NOW)] == ["https://a.example/1"]
    assert not frontier.is_new(lead(0, NOW))
    assert frontier.is_new(lead(0, LATER))


def test_feeds_and_tdmrep_are_remembered(file: Path) -> None:
    frontier = Frontier(file)
    assert frontier.feed("https://a.example/feed") == FeedState()
    state = FeedState('"x"', "Fri, 04 Aug 2023 12:00:00 GMT", NOW)
    frontier.keep_feed("https://a.example/feed", "a", state, NOW)
    assert frontier.feed("https://a.example/feed") == state
    assert frontier.tdmrep("https://a.example", NOW) is None
    frontier.keep_tdmrep("https://a.example", "", NOW)
    assert frontier.tdmrep("https://a.example", NOW + timedelta(hours=23)) == ""
    assert frontier.tdmrep("https://a.example", NOW + timedelta(hours=25)) is None


def test_kinds_come_back(file: Path) -> None:
    frontier = Frontier(file)
    listing = Lead("https://a.example/list", "a", "outlet", Kind.LISTING)
    frontier.add(listing)
    assert frontier.lease("a", 1, NOW) == [listing]


def test_a_page_behind_a_wall_is_tried_again_after_longer_and_longer_and_then_no_more(file: Path) -> None:
    frontier = Frontier(file)
    frontier.add(lead(0))
    at, tries = NOW, 0
    while leased := frontier.lease("a", 5, at):
        tries += 1
        frontier.behind_a_wall([each.url for each in leased], at)
        assert frontier.lease("a", 5, at + timedelta(hours=23)) == []
        at += timedelta(days=tries)
    assert tries == 5
    frontier.close()
