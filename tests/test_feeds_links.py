"""Links that lead nowhere: entries without any, to the document itself, and times that nobody can believe."""

from datetime import UTC, datetime, timedelta

from archive.model import Lead
from crawler.admission import believable
from spiders.kit.outlet import Sitemap
from tests.gazette_feed import HEAD, TAIL, item, numbers, read

NOW = datetime(2023, 8, 4, 12, tzinfo=UTC)


def test_entries_without_a_link_are_never_no_news() -> None:
    finding = read(
        HEAD + '<item><title>Sound</title><enclosure url="https://www.gazette.example/a.mp3"/></item>' + TAIL
    )
    assert (finding.leads, finding.problem) == ((), "none of its 1 entries has a link of its own")
    assert read(HEAD + "<item><title>Sound</title></item>" + item(1) + TAIL).problem is None


def test_a_link_to_the_document_itself_is_none() -> None:
    links = ("#top", "", "https://www.gazette.example/feed", "/feed?utm_source=feed")
    finding = read(HEAD + "".join(f"<item><link>{link}</link></item>" for link in links) + item(1) + TAIL)
    assert numbers(finding) == ["1"]
    assert (finding.problem, finding.refused) == (None, ())


def test_lines_of_a_text_sitemap_that_are_no_addresses_are_told() -> None:
    document = "https://www.gazette.example/journal/1\nnot an address\n\n/journal/2\n"
    finding = read(document, Sitemap("https://www.gazette.example/sitemap.txt"))
    assert numbers(finding) == ["1"]
    assert finding.notes == ("2 lines are no addresses",)


def leads(*changes: datetime | None) -> list[Lead]:
    return [Lead(f"https://www.gazette.example/{n}", "gazette", "s", modified_at=at) for n, at in enumerate(changes)]


def test_a_time_in_the_future_is_unknown() -> None:
    far, near = NOW + timedelta(days=400), NOW + timedelta(days=2)
    (lead,) = believable([Lead("https://www.gazette.example/1", "gazette", "s", published_at=far)], NOW)
    assert lead.published_at is None
    assert [lead.modified_at for lead in believable(leads(far, near, None), NOW)] == [None, near, None]


def test_changes_that_are_all_of_this_moment_are_the_sitemaps_own() -> None:
    asked = [NOW - timedelta(seconds=each) for each in range(30)]
    assert {lead.modified_at for lead in believable(leads(*asked), NOW)} == {None}
    kept = [NOW - timedelta(minutes=each) for each in range(30)]
    assert [lead.modified_at for lead in believable(leads(*kept), NOW)] == kept
    old = [each - timedelta(days=3) for each in asked]
    assert [lead.modified_at for lead in believable(leads(*old), NOW)] == old
    assert [lead.modified_at for lead in believable(leads(*asked[:5]), NOW)] == asked[:5]
