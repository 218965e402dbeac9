"""A small corpus with everything in it that a verification looks at, made by hand: two series, coded and chunked
bodies, a revisit, an answer that was cut, two revisions of an article, two runs, a journal."""

import gzip
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from archive.corpus import Corpus
from archive.custody import Account, verify
from archive.drafts import Earlier, Wire, exchange, metadata, request, response, same_payload
from archive.http import Answer
from archive.model import Article, Author, Block, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, Decision, LeadsNote, OutletNote, RunNote, pack
from archive.rebuild import Readers, one_by_one, rebuild
from archive.recovery import index_closed, journal_closed, journal_head
from archive.times import stamp
from archive.warc import Series, Written
from crawler.verbs.init import make

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)
AGENT = "hemeroteca/0.1.0 (+https://archive.example/)"
WIRE = Wire("192.0.2.7", ("http/1.1", "tls/1.3"), "TLS_AES_256_GCM_SHA384")
SITE = "https://a.example"


def read(answer: Answer, url: str, at: datetime, outlet: str | None, kind: Kind) -> Reading:
    """The first line is the title, the rest the text."""
    if answer.problem is not None:
        return Reading(answer.problem, answer.problem_reason)
    if kind is not Kind.ARTICLE:
        return Reading(Outcome.OK)
    title, _, text = answer.body.decode().partition("\n")
    blocks = tuple(Block("paragraph", each) for each in text.split("\n"))
    article = Article(
        url, outlet, title=title, published=AT, language="fr", blocks=blocks, authors=(Author("Aïssa Maïga"),)
    )
    return Reading(Outcome.OK, None, article)


def readers(corpus: Corpus) -> Readers:
    return one_by_one(read, corpus.folder)


class Press:
    """Writes exchanges as a crawl does, at times of its own."""

    def __init__(self, corpus: Corpus, run: str, at: datetime, *, site: str = SITE, outlet: str = "a") -> None:
        self.corpus, self.run, self.at, self.seq = corpus, run, at, 0
        self.site, self.outlet = site, outlet
        self.public, self.private = self._series(corpus.warc_folder), self._series(corpus.private_folder)
        note = OutletNote(outlet, "A newspaper", f"{site}/", ("fr",), ((f"{site}/feed", "feed"),))
        self.tell(
            RunNote(
                run,
                started_at=stamp(at),
                command="crawl",
                software="hemeroteca/0.1.0",
                user_agent=AGENT,
                outlets=(note,),
            )
        )

    def _series(self, folder: Path) -> Series:
        return Series(
            folder,
            info={"software": "hemeroteca/0.1.0 warcio/1.8.1", "http-header-user-agent": AGENT},
            now=lambda: self.at,
            head=lambda: journal_head(self.corpus),
            closing=lambda closed: journal_closed(self.corpus, closed, self.at),
        )

    def tell(self, note: RunNote | LeadsNote) -> None:
        self.seq += 1
        self.public.write([metadata(self.at, pack(replace(note, seq=self.seq)), url="urn:run")])

    def answer(
        self,
        path: str,
        body: bytes,
        *fields: str,
        kind: Kind = Kind.ARTICLE,
        session: str = "anonymous",
        truncated: str | None = None,
        length: int | None = None,
        again: Written | None = None,
    ) -> Written:
        """Records an exchange; `again`: the earlier record that has the same payload."""
        self.seq, self.at = self.seq + 1, self.at + timedelta(seconds=2, microseconds=17)
        url = self.site + path
        head = ["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", *fields]
        if not any("chunked" in each for each in fields):
            head.append(f"Content-Length: {len(body) if length is None else length}")
        block = "\r\n".join([*head, "", ""]).encode() + body
        if again is None:
            draft = response(url, self.at, block, wire=WIRE, truncated=truncated)
        else:
            draft = same_payload(url, self.at, block, earlier=Earlier(again.record_id, url, AT), wire=WIRE)
        note = CaptureNote(
            self.run,
            self.outlet,
            kind,
            Lead(url, self.outlet, f"{self.site}/feed", kind, title="announced"),
            session=session,
            robots="allowed",
            fidelity="exact",
            same_as=again.pointer if again else None,
            seq=self.seq,
        )
        asked = request(
            url, self.at, f"GET {path} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode(), concurrent_to=draft.record_id
        )
        said = metadata(self.at, pack(note), url=url, concurrent_to=draft.record_id)
        series = self.public if session == "anonymous" else self.private
        return series.write(exchange(said, asked, draft))[-1]

    def skip(self, path: str) -> None:
        lead = Lead(SITE + path, "a", f"{SITE}/feed", title="Old")
        decision = Decision(lead, Outcome.SKIPPED, "outside the window")
        self.tell(LeadsNote(self.run, stamp(self.at) or "", (decision,)))

    def end(self) -> None:
        self.tell(RunNote(self.run, ended_at=stamp(self.at), reason="finished"))
        self.public.close()
        self.private.close()


def chunked(body: bytes, size: int = 40) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def build(folder: Path) -> Corpus:
    """The corpus, with its rows."""
    make(folder, contact="https://archive.example/", title="A test", outlets=("mediapart",), topic=False)
    corpus = Corpus(folder)
    first = Press(corpus, "20230804T120000Z-aaaa", AT)
    first.answer("/feed", b"<rss/>", kind=Kind.FEED)
    story = ("Le sommet de Niamey\n" + "Les chefs d’État se réunissent. " * 30).encode()
    one = first.answer("/1", story)
    first.answer("/2", gzip.compress(story.replace(b"Niamey", b"Zinder"), mtime=0), "Content-Encoding: gzip")
    first.answer("/3", chunked(story.replace(b"Niamey", b"Agadez")), "Transfer-Encoding: chunked")
    first.answer("/4", story[:100], truncated="disconnect", length=len(story))
    first.answer("/abonnes/5", story.replace(b"Niamey", b"Dosso"), session="mediapart")
    first.skip("/old")
    first.end()
    second = Press(corpus, "20230805T120000Z-bbbb", AT + timedelta(days=1))
    second.answer("/1", story, again=one)
    second.answer("/2", story.replace(b"Niamey", b"Zinder, la suite"))
    second.answer("/6", b"Une page vide\nRien.")
    second.end()
    index_closed(corpus)
    rebuild(corpus, readers(corpus))
    return corpus


def copied(corpus: Corpus, folder: Path) -> Corpus:
    shutil.copytree(corpus.folder, folder)
    return Corpus(folder)


def proved(corpus: Corpus, *, quick: bool = False) -> Account:
    return verify(corpus, readers(corpus), quick=quick)


def faults(account: Account) -> list[str]:
    return [f"{each.part} {each.place}: {each.what}" for each in account.findings if each.fault]


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file with its checksum and time of change."""
    return {
        path.relative_to(folder).as_posix(): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def named(account: Account, words: Iterable[str]) -> bool:
    """Whether some fault names all of these."""
    return any(all(word in line for word in words) for line in faults(account))
