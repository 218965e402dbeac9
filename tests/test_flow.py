"""The whole flow on the press: two crawls with some days between them, judged by the press's own truth and log."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.http import parse_answer
from archive.model import Outcome
from archive.norm import norm
from archive.records import Found, read_at, walk
from archive.revisits import whole
from crawler.press import play
from crawler.press.proxy import Entry
from crawler.press.truth import Truth, Truths
from crawler.verbs.demo import prepare
from tests.warm import run

OPENS = datetime(2023, 7, 26, tzinfo=UTC)  # the topic's window; what is older is listed and not fetched
ARTICLES = re.compile(r"/journal/[a-z-]+/\d{6}/|/originals/\d{4}/|/depeches/|/dispatches/|/abonnes/|/fr/archives/")


@dataclass(frozen=True)
class Crawled:
    """What the crawls left: the corpus, the press's truth after the last, and each crawl's requests and summary."""

    corpus: Corpus
    truth: Truths
    first: tuple[Entry, ...]
    second: tuple[Entry, ...]
    third: tuple[Entry, ...]
    summaries: tuple[dict[str, Any], ...]
    changed: frozenset[str]

    @property
    def db(self) -> Database:
        return self.corpus.database()


def crawl(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": os.environ["PYTHONPATH"]}
    done = run("crawl", "--corpus", folder, "--json", env={**plain, **environment})
    log = folder / "crawl.log"
    assert done.returncode in (0, 1), done.stderr + (log.read_text() if log.exists() else "")
    assert "Traceback" not in done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (1 if summary["errors"] else 0)
    return summary


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("flow") / "demo"
    prepare(folder)
    with play() as press:
        environment = press.environment()
        summaries = [crawl(folder, environment)]
        first = press.log
        before = {each.url: each for each in press.truth().articles}
        press.tick()
        summaries.append(crawl(folder, environment))
        second = press.log[len(first) :]
        summaries.append(crawl(folder, environment))
        third = press.log[len(first) + len(second) :]
        truth = press.truth()
        changed = frozenset(each.url for each in truth.articles if before.get(each.url) != each)
        yield Crawled(Corpus(folder), truth, first, second, third, tuple(summaries), changed)


def test_robots_txt_is_the_first_request_at_every_host(crawled: Crawled) -> None:
    for requests in (crawled.first, crawled.second, crawled.third):
        seen: set[tuple[str, str]] = set()
        for entry in requests:
            parts = urlsplit(entry.url)
            origin = (parts.scheme, parts.netloc)
            assert origin in seen or parts.path == "/robots.txt", entry.url
            seen.add(origin)


def test_one_request_at_a_time_per_host_under_an_honest_name(crawled: Crawled) -> None:
    for entry in crawled.first + crawled.second:
        assert entry.in_flight == 1, entry
        assert entry.user_agent.startswith("hemeroteca/")
        assert "hemeroteca.example" in entry.user_agent


def test_the_second_crawl_asks_for_announcements_and_for_what_is_new_or_changed(crawled: Crawled) -> None:
    articles = {entry.url for entry in crawled.second if ARTICLES.search(entry.url)}
    assert articles
    announced = {entry.url for entry in crawled.second} - articles
    assert all(
        re.search(r"robots\.txt|sitemap|feed|rss|atom|/archives/|/en/english|/journal/[a-z-]+(\?|$)", url)
        for url in announced
    ), announced
    assert articles <= crawled.changed


def test_a_crawl_of_unchanged_newspapers_asks_for_no_article(crawled: Crawled) -> None:
    assert [entry.url for entry in crawled.third if ARTICLES.search(entry.url)] == []
    assert {entry.status for entry in crawled.third if "robots" not in entry.url} <= {304, 200, 301}
    # The listing of a month that was over when it was read has nothing new to say; an empty one may be a fault.
    empty = {
        row["url"] for row in crawled.db.query("SELECT url FROM leads WHERE kind = 'listing' AND outcome = 'empty'")
    }
    assert {entry.url for entry in crawled.third if "/archives/" in entry.url} <= empty


def test_no_page_is_asked_for_twice_in_one_crawl(crawled: Crawled) -> None:
    for requests in (crawled.first, crawled.second):
        asked = [entry.url for entry in requests if entry.status < 500]
        assert sorted(set(asked)) == sorted(asked)


def test_other_tools_accept_every_warc_file(crawled: Crawled) -> None:
    files = crawled.corpus.warc_files()
    assert len(files) == 3
    for file in files:
        assert file.name.endswith(".warc.gz")
        checked = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        with file.open("rb") as stream:
            theirs = [record.record_id for record in ArchiveIterator(stream, parse_http=False)]
        ours = [found.record.record_id for found in walk(file) if isinstance(found, Found)]
        assert [each.strip("<>") for each in ours] == [each.strip("<>") for each in theirs]


def test_every_row_leads_to_its_record_and_digest(crawled: Crawled) -> None:
    rows = list(crawled.db.query("SELECT * FROM captures"))
    assert len(rows) == len(crawled.first) + len(crawled.second) + len(crawled.third)
    for row in rows:
        record = read_at(crawled.corpus.folder / row["warc_file"], row["warc_offset"])
        assert record.record_id == row["record_id"]
        assert record.target_uri == row["url"]
        assert record.digest_problem() is None
        assert row["fidelity"] == "exact"
        assert sha256(record.block).hexdigest() == row["block_sha256"]
        block = record.block
        if row["revisit_of"] and row["status"] == 200:
            earlier = next(each for each in rows if each["record_id"] == row["revisit_of"])
            block = whole(record, read_at(crawled.corpus.folder / earlier["warc_file"], earlier["warc_offset"]))
        if row["status"] == 304:
            assert row["payload_sha256"] is None
            continue
        assert parse_answer(block, truncated=record.truncated).payload_sha256 == row["payload_sha256"]
    assert any(row["revisit_of"] and row["status"] == 200 for row in rows)
    assert any(row["revisit_of"] and row["status"] == 304 for row in rows)


def test_every_request_ends_in_one_row_of_the_closed_list(crawled: Crawled) -> None:
    asked = {entry.url for entry in crawled.first + crawled.second + crawled.third}
    rows = {row["url"]: row for row in crawled.db.query("SELECT * FROM leads")}
    assert asked <= rows.keys()
    for url, row in rows.items():
        assert row["outcome"] in set(Outcome), (url, row["outcome"])
        if row["outcome"] not in ("ok", "not_modified", "redirected"):
            assert row["reason"], url


def test_the_outcomes_are_those_that_the_press_expects(crawled: Crawled) -> None:
    rows = {row["url"]: row for row in crawled.db.query("SELECT url, outcome, reason FROM leads")}
    wrong = {
        url: (expected, rows[url]["outcome"], rows[url]["reason"])
        for url, expected in crawled.truth.outcomes.items()
        if rows[url]["outcome"] != expected and "outside the window" not in (rows[url]["reason"] or "")
    }
    assert wrong == {}


def test_rebuild_gives_the_same_rows(crawled: Crawled, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(crawled.corpus.folder, folder)
    before = dump(Corpus(folder).database())
    (folder / "corpus.db").unlink()
    run("rebuild", "--corpus", folder).check_returncode()
    after = dump(Corpus(folder).database())
    assert before.keys() == after.keys()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert {"articles", "leads", "runs", "match_spans", "kin"} <= {table for table, rows in after.items() if rows}


def dump(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows, in order; the bookkeeping of migrations and of the search index left out."""
    names = [name for name in db.table_names() if not name.startswith(("_", "articles_fts", "sqlite_"))]
    return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def rows_of(crawled: Crawled) -> list[tuple[Truth, dict[str, Any]]]:
    rows = {row["url"]: row for row in crawled.db.query("SELECT * FROM articles")}
    due = [truth for truth in crawled.truth.articles if truth.published >= OPENS]
    assert [truth.url for truth in due if truth.url not in rows] == []
    assert len(due) > 100
    return [(truth, rows[truth.url]) for truth in due]


