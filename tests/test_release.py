"""A release as others read it: shards, lines, database, checksums, card, citation, rights."""

import csv
import hashlib
import json
import sqlite3
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archive.corpus import Corpus
from archive.release import export, tables
from tests.release_corpus import CC, OPEN, Rows, articles, contents, fill, lines, new_corpus


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
