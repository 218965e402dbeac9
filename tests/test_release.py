"""A release: what is in it, what is not in it, and whether others can read it."""

import csv
import hashlib
import json
import shutil
import sqlite3
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.intake import Rights
from archive.release import NotARelease, NothingToRelease, UnknownTopic, export, tables
from archive.release.papers import formula_safe, yaml
from archive.release.rights import decide, open_licence

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


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    made = new_corpus(tmp_path_factory.mktemp("corpus") / "niger")
    fill(made)
    return made


@pytest.fixture(scope="module")
def public(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "niger-1"
    export(corpus, out)
    return out


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


# -- what may not travel -------------------------------------------------------------------------------------


def test_restricted_words_are_nowhere_in_a_public_release(public: Path) -> None:
    everything = every_value(public)
    assert OPEN in everything
    assert CLOSED not in everything
    assert CLOSED.encode() not in b"".join(contents(public).values())


def test_restricted_words_are_not_in_the_search_index(public: Path) -> None:
    with sqlite3.connect(public / "corpus.sqlite") as room:

        def hits(word: str) -> int:
            return int(
                room.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [word]).fetchone()[0]
            )

        assert (hits(CLOSED), hits(OPEN), hits("titre")) == (0, 1, 5)
        vocabulary = room.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
        vocabulary.close()
        assert room.execute("SELECT count(*) FROM temp.words WHERE term = ?", [CLOSED]).fetchone() == (0,)
    room.close()


def test_rows_say_whether_and_why_their_text_travels(public: Path) -> None:
    rows = articles(public)
    said = {name: (row["text_status"], row["text_reason"], row["text"] is not None) for name, row in rows.items()}
    assert said == {
        "closed": ("withheld", "the page names no licence", False),
        "october": ("withheld", "the page names no licence", False),
        "open": ("included", "open licence CC-BY-4.0", True),
        "open-but-reserved": ("withheld", "meta robots says noarchive", False),
        "undated": ("withheld", "the page names no licence", False),
    }
    assert rows["closed"]["title"] == "Titre de closed"
    assert rows["closed"]["word_count"] == 11
    assert rows["open"]["standfirst"] == f"Chapeau {OPEN}"
    assert rows["closed"]["images"] == [
        {
            "url": "https://www.example.org/closed.jpg",
            "caption": None,
            "photographer": "Nom inventé",
            "agency": None,
            "distributor": None,
        }
    ]


def test_what_was_read_with_a_login_or_is_off_topic_is_left_out(corpus: Corpus, tmp_path: Path) -> None:
    for rights in ("public", "internal", "ids"):
        released = export(corpus, tmp_path / rights, rights=rights)
        assert released.left_out == {"captured with a login": 1}
        everything = every_value(tmp_path / rights)
        assert "off-topic" not in everything
        assert "example.org/members" not in everything
        assert "warc-private" not in everything


def test_a_path_of_the_operators_machine_stays_at_home(public: Path, corpus: Corpus) -> None:
    everything = b"".join(contents(public).values())
    assert b"/home/somebody" not in everything
    assert str(corpus.folder).encode() not in everything


