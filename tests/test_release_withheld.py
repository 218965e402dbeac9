"""What may not travel is nowhere in a release, and what may is said with its reason."""

import json
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archive.corpus import Corpus
from archive.release import export
from tests.release_corpus import CC, CLOSED, OPEN, Rows, articles, contents, every_value, fill, new_corpus


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