@pytest.mark.parametrize("field", ["title", "standfirst", "kicker", "dateline", "language", "access", "complete"])
def test_fields_are_as_the_press_printed_them(crawled: Crawled, field: str) -> None:
    wrong = {
        truth.url: (getattr(truth, field), row[field])
        for truth, row in rows_of(crawled)
        if (getattr(truth, field) or None) != row[field]
    }
    assert wrong == {}


@pytest.mark.parametrize("field", ["published", "modified"])
def test_times_are_as_the_press_printed_them(crawled: Crawled, field: str) -> None:
    from archive.times import stamp

    wrong = {
        truth.url: (getattr(truth, field), row[f"{field}_at"])
        for truth, row in rows_of(crawled)
        if stamp(getattr(truth, field)) != row[f"{field}_at"]
    }
    assert wrong == {}


def test_texts_are_what_an_anonymous_reader_gets(crawled: Crawled) -> None:
    wrong = {
        truth.url: row["text"]
        for truth, row in rows_of(crawled)
        if "\n\n".join(truth.paragraphs).split() != (row["text"] or "").split()
    }
    assert wrong == {}


def test_bylines_and_credits(crawled: Crawled) -> None:
    db = crawled.db
    for truth, row in rows_of(crawled):
        names = [each["name"] for each in db.query("SELECT name FROM authors WHERE article_id = ?", [row["id"]])]
        assert names == list(truth.authors), truth.url
        images = list(db.query("SELECT * FROM images WHERE article_id = ? AND caption IS NOT NULL", [row["id"]]))
        assert [each["caption"] for each in images] == ([truth.caption] if truth.caption else []), truth.url
        for image in images:
            for field in ("photographer", "agency", "distributor"):
                assert image[field] == getattr(truth, field), (truth.url, field)
        said = [
            each["source"]
            for each in db.query(
                "SELECT source FROM attributions WHERE article_id = ? AND relation = 'read_more'", [row["id"]]
            )
        ]
        assert said == ([truth.reports] if truth.reports else []), truth.url