def test_a_reservation_made_later_withdraws_the_text(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    for name, later in (
        ("still", {}),
        ("header", {"x_robots_tag": "noai"}),
        ("tdm", {"tdm_reservation": "1"}),
    ):
        rows.article(name, word=OPEN if name == "still" else CLOSED, licence=CC)
        rows.capture(f"https://www.example.org/{name}", "2023-09-01T00:00:00Z", **later)
    rows.article("refused", licence=CC)
    rows.db.conn.execute("UPDATE leads SET outcome = 'blocked_robots' WHERE url LIKE '%/refused'")
    rows.done()
    export(corpus, tmp_path / "out")
    reasons = {name: row["text_reason"] for name, row in articles(tmp_path / "out").items()}
    assert reasons == {
        "still": "open licence CC-BY-4.0",
        "header": "X-Robots-Tag says noai",
        "tdm": "text and data mining is reserved (TDMRep)",
        "refused": "robots.txt has come to disallow the page",
    }
    assert CLOSED not in every_value(tmp_path / "out")


def test_each_revision_is_judged_by_its_own_capture(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    url = "https://www.example.org/changing"
    first = rows.capture(url, "2023-08-01T00:00:00Z")  # no licence yet
    private = rows.capture(url, "2023-08-02T00:00:00Z", session="reader", licence=CC)
    newest = rows.capture(url, "2023-08-03T00:00:00Z", licence=CC)
    rows.article("changing", word=OPEN, capture_id=newest, licence=CC)
    rows.db.conn.execute("UPDATE revisions SET n = 3")
    for n, capture in ((1, first), (2, private)):
        rows.put(
            "revisions",
            article_id="changing",
            n=n,
            capture_id=capture,
            title="Avant",
            text=CLOSED,
            changed="title, text",
        )
    rows.done()
    export(corpus, tmp_path / "out")
    found = pq.read_table(tmp_path / "out" / "data" / "revisions").to_pylist()
    assert [(row["n"], row["text_status"], row["changed"]) for row in found] == [
        (1, "withheld", ["title", "text"]),
        (3, "included", []),
    ]
    assert CLOSED not in every_value(tmp_path / "out")


def test_an_unknown_session_is_no_public_one(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    rows.article("whose", licence=CC, session=None)
    rows.done()
    export(corpus, tmp_path / "out")
    assert articles(tmp_path / "out")["whose"]["text"] is None


def test_the_operators_agreement_outweighs_reservations(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c", '[rights]\ntext = ["gazette"]\n')
    rows = Rows(corpus)
    rows.article("agreed", robots_meta="noarchive", tdm_reservation="1")
    rows.article("elsewhere", outlet="courrier", word="elsewhere")
    rows.article("members", session="reader")
    rows.done()
    released = export(corpus, tmp_path / "out")
    found = articles(tmp_path / "out")
    assert found["agreed"]["text_reason"] == "the operator has the outlet's agreement"
    assert CLOSED in found["agreed"]["text"]
    assert found["elsewhere"]["text"] is None
    assert (released.articles, released.with_text, released.without_text) == (2, 1, 1)


def test_a_licence_does_not_give_away_an_agencys_text(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    rows.article("dispatch", licence=CC)
    rows.put("attributions", article_id="dispatch", position=1, source="Agence inventée", relation="republished")
    rows.done()
    export(corpus, tmp_path / "out")
    assert articles(tmp_path / "out")["dispatch"]["text_status"] == "withheld"
    assert CLOSED not in every_value(tmp_path / "out")


def test_internal_carries_all_text_and_says_so(corpus: Corpus, tmp_path: Path) -> None:
    released = export(corpus, tmp_path / "out", rights="internal")
    found = articles(tmp_path / "out")
    assert all(row["text"] for row in found.values())
    assert (found["closed"]["text_status"], found["open"]["text_status"]) == ("internal", "included")
    assert released.name == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["name"]
    assert released.name.endswith("-internal")
    for paper in ("README.md", "LICENSE.md"):
        assert "Internal" in (tmp_path / "out" / paper).read_text(encoding="utf-8")


def test_ids_carry_nothing_but_what_is_needed_to_fetch_again(corpus: Corpus, tmp_path: Path) -> None:
    export(corpus, tmp_path / "out", rights="ids")
    assert set(contents(tmp_path / "out")) == {
        "CHANGES.md", "CITATION.cff", "LICENSE.md", "README.md", "SHA256SUMS", "hydrate/ids.parquet", "manifest.json",
        "rights.csv", "topics/niger.toml",
    }  # fmt: skip
    everything = every_value(tmp_path / "out")
    assert "Titre de" not in everything
    assert CLOSED not in everything
    assert OPEN not in everything
    first = pq.read_table(tmp_path / "out" / "hydrate" / "ids.parquet").to_pylist()[0]
    assert first["id"] == "open"
    assert first["digest"].startswith("sha256:")
    assert (first["warc_file"], first["offset"]) == ("warc/2023/08/one.warc.gz", 200)


# -- what others read ----------------------------------------------------------------------------------------


def test_shards_are_years_sorted_with_typed_columns(public: Path) -> None:
    assert [path.name for path in sorted((public / "data" / "articles").iterdir())] == [
        "2022-00000-of-00001.parquet",
        "2023-00000-of-00001.parquet",
        "unknown-00000-of-00001.parquet",
    ]
    row = articles(public)["open"]
    assert row["published_at"] == datetime(2022, 11, 3, 23, 30, tzinfo=UTC)
    assert row["published_day"] == date(2022, 11, 3)
    assert row["authors"] == [
        {"name": "Agence inventée", "role": "agency"},
        {"name": "Zoé Invention", "role": "person"},
    ]
    assert (row["tags"], row["topics"], row["links"]) == (["Sahel"], ["niger"], ["https://www.example.org/"])
    assert list(articles(public)) == ["open", "closed", "open-but-reserved", "october", "undated"]
    whole = pq.read_table(public / "data" / "articles")
    assert whole.schema.field("published_at").type == pa.timestamp("us", tz="UTC")
    shard = pq.ParquetFile(public / "data" / "articles" / "2023-00000-of-00001.parquet")
    assert shard.metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_shard_ends_at_its_limit(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64())])
    batches = [("2022", [{"n": 1}]), ("2023", [{"n": 2}, {"n": 3}]), ("2023", [{"n": 4}])]
    written = tables.write(tmp_path / "small", schema, batches, shard=1)
    assert written == {
        "2022-00000-of-00001.parquet": 1,
        "2023-00000-of-00002.parquet": 2,
        "2023-00001-of-00002.parquet": 1,
    }
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == list(written)
    assert pq.read_table(tmp_path / "small").to_pydict() == {"n": [1, 2, 3, 4]}
    assert tables.write(tmp_path / "none", schema, []) == {"none-00000-of-00001.parquet": 0}


def test_more_articles_than_a_batch_keep_their_own_parts(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    for i in range(tables.BATCH + 20):
        rows.article(f"a{i:04}", word=f"{OPEN}{i:04}", licence=CC)
    rows.done()
    export(corpus, tmp_path / "out")
    found = articles(tmp_path / "out")
    assert len(found) == tables.BATCH + 20
    assert all(row["images"][0]["caption"] == f"Légende {OPEN}{name[1:]}" for name, row in found.items())
    assert [row["id"] for row in lines(tmp_path / "out")] == list(found)


def test_the_lines_are_the_rows_with_text(public: Path) -> None:
    found = lines(public)
    assert [row["id"] for row in found] == ["open"]
    row = articles(public)["open"]
    assert list(found[0]) == list(row)
    assert (found[0]["text"], found[0]["authors"]) == (row["text"], row["authors"])
    assert found[0]["published_at"] == "2022-11-03T23:30:00Z"


def test_matches_of_restricted_texts_are_counted_only(public: Path) -> None:
    found = pq.read_table(public / "data" / "topic_matches").to_pylist()
    assert {(row["mentions"], row["decision"], tuple(row["concepts"])) for row in found} == {(2, "match", ("place",))}
    with sqlite3.connect(public / "corpus.sqlite") as room:
        assert room.execute("SELECT DISTINCT article_id, term FROM match_spans").fetchall() == [("open", OPEN)]
        assert room.execute("SELECT sum(mentions), count(*) FROM match_counts").fetchone() == (10, 5)
    room.close()


def test_the_database_has_the_tables_of_the_corpus(public: Path, corpus: Corpus) -> None:
    with sqlite3.connect(f"file:{public / 'corpus.sqlite'}?mode=ro&immutable=1", uri=True) as room:
        tables = {row[0] for row in room.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {
            row[0] for row in corpus.database().execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        } <= tables
        assert room.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert room.execute("PRAGMA journal_mode").fetchone() != ("wal",)
        counts = {
            name: room.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("articles", "captures", "leads", "shingles", "kin")
        }
        assert counts == {"articles": 5, "captures": 5, "leads": 0, "shingles": 0, "kin": 1}
        stats = dict(room.execute("SELECT name || ' ' || key, value FROM stats").fetchall())
        assert stats["articles total"] == 5
        assert stats["leads_by_outcome ok"] == 7  # of the whole corpus: rows of leads do not travel
        found = room.execute(
            "SELECT article_id FROM articles_fts JOIN articles_norm ON n = articles_fts.rowid"
            " WHERE articles_fts MATCH ?",
            [OPEN],
        ).fetchall()
        assert found == [("open",)]
    room.close()


def test_checksums_and_manifest_agree_with_the_files(public: Path) -> None:
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=public, check=False, capture_output=True)
    assert (checked.returncode, checked.stdout) == (0, b"")
    listed = {line.split("  ", 1)[1] for line in (public / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(contents(public)) - {"SHA256SUMS"}
    manifest = json.loads((public / "manifest.json").read_bytes())
    assert manifest["files"]["data/articles/2023-00000-of-00001.parquet"]["rows"] == 3
    assert manifest["topics"] == [{"id": "niger", "version": "v1"}]
    for name, facts in manifest["files"].items():
        assert hashlib.sha256((public / name).read_bytes()).hexdigest() == facts["sha256"]


def test_the_card_tells_the_method(public: Path) -> None:
    card = (public / "README.md").read_text(encoding="utf-8")
    # outlet, listed, fetched, read, kept, here, with text: of eight addresses one was refused
    assert "| La Gazette inventée | 8 | 7 | 7 | 6 | 5 | 1 | 2022-11-03 | 2023-10-01 |" in card
    assert "14 days, from 2023-08-05T11:00:00Z to 2023-08-20T09:00:00Z" in card
    assert "no article here from 2022-12 to 2023-07, 2023-09." in card
    assert "2 runs between 2023-08-05T09:00:00Z and 2023-08-20T09:00:00Z; 1 did not come to their end" in card
    assert "1 captured with a login" in card
    assert "blocked_robots 1" in card
    assert "Test \\| house" in card
    for column in (
        *pq.read_schema(public / "data/articles/2022-00000-of-00001.parquet").names,
        "offset",
        "mentions",
    ):
        assert f"| `{column}` |" in card
    for reader in ("pd.read_parquet", "duckdb.sql", "load_dataset", "sqlite3.connect", "sha256sum -c"):
        assert reader in card


def test_the_citation_names_the_data(public: Path) -> None:
    citation = (public / "CITATION.cff").read_text(encoding="utf-8")
    assert citation.startswith("cff-version: 1.2.0\n")
    assert 'title: "Corpus inventé"' in citation
    assert json.loads((public / "manifest.json").read_bytes())["data_digest"][:12] in citation


def test_rights_per_outlet_with_a_record_that_proves_them(public: Path) -> None:
    with (public / "rights.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(int(row["articles"]) for row in rows) == 5
    assert {row["first_captured"] for row in rows} == {"2023-08-05T10:00:00Z"}
    assert [row["tdm_source"] for row in rows if row["tdm_reservation"]] == ["file"]
    reserved = next(row for row in rows if row["robots_meta"])
    assert (reserved["robots_meta"], reserved["text_status"]) == ("max-snippet:-1,noarchive", "withheld")
    assert reserved["record_id"].startswith("<urn:uuid:")
    assert next(row for row in rows if row["licence"] == CC and not row["robots_meta"])["text_status"] == "included"


# -- selection -----------------------------------------------------------------------------------------------


def test_days_of_publication_are_both_included(corpus: Corpus, tmp_path: Path) -> None:
    released = export(corpus, tmp_path / "out", since=date(2023, 8, 4), until=date(2023, 10, 1))
    assert set(articles(tmp_path / "out")) == {"closed", "open-but-reserved", "october"}
    assert released.left_out == {"captured with a login": 1, "without a publication date": 1}


def test_only_what_a_topic_takes(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    for name in ("niger", "mali"):
        rows.put("topics", id=name, version="v1", title=name, current=1)
    rows.article("both")
    rows.article("rejected")
    rows.db.conn.execute("UPDATE matches SET decision = 'reject' WHERE article_id = 'rejected'")
    rows.put("matches", article_id="both", topic="mali", topic_version="v1", decision="manual", reason="")
    rows.put("matches", article_id="rejected", topic="mali", topic_version="v0", decision="match", reason="")
    rows.done()
    assert export(corpus, tmp_path / "a", topic="niger").articles == 1
    assert export(corpus, tmp_path / "b", topic="mali").articles == 1
    assert articles(tmp_path / "a")["both"]["topics"] == ["niger"]
    export(corpus, tmp_path / "c-out")
    assert articles(tmp_path / "c-out")["both"]["topics"] == ["mali", "niger"]


def test_a_wrong_selection_is_one_sentence(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UnknownTopic, match="nearest: niger"):
        export(corpus, tmp_path / "out", topic="nigre")
    with pytest.raises(NothingToRelease):
        export(corpus, tmp_path / "out", since=date(2030, 1, 1))
    with pytest.raises(UsageError, match="before it begins"):
        export(corpus, tmp_path / "out", since=date(2023, 2, 1), until=date(2023, 1, 1))
    with pytest.raises(UsageError, match="public, internal, ids"):
        export(corpus, tmp_path / "out", rights="all")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="rebuild"):
        export(new_corpus(tmp_path / "empty"), tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


# -- the folder ----------------------------------------------------------------------------------------------


def test_the_same_corpus_gives_the_same_bytes(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    twin = new_corpus(tmp_path / "niger")
    fill(twin)
    export(twin, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(public)
    export(corpus, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(public)


def test_created_is_printed_where_it_is_given(corpus: Corpus, tmp_path: Path) -> None:
    export(corpus, tmp_path / "out", created=datetime(2023, 11, 2, 8, tzinfo=UTC))
    assert "date-released: 2023-11-02\n" in (tmp_path / "out" / "CITATION.cff").read_text()
    assert "2023-11-02T08:00:00Z" in (tmp_path / "out" / "README.md").read_text()


def test_a_new_release_takes_the_place_of_the_old_and_says_what_changed(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "niger")
    fill(corpus)
    out = tmp_path / "out"
    export(corpus, out)
    rows = Rows(corpus)
    rows.db.conn.execute("UPDATE articles SET kept = 0 WHERE id = 'undated'")
    rows.count = 100
    rows.article("november", published="2023-11-05T00:00:00Z")
    rows.done()
    export(corpus, out)
    changes = (out / "CHANGES.md").read_text(encoding="utf-8")
    assert "5 articles: 1 new, 0 revised, 1 no longer in it." in changes
    assert "- gone: `undated`" in changes
    assert changes.count("## ") == 2
    assert json.loads((out / "manifest.json").read_bytes())["removed"] == ["undated"]
    assert not list((out / "data" / "articles").glob("unknown*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["niger", "out"]


def test_what_is_not_a_release_is_left_alone(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("mine")
    with pytest.raises(NotARelease, match="not a release"):
        export(corpus, taken)
    with pytest.raises(NotARelease, match="is a file"):
        export(corpus, taken / "thesis.txt")
    with pytest.raises(NotARelease, match="not a release"):
        export(corpus, corpus.folder)
    shutil.copytree(public, tmp_path / "release")
    (tmp_path / "release" / "data" / "notes.txt").write_text("mine too")
    with pytest.raises(NotARelease, match=r"data/notes\.txt"):
        export(corpus, tmp_path / "release")
    assert (taken / "thesis.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert export(corpus, tmp_path / "empty").articles == 5


def test_a_release_that_breaks_off_leaves_the_old_one(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(public, out)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(corpus, out, rights="internal", progress=stop)
    assert contents(out) == contents(public)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_progress_reaches_its_total(corpus: Corpus, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    export(corpus, tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)
    assert seen == sorted(seen)


def test_odd_words_of_the_operator_form_no_path_and_no_markup(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    (corpus.folder / "corpus.toml").write_text('title = "../<b>x</b>: |y|"\n', encoding="utf-8")
    rows = Rows(corpus)
    rows.put("topics", id="../../escape", version="v1", title="t", toml="x = 1\n", current=1)
    rows.article("one")
    rows.done()
    before = sorted(tmp_path.iterdir())
    export(corpus, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == [*before, tmp_path / "out"]
    assert (tmp_path / "out" / "topics" / "escape.toml").is_file()
    assert "<b>" not in (tmp_path / "out" / "README.md").read_text().split("---", 2)[2]


# -- the decision --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (CC, "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/deed.fr", "CC-BY-SA-3.0"),
        ("http://www.creativecommons.org/licenses/by/2.0/fr/", "CC-BY-2.0"),
        ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "CC-BY-4.0"),
        ("//creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("Licence Ouverte 2.0", "etalab-2.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", None),
        ("https://creativecommons.org/licenses/by-nd/4.0/", None),
        ("CC BY-NC-SA 4.0", None),
        ("Creative Commons Attribution-NoDerivatives 4.0", None),
        ("https://www.example.org/creativecommons.org/licenses/by/4.0/", None),
        ("not CC BY 4.0", None),
        ("CC BY 4.0, photographs excepted", None),
        ("All rights reserved", None),
        ("", None),
        (None, None),
    ],
)
def test_open_licences(value: str | None, name: str | None) -> None:
    assert open_licence(value) == name


@pytest.mark.parametrize(
    "said",
    [
        {"robots": "disallowed"},
        {"robots": "unreachable"},
        {"robots_meta": "NOARCHIVE"},
        {"robots_meta": "index, follow, noai, noimageai"},
        {"robots_meta": "max-snippet:0"},
        {"robots_meta": "none"},
        {"x_robots_tag": "googlebot: nosnippet"},
        {"x_robots_tag": "unavailable_after: 25 Jun 2030 15:00:00 PST"},
        {"tdm_reservation": "1"},
    ],
)
def test_every_reservation_outweighs_the_licence(said: dict[str, str]) -> None:
    assert not decide([Rights(licence=CC, **said)]).may
    assert not decide([Rights(licence=CC), Rights(**said)]).may
    assert decide([Rights(licence=CC, **said)], agreed=True).may


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"robots": "allowed"},
        {"robots_meta": "index,follow,max-snippet:-1,noimageindex"},
        {"tdm_reservation": "0"},
    ],
)
def test_silence_neither_bars_nor_allows(said: dict[str, str]) -> None:
    assert decide([Rights(licence=CC, **said)]).may
    assert not decide([Rights(**said)]).may


@given(st.builds(Rights, *[st.none() | st.text(max_size=30) for _ in range(8)]))
def test_a_text_travels_only_by_a_known_open_licence(rights: Rights) -> None:
    assert decide([rights]).may <= (open_licence(rights.licence) is not None)


@given(st.text(max_size=40))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = formula_safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.text(max_size=40))
def test_yaml_scalars_are_one_line(text: str) -> None:
    assert len(yaml(text).splitlines()) == 1
