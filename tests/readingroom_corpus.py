"""A small corpus for the tests of the reading room: invented articles in a real WARC, indexed as by a crawl.

Every text and name in it is made up.
"""

from datetime import UTC, datetime
from pathlib import Path

from archive.corpus import Corpus
from archive.drafts import response
from archive.index import Index
from archive.intake import Rights, Taken
from archive.kinship import relate
from archive.model import Article, Capture, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, Decision, LeadsNote, OutletNote, RunNote
from archive.stats import count
from archive.warc import Series
from tests.readingroom_articles import articles

RUN = "20230930T080000Z"
OUTLETS = {
    "rivage": ("Le Rivage", "https://rivage.example/", ("fr",)),
    "meridian": ("The Meridian", "https://meridian.example/", ("en", "ar")),
    "fleuve": ("Agence du Fleuve", "https://fleuve.example/", ("fr",)),
}
TOPIC = """\
schema = 1
id = "bridge-2023"
title = "The bridge of Kolonda, 2023"
description = "The closing of an invented bridge over an invented river, and what came after."

[window]
from = 2023-01-01
to = 2023-12-31

[rule]
require = ["place", "event"]

[concepts.place]
en = ["Kolonda"]
fr = ["Kolonda"]
ar = ["كولوندا"]

[concepts.event]
en = ["bridge", "closing", "toll*"]
fr = ["pont", "fermeture", "péage*"]
ar = ["الجسر", "إغلاق"]
"""


def build(folder: Path) -> Corpus:
    """Three outlets, months with a gap between, a copy, an edit, a paywall, three languages, hostile text."""
    corpus = empty(folder, topic=True)
    writer = _Recorder(corpus)
    db = corpus.database()
    index = Index(db, corpus.topics())
    index.apply(
        RunNote(
            RUN,
            "2023-09-30T08:00:00Z",
            command="hemeroteca crawl",
            software="hemeroteca 0.1",
            user_agent="hemeroteca/0.1 (+https://archive.example/)",
            outlets=tuple(
                OutletNote(name, title, home, languages, ((f"{home}feed.xml", "feed"),))
                for name, (title, home, languages) in OUTLETS.items()
            ),
        )
    )
    for article, seen, outcome, html in articles():
        index.apply(writer.taken(article, seen, outcome, html))
    index.apply(_refused())
    index.apply(
        RunNote(RUN, "2023-09-30T08:00:00Z", ended_at="2023-09-30T08:20:00Z"),
    )
    index.commit()
    closed = writer.series.close()
    assert closed
    db.execute("INSERT INTO warcs (file, bytes, sha256) VALUES (?, ?, ?)", [closed.file, closed.bytes, closed.sha256])
    relate(db)
    count(db)
    db.close()
    return corpus


def empty(folder: Path, *, topic: bool = False) -> Corpus:
    """A corpus directory in which nothing has happened yet."""
    (folder / "topics").mkdir(parents=True)
    (folder / "warc").mkdir()
    (folder / "corpus.toml").write_text(
        'title = "Kolonda: an invented corpus"\n'
        'description = "Every newspaper, name and text in it is made up."\n'
        'contact = "https://archive.example/"\n'
        'outlets = ["rivage", "meridian", "fleuve"]\n',
        encoding="utf-8",
    )
    if topic:
        (folder / "topics" / "bridge-2023.toml").write_text(TOPIC, encoding="utf-8")
    return Corpus(folder)


class _Recorder:
    """Writes one response per capture into a WARC file and says where it lies."""

    def __init__(self, corpus: Corpus) -> None:
        self.series = Series(
            corpus.warc_folder, info={"software": "hemeroteca/0.1"}, now=lambda: datetime(2023, 9, 30, 8, tzinfo=UTC)
        )

    def taken(self, article: Article, seen: datetime, outcome: Outcome, html: str) -> Taken:
        body = html.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        (written,) = self.series.write([response(article.url, seen, head.encode() + body)])
        capture = Capture(
            url=article.url,
            outlet=article.outlet,
            fetched_at=seen,
            status=200,
            mime="text/html",
            pointer=written.pointer,
            record_id=written.record_id,
            kind=Kind.ARTICLE,
            final_url=article.url,
            payload_sha256=written.payload_sha256,
            run_id=RUN,
        )
        lead = Lead(
            article.url,
            article.outlet or "",
            f"https://{article.outlet}.example/feed.xml",
            title=article.title,
        )
        note = CaptureNote(RUN, article.outlet or "", Kind.ARTICLE, lead=lead, robots="allowed")
        rights = Rights(
            robots="allowed",
            robots_rule="Allow: /",
            tdm_reservation="1" if article.outlet == "rivage" else None,
            tdm_policy="https://rivage.example/tdm" if article.outlet == "rivage" else None,
            tdm_source="file" if article.outlet == "rivage" else None,
        )
        return Taken(capture, rights, note, Reading(outcome, None, article))


def _refused() -> LeadsNote:
    def lead(name: str, title: str) -> Lead:
        return Lead(f"https://rivage.example/{name}", "rivage", "https://rivage.example/feed.xml", title=title)

    decisions = (
        Decision(
            lead("recette", "La soupe de poisson"),
            Outcome.SKIPPED,
            "no word of the topic in title and summary",
        ),
        Decision(
            lead("regate", "La régate du dimanche"),
            Outcome.SKIPPED,
            "no word of the topic in title and summary",
        ),
        Decision(lead("prive/compte", "Votre compte"), Outcome.BLOCKED_ROBOTS, "Disallow: /prive/"),
        Decision(lead("perdu", "Une page perdue"), Outcome.HTTP_ERROR, "status 503, three times"),
        Decision(Lead("javascript:alert(1)", "rivage", "https://rivage.example/feed.xml", title="<b>x</b>"), None),
    )
    return LeadsNote(RUN, "2023-09-30T08:10:00Z", decisions)