def test_the_topic_is_matched_without_an_exception(crawled: Crawled) -> None:
    decisions = {
        row["url"]: row["decision"]
        for row in crawled.db.query("SELECT url, decision FROM matches JOIN articles ON id = article_id")
    }
    wrong = {
        truth.url: (truth.on_topic, decisions.get(truth.url))
        for truth in crawled.truth.articles
        if truth.on_topic != (decisions.get(truth.url) == "match")
    }
    assert wrong == {}
    kept = {row["url"] for row in crawled.db.query("SELECT url FROM articles WHERE kept = 1")}
    assert kept >= {truth.url for truth in crawled.truth.articles if truth.on_topic}


def test_spans_point_at_the_words_that_matched(crawled: Crawled) -> None:
    spans = list(
        crawled.db.query(
            "SELECT s.*, a.title, a.standfirst, a.text FROM match_spans s JOIN articles a ON a.id = s.article_id"
        )
    )
    assert len(spans) > 100
    for span in spans:
        words = span[span["field"]][span["start"] : span["end"]]
        first = norm(span["term"]).split()[0].rstrip("*")
        assert first in norm(words), span


def test_edits_that_a_reader_can_see_are_revisions(crawled: Crawled) -> None:
    # An edit that was made before the first crawl cannot be seen, and a silent one is announced by nobody.
    for truth, row in rows_of(crawled):
        assert row["revision_count"] in (1, 2)
        if truth.url not in crawled.changed:
            assert row["revision_count"] == 1, truth.url
    revised = {row["url"] for _, row in rows_of(crawled) if row["revision_count"] == 2}
    assert revised
    asked = {entry.url for entry in crawled.second if ARTICLES.search(entry.url)}
    assert revised <= asked


def test_copies_of_agency_stories_are_found(crawled: Crawled) -> None:
    urls = dict(crawled.db.execute("SELECT id, url FROM articles").fetchall())
    pairs = {
        frozenset((urls[row["article_id"]], urls[row["other_id"]]))
        for row in crawled.db.query("SELECT * FROM kin WHERE relation IN ('copy', 'excerpt')")
    }
    wanted = {
        frozenset((truth.url, truth.copied_from))
        for truth in crawled.truth.articles
        if truth.copied_from and truth.on_topic
    }
    assert wanted
    assert pairs == wanted


def test_the_summary_tells_what_happened(crawled: Crawled) -> None:
    first, second, third = crawled.summaries
    assert [each["outlet"] for each in first["outlets"]] == ["mediapart", "almonitor", "fleuve"]
    on_topic = sum(truth.on_topic for truth in crawled.truth.articles)
    assert sum(each["matched"] for summary in crawled.summaries for each in summary["outlets"]) >= on_topic
    assert sum(each["revised"] for each in second["outlets"]) >= 1
    assert sum(each["fetched"] for each in third["outlets"]) == 0
    for outlet in first["outlets"]:
        assert outlet["listed"] > 0
        for outcome in outlet["outcomes"]:
            assert outcome in set(Outcome)


def test_nobody_is_left_waiting_and_nothing_open(crawled: Crawled) -> None:
    folder = crawled.corpus.folder
    assert list(folder.rglob("*.open")) == []
    state = Database(str(folder / "state.db"))
    waiting = state.execute("SELECT not_before FROM frontier WHERE state IN ('new', 'leased')").fetchall()
    assert len(waiting) <= 3  # an error of the server, two walls: later runs try again
    assert all(until for (until,) in waiting)
    log = folder / "crawl.log"
    assert "Traceback" not in (log.read_text() if log.exists() else "")
