"""A corpus.db for the tests of releases, written row by row, and what stands in a release of it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from archive.corpus import Corpus

CC = "https://creativecommons.org/licenses/by/4.0/"
CLOSED = "chrysalide"  # stands in every part of a text that may not travel, and nowhere else
OPEN = "albatross"  # stands in texts that may


class Rows:
    """Rows of a corpus.db, written one by one; every text is invented."""

    def __init__(self, corpus: Corpus) -> None:
        self.db = corpus.database()
        self.count = 0

    def put(self, table: str, **values: Any) -> None:
        columns = ", ".join(f'"{name}"' for name in values)
        self.db.conn.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", list(values.values())
        )

    def capture(self, url: str, at: str, *, session: str | None = "anonymous", **said: str) -> str:
        self.count += 1
        name = f"00000000-0000-4000-8000-{self.count:012}"
        folder = "warc-private" if session == "reader" else "warc"
        self.put(
            "captures",
            id=name, url=url, final_url=url, outlet="gazette", fetched_at=at, status=200, mime="text/html",
            warc_file=f"{folder}/2023/08/one.warc.gz", warc_offset=self.count * 100, warc_length=90,
            record_id=f"<urn:uuid:{name}>", kind="article", session=session, run_id="run",
            payload_sha256=hashlib.sha256(name.encode()).hexdigest(),
        )  # fmt: skip
        self.put("rights", capture_id=name, outlet="gazette", **({"robots": "allowed"} | said))
        return name

    def article(
        self,
        name: str,
        *,
        published: str | None = "2023-08-04T07:32:00Z",
        word: str = CLOSED,
        outlet: str = "gazette",
        kept: int = 1,
        capture_id: str | None = None,
        session: str | None = "anonymous",
        language: str = "fr",
        **said: str,
    ) -> str:
        url = f"https://www.example.org/{name}"
        capture_id = capture_id or self.capture(url, "2023-08-05T10:00:00Z", session=session, **said)
        day = published and published[:10]
        text = f"Un premier alinéa avec {word}.\n\nUn second avec {word} encore."
        self.put(
            "articles",
            id=name, outlet=outlet, url=url, title=f"Titre de {name}", standfirst=f"Chapeau {word}",
            language=language, published_at=published, published_day=day, month=day and day[:7], access="free",
            complete="yes", outcome="ok", text=text, word_count=11, first_seen="2023-08-05T10:00:00Z",
            last_seen="2023-08-05T10:00:00Z", revision_count=1, kept=kept, capture_id=capture_id,
            licence=said.get("licence"),
        )  # fmt: skip
        self.put(
            "revisions",
            article_id=name, n=1, capture_id=capture_id, seen_at="2023-08-05T10:00:00Z", title=f"Titre de {name}",
            standfirst=f"Chapeau {word}", text=text, published_at=published, access="free", complete="yes",
        )  # fmt: skip
        self.put("addresses", url=url, article_id=name)
        self.put("authors", article_id=name, position=1, name="Zoé Invention", role="person")
        self.put("authors", article_id=name, position=0, name="Agence inventée", role="agency")
        self.put("tags", article_id=name, position=0, tag="Sahel")
        self.put(
            "images",
            article_id=name, position=0, url=f"{url}.jpg", caption=f"Légende {word}", photographer="Nom inventé",
        )  # fmt: skip
        self.put(
            "links",
            article_id=name,
            position=0,
            url="https://www.example.org/",
            text=f"ancre {word}",
            block=0,
        )
        self.put(
            "attributions",
            article_id=name, position=0, source="La Dépêche inventée", relation="read_more",
            evidence=f"À lire aussi, {word}",
        )  # fmt: skip
        self.put("evidence", article_id=name, position=0, where="json-ld", says=f"dit {word}", verdict="free")
        self.put(
            "articles_norm",
            article_id=name, title=f"titre de {name}", standfirst=f"chapeau {word}",
            text=f"un premier alinea avec {word} un second avec {word} encore",
        )  # fmt: skip
        self.put("shingles", article_id=name, hashes=self.count.to_bytes(4, "little"))
        self.put(
            "leads",
            url=url, outlet=outlet, source="https://www.example.org/feed", kind="article",
            found_at="2023-08-05T09:00:00Z", summary=f"Résumé {word}", outcome="ok", capture_id=capture_id,
        )  # fmt: skip
        self.put(
            "matches",
            article_id=name, topic="niger", topic_version="v1", score=4.5, decision="match", reason=f"par {word}",
        )  # fmt: skip
        for start in (10, 40):
            self.put(
                "match_spans",
                article_id=name, topic="niger", concept="place", term=word, language="fr", field="text",
                start=start, end=start + len(word),
            )  # fmt: skip
        return name

    def done(self) -> None:
        self.db.conn.commit()
        self.db.close()


def new_corpus(folder: Path, extra: str = "") -> Corpus:
    folder.mkdir(parents=True)
    (folder / "corpus.toml").write_text(
        'title = "Corpus inventé"\ndescription = "Invented for tests."\noperator = "Test | house"\n' + extra,
        encoding="utf-8",
    )
    return Corpus(folder)


def fill(corpus: Corpus) -> None:
    rows = Rows(corpus)
    rows.put("outlets", name="gazette", title="La Gazette inventée", home="https://www.example.org/")
    rows.put("outlet_languages", outlet="gazette", language="fr")
    rows.put(
        "runs",
        id="run", started_at="2023-08-05T09:00:00Z", ended_at="2023-08-05T11:00:00Z", software="hemeroteca 0.1.0",
        command="hemeroteca crawl --corpus /home/somebody/niger", user_agent="hemeroteca (+https://www.example.org/bot)",
    )  # fmt: skip
    rows.put("runs", id="run-2", started_at="2023-08-20T09:00:00Z", software="hemeroteca 0.1.0")
    rows.put("topics", id="niger", version="v1", title="Niger", toml='id = "niger"\n', compiled="niger", current=1)
    rows.put("warcs", file="warc/2023/08/one.warc.gz", bytes=1000, sha256="ab" * 32, indexed=1000)
    rows.put("sources", url="https://www.example.org/feed", outlet="gazette", kind="feed")
    rows.article("closed")
    rows.article("open", word=OPEN, licence=CC, published="2022-11-03T23:30:00Z")
    rows.article("open-but-reserved", licence=CC, robots_meta="max-snippet:-1,noarchive")
    rows.article("undated", published=None, tdm_reservation="0", tdm_source="file")
    rows.article("october", published="2023-10-01T00:00:00Z", language="en")
    rows.article("off-topic", kept=0)
    rows.article("members", session="reader")
    rows.put("kin", article_id="closed", other_id="open", relation="copy", score=0.9, evidence=f"de {CLOSED}")
    rows.put("kin", article_id="closed", other_id="off-topic", relation="copy", score=0.9)
    rows.put(
        "leads",
        url="https://www.example.org/x", outlet="gazette", kind="article", found_at="2023-08-05T09:00:00Z",
        outcome="blocked_robots", reason="robots.txt disallows it",
    )  # fmt: skip
    rows.put("stats", name="leads_by_outcome", key="ok", value=7)
    rows.done()


def articles(out: Path) -> dict[str, dict[str, Any]]:
    tables = [pq.read_table(path) for path in sorted((out / "data" / "articles").glob("*.parquet"))]
    return {row["id"]: row for row in pa.concat_tables(tables).to_pylist()}


def lines(out: Path) -> list[dict[str, Any]]:
    with zstandard.open(out / "data" / "articles.jsonl.zst", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def contents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def every_value(out: Path) -> str:
    """Everything in a release, unpacked, as one string."""
    found = [
        path.read_text(encoding="utf-8")
        for path in out.rglob("*")
        if path.suffix in (".md", ".csv", ".cff", ".json", ".toml")
    ]
    found += [str(pq.read_table(path).to_pylist()) for path in out.rglob("*.parquet")]
    if (out / "corpus.sqlite").exists():
        found.append((out / "corpus.sqlite").read_bytes().decode("utf-8", errors="replace"))
        with zstandard.open(out / "data" / "articles.jsonl.zst", "rt", encoding="utf-8") as stream:
            found.append(stream.read())
    return "\n".join(found)
