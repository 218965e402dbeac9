"""A small corpus for the tests of taking down: invented pages in real WARC files, with and without a login.

Each page has a first and a last marker word, so that a word that is left anywhere shows. Every text is made up.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard

from archive.corpus import Corpus
from archive.drafts import Draft, Earlier, exchange, metadata, request, response, same_payload
from archive.http import Answer
from archive.model import Article, Block, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, Decision, LeadsNote, RunNote, pack
from archive.rebuild import one_by_one, rebuild
from archive.recovery import journal_closed, journal_head
from archive.warc import Series, Written
from crawler.verbs.init import make

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)
DOWN = datetime(2023, 9, 1, 9, tzinfo=UTC)
RUN = "20230804T120000Z-ab12"
HOME = "https://gazette.example"
FEED = f"{HOME}/feed.xml"
REASON = "asked for by the court of Kolonda"
STABLE = "4711"
# What stands in the article that is taken down, and nowhere else; the headline is in the feed, too
MARKERS = ("zeppelinfirst", "quokkalast", "Xylophonist", "wombatcaption", "oldversionword", "privateword")
HEADLINE, SUMMARY = "Marmaladegate at the ferry", "A jamboree of jam"


def page(title: str, text: str, *, number: str = "") -> bytes:
    return f"<html><!--{number}--><h1>{title}</h1><p>{text}</p></html>".encode()


def read(answer: Answer, url: str, at: datetime, outlet: str | None, kind: Kind) -> Reading:
    """A reader of the pages above."""
    if answer.status in (301, 302, 404):
        return Reading(Outcome.REDIRECTED if answer.status != 404 else Outcome.HTTP_ERROR, "no page")
    if kind is not Kind.ARTICLE:
        return Reading(Outcome.OK)
    html = answer.body.decode()
    number, _, rest = html.partition("<!--")[2].partition("--><h1>")
    title, _, rest = rest.partition("</h1><p>")
    text = rest.removesuffix("</p></html>")
    article = Article(url, outlet, title=title, blocks=(Block("paragraph", text),), stable_id=number or None)
    return Reading(Outcome.OK, None, article)


@dataclass
class Press:
    """Writes exchanges into the two series of a corpus, one second after the other."""

    corpus: Corpus
    run_id: str = RUN
    began: datetime = AT
    seq: int = 0

    def __post_init__(self) -> None:
        self.public, self.private = self._series(self.corpus.warc_folder), self._series(self.corpus.private_folder)

    def _series(self, folder: Path) -> Series:
        return Series(
            folder,
            info={"software": "hemeroteca/0.1.0"},
            now=lambda: self.began,
            head=lambda: journal_head(self.corpus),
            closing=lambda closed: journal_closed(self.corpus, closed, self.began),
        )

    def ask(
        self,
        path: str,
        body: bytes,
        *,
        kind: Kind = Kind.ARTICLE,
        title: str | None = None,
        summary: str | None = None,
        session: str = "anonymous",
        status: str = "200 OK",
        fields: str = "",
        earlier: Written | None = None,
    ) -> Written:
        """Note, request and answer; `earlier`: the capture that holds the same payload."""
        self.seq += 1
        at, url = self.began + timedelta(seconds=self.seq), HOME + path
        block = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body
        answer: Draft = response(url, at, block)
        same_as = None
        if earlier is not None:
            answer = same_payload(url, at, block, earlier=Earlier(earlier.record_id, url, at))
            same_as = earlier.pointer
        note = CaptureNote(
            self.run_id,
            "gazette",
            kind,
            Lead(url, "gazette", FEED, kind, title=title, summary=summary),
            session=session,
            robots="allowed",
            fidelity="exact",
            same_as=same_as,
            seq=self.seq,
        )
        asked = request(url, at, f"GET {path} HTTP/1.1\r\n\r\n".encode(), concurrent_to=answer.record_id)
        said = metadata(at, pack(note), url=url, concurrent_to=answer.record_id)
        series = self.public if session == "anonymous" else self.private
        return series.write(exchange(said, asked, answer))[-1]

    def tell(self, note: LeadsNote | RunNote) -> None:
        self.seq += 1
        self.public.write([metadata(self.began, pack(replace(note, seq=self.seq)), url=FEED)])

    def close(self) -> None:
        self.public.close()
        self.private.close()


def build(folder: Path) -> Corpus:
    """Two runs: an article with a redirect to it, two versions, a repetition and a private capture; and others."""
    make(folder, contact="https://archive.example/", title="Gazette", outlets=(), topic=False)
    corpus = Corpus(folder)
    first = Press(corpus)
    first.tell(RunNote(RUN, started_at="2023-08-04T12:00:00Z", command="hemeroteca crawl"))
    feed = f"<rss>{HEADLINE}: {SUMMARY}</rss>".encode()
    first.ask("/feed.xml", feed, kind=Kind.FEED)
    listed = {"jam": HEADLINE, "bac": "The ferry"}
    leads = [Lead(f"{HOME}/{name}", "gazette", FEED, title=title) for name, title in listed.items()]
    first.tell(LeadsNote(RUN, "2023-08-04T12:00:03Z", tuple(Decision(each) for each in leads)))
    first.ask("/bac", page("The ferry", "The night ferry has doubled its fare. " * 30))
    first.ask("/short", b"", title=HEADLINE, summary=SUMMARY, status="301 Moved", fields=f"Location: {HOME}/jam\r\n")
    first.ask("/jam", page(HEADLINE, f"oldversionword {jam()}", number=STABLE), title=HEADLINE, summary=SUMMARY)
    first.ask("/pont", page("The bridge", "The bridge at Kolonda has been shut since Wednesday. " * 30))
    first.tell(RunNote(RUN, ended_at="2023-08-04T13:00:00Z", reason="finished"))
    first.close()
    second = Press(corpus, "20230805T120000Z-cd34", AT + timedelta(days=1))
    second.tell(RunNote(second.run_id, started_at="2023-08-05T12:00:00Z"))
    second.ask("/jam", page(HEADLINE, f"{jam()} privateword", number=STABLE), session="gazette", title=HEADLINE)
    whole = second.ask("/jam", page(HEADLINE, jam(), number=STABLE), title=HEADLINE)
    second.ask("/jam", page(HEADLINE, jam(), number=STABLE), title=HEADLINE, earlier=whole)
    second.ask("/copy", page("A copy", f"{jam(marked=False)}"))
    second.ask("/gate", page("The gate", "Behind the gate. " * 20), session="gazette")
    second.tell(RunNote(second.run_id, ended_at="2023-08-05T13:00:00Z", reason="finished"))
    second.close()
    rebuild_rows(corpus)
    return corpus


def jam(*, marked: bool = True) -> str:
    first, last, name, caption = MARKERS[:4] if marked else ("", "", "", "")
    middle = " ".join(f"On day {n} the invented ferry carried {n * 7} jars of jam to Kolonda." for n in range(40))
    return f"{first} {name} {middle} {caption} {last}"


def rebuild_rows(corpus: Corpus) -> None:
    rebuild(corpus, one_by_one(read, corpus.folder))


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by name; WARC files and exports unpacked member by member, damage and all."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = data + b"".join(_unpacked(path, data))
    return found


def _unpacked(path: Path, data: bytes) -> Iterator[bytes]:
    if path.suffix == ".zst":
        yield zstandard.ZstdDecompressor().stream_reader(data).read()
    while data.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(zlib.MAX_WBITS + 16)
        yield stream.decompress(data)
        data = stream.unused_data


def with_words(folder: Path, *words: str) -> dict[str, list[str]]:
    """Which of the words stand in which file, whatever their case."""
    found = {}
    for name, data in everything(folder).items():
        low = data.lower()
        if here := [word for word in words if word.lower().encode() in low]:
            found[name] = here
    return found


def dump(corpus: Corpus) -> dict[str, Any]:
    """Every table's rows; the numbers of the search copy, which nobody sees, left out."""
    db = corpus.database()
    names = [name for name in db.table_names() if not name.startswith(("_", "articles_fts", "sqlite_"))]
    rows = {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    numberless = "SELECT article_id, title, standfirst, text FROM articles_norm ORDER BY article_id"
    rows["articles_norm"] = db.execute(numberless).fetchall()
    db.close()
    return rows


def sums(corpus: Corpus) -> dict[str, str]:
    return {corpus.name_of(path): sha256(path.read_bytes()).hexdigest() for path in corpus.warc_files()}
