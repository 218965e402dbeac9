"""Rows come about in the order of runs and of the notes in them, whatever the files are called."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.intake import Group, Reader
from archive.model import Article, Block, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, pack
from archive.rebuild import going_on, one_by_one, rebuild
from archive.warc import Series

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)
READER: Reader = lambda answer, url, at, outlet, kind: Reading(  # noqa: E731
    Outcome.OK, None, Article(url, "a", title=url[-1], blocks=(Block("paragraph", answer.body.decode()),))
)


class Writing:
    """A run that writes its series side by side, as a crawl with a login does."""

    def __init__(self, corpus: Corpus, run: str, at: datetime, **more: Any) -> None:
        self.run, self.at, self.seq = run, at, 0
        self.series = {
            session: Series(folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: at, **more)
            for session, folder in (("anonymous", corpus.warc_folder), ("login", corpus.private_folder))
        }

    def page(self, path: str, body: str, session: str = "anonymous") -> None:
        self.seq += 1
        url = f"https://a.example/{path}"
        # All asked for at one time: the dates of records say nothing of their order
        answer = response(url, self.at, f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        note = CaptureNote(self.run, "a", Kind.ARTICLE, Lead(url, "a", "feed"), session=session, seq=self.seq)
        self.series[session].write([metadata(self.at, pack(note), url=url, concurrent_to=answer.record_id), answer])

    def close(self) -> None:
        for each in self.series.values():
            each.close()


def history(corpus: Corpus) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = (
        corpus.database().execute("SELECT article_id, n, text FROM revisions ORDER BY article_id, n").fetchall()
    )
    return found


def fill(corpus: Corpus, **more: Any) -> None:
    first = Writing(corpus, "20230804T120000Z-aaaa", AT, **more)
    for number in range(8):
        first.page("1", f"state {number}", "login" if number % 3 == 1 else "anonymous")
        first.page("2", f"other {number}")
    first.close()
    second = Writing(corpus, "20230805T120000Z-bbbb", AT + timedelta(days=1))
    second.page("1", "state 8", "login")
    second.page("1", "state 9")
    second.close()


def test_two_series_of_one_run_are_read_in_the_order_in_which_they_were_written(corpus: Corpus) -> None:
    fill(corpus)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert [text for article, _, text in history(corpus) if article == "a-1"] == [f"state {n}" for n in range(10)]
    rows = corpus.database().execute("SELECT warc_file, session FROM captures").fetchall()
    assert {(row[0].split("/")[0], row[1]) for row in rows} == {("warc", "anonymous"), ("warc-private", "login")}


@pytest.mark.parametrize("seed", range(4))
def test_the_names_of_files_do_not_matter(corpus: Corpus, seed: int) -> None:
    fill(corpus, max_bytes=1_000)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    before = history(corpus)
    files = corpus.warc_files()
    assert len(files) > 4
    names = [path.name for path in files]
    random.Random(seed).shuffle(names)  # noqa: S311
    for number, path in enumerate(files):
        path.rename(path.with_name(f"moved-{number}.warc.gz"))
    for number, (path, name) in enumerate(zip(files, names, strict=True)):
        path.with_name(f"moved-{number}.warc.gz").rename(path.with_name(f"{seed}-{number}-{name}"))
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert history(corpus) == before


def test_a_rebuild_that_was_stopped_is_gone_on_with(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.rebuild.BATCH", 3)
    fill(corpus)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    before = history(corpus)
    read: list[str] = []

    class Stopped(Exception):
        pass

    def stopping(answer: Any, url: str, at: datetime, outlet: str | None, kind: Kind) -> Reading:
        if len(read) == 10:
            raise Stopped
        read.append(url)
        return READER(answer, url, at, outlet, kind)

    with pytest.raises(Stopped):
        rebuild(corpus, one_by_one(stopping, corpus.folder))
    assert going_on(corpus)
    assert history(corpus) == before  # the old one stays
    again: list[Group] = []

    def counting(answer: Any, url: str, at: datetime, outlet: str | None, kind: Kind) -> Reading:
        again.append(url)
        return READER(answer, url, at, outlet, kind)

    rebuild(corpus, one_by_one(counting, corpus.folder))
    assert history(corpus) == before
    assert len(again) == 18 - 9  # nine were committed
    assert not going_on(corpus)


def test_a_rebuild_that_was_stopped_begins_anew_where_a_topic_has_changed(corpus: Corpus) -> None:
    fill(corpus)

    def stopping(*_: Any) -> Reading:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuild(corpus, one_by_one(stopping, corpus.folder))
    assert going_on(corpus)
    (corpus.outlets_folder).mkdir(exist_ok=True)
    (corpus.outlets_folder / "b.toml").write_text("# changed\n")
    assert not going_on(corpus)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert len(history(corpus)) == 18


def test_a_file_that_is_no_warc_is_named_and_the_rest_is_read(corpus: Corpus, tmp_path: Path) -> None:
    fill(corpus)
    (corpus.warc_folder / "zero.warc.gz").touch()
    (corpus.warc_folder / "text.warc.gz").write_text("this is no WARC")
    (corpus.warc_folder / "notes.txt").write_text("nothing to do with it")
    (corpus.warc_folder / "folder.warc.gz").mkdir()
    caught = rebuild(corpus, one_by_one(READER, corpus.folder))
    assert len(history(corpus)) == 18
    assert [line.split("@")[0].split(":")[0] for line in caught.damage] == ["warc/text.warc.gz"]
