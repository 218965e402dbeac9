"""The chain of one row in words: every step, and commands that really work for anyone."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import custody
from archive.corpus import Corpus
from archive.errors import CorpusLocked, UsageError
from archive.rebuild import rebuild
from archive.recovery import index_closed
from archive.takedown import plan, take_down
from crawler.cli import cli
from crawler.readers import ReaderPool
from crawler.verbs.init import make
from tests.verify_corpus import AT, SITE, Press, build, copied, faults, fingerprint, proved, readers

STEPS = [
    "row and record",
    "block digest",
    "payload digest",
    "file checksum",
    "journal line in the file",
    "reading again",
]
SHELLS = [each for each in ("bash", "dash", "busybox sh") if shutil.which(each.split()[0])]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("article") / "corpus of the press")


@pytest.fixture
def corpus(whole: Corpus, tmp_path: Path) -> Corpus:
    return copied(whole, tmp_path / "corpus")


def told(corpus: Corpus, asked: str) -> custody.Testimony:
    return custody.testify(corpus, asked, readers(corpus))


def id_of(corpus: Corpus, sql: str) -> str:
    with closing(sqlite3.connect(corpus.database_file)) as db:
        return str(db.execute(sql).fetchone()[0])


def why(testimony: custody.Testimony) -> dict[str, str]:
    """The steps that are not proven, with the reason."""
    steps = [*(step for source in testimony.sources for step in source.steps), *testimony.steps]
    return {step.name: step.why for step in steps if step.why}


def test_an_article_is_traced_from_its_rows_to_the_journal(whole: Corpus) -> None:
    before = fingerprint(whole.folder)
    testimony = told(whole, f"{SITE}/2")
    assert testimony.found == "article"
    assert testimony.proven
    assert [each["changed"] for each in testimony.revisions] == [None, "title"]
    for source in testimony.sources:
        assert [step.name for step in source.steps] == STEPS
    words = " ".join([*testimony.statements, *testimony.sources[1].statements])
    for part in (
        "“Le sommet de Zinder, la suite”",
        "published 4 August 2023, 12:00:00 UTC",
        "First seen 4 August 2023, 12:00:06 UTC, last seen 5 August 2023",
        "in run 20230805T120000Z-bbbb",
        "by hemeroteca/0.1.0 warcio/1.8.1",
        "as “hemeroteca/0.1.0 (+https://archive.example/)”",
        "from 192.0.2.7 over http/1.1, tls/1.3, cipher TLS_AES_256_GCM_SHA384",
        "without a login: status 200, text/html",
        "those that came over the wire",
        "The answer is whole.",
    ):
        assert part in words, part
    assert fingerprint(whole.folder) == before


def test_an_article_is_found_by_id_url_and_capture(whole: Corpus) -> None:
    article = id_of(whole, f"SELECT id FROM articles WHERE url = '{SITE}/1'")
    capture = id_of(whole, f"SELECT capture_id FROM articles WHERE url = '{SITE}/1'")
    assert told(whole, article).row["id"] == article
    assert told(whole, f"{SITE}/1#part").row["id"] == article
    for asked in (capture, f"urn:uuid:{capture}", f"<urn:uuid:{capture}>"):
        testimony = told(whole, asked)
        assert (testimony.found, testimony.row["id"], testimony.proven) == ("capture", capture, True)
    feed = told(whole, f"{SITE}/feed")
    assert (feed.found, feed.row["kind"], feed.proven) == ("capture", "feed", True)
    with pytest.raises(UsageError, match="names no article"):
        told(whole, f"{SITE}/nothing")


def test_a_body_that_is_stored_once_is_traced_to_the_record_that_has_it(whole: Corpus) -> None:
    testimony = told(whole, f"{SITE}/1")
    assert [each.heading.split(" on ")[0] for each in testimony.sources] == ["Revision 1 of 1, seen", "Seen unchanged"]
    again = testimony.sources[1]
    assert "repeated record" in [step.name for step in again.steps]
    assert testimony.sources[0].record_id in next(step.says for step in again.steps if step.name == "repeated record")
    assert testimony.proven


@pytest.mark.parametrize("path", ["/1", "/2", "/3", "/abonnes/5", "/feed"])
@pytest.mark.parametrize("shell", SHELLS)
def test_the_commands_give_what_they_should_in_a_plain_shell(whole: Corpus, shell: str, path: str) -> None:
    testimony = told(whole, SITE + path)
    commands = [each for source in testimony.sources for each in source.by_hand] + testimony.by_hand
    kinds = {each.what for each in commands}
    assert {"The head of the record", "The digest of its block", "The file's checksum"} <= kinds
    assert ("The digest of its payload" in kinds) is (path != "/3")  # no standard tool takes chunking off
    for each in commands:
        done = subprocess.run(
            [*shell.split(), "-c", each.shell], cwd=whole.folder, capture_output=True, text=True, check=True
        )
        assert each.gives in done.stdout, each
        assert "broken" not in done.stdout
        assert done.stderr == ""


def test_the_shell_finds_a_line_that_was_changed(corpus: Corpus) -> None:
    chain = told(corpus, f"{SITE}/1").by_hand[-1]
    journal = corpus.journal.path
    journal.write_bytes(journal.read_bytes().replace(b'"records":', b'"recordz":', 1))
    done = subprocess.run(["bash", "-c", chain.shell], cwd=corpus.folder, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("broken: {")
    assert chain.gives not in done.stdout.splitlines()


def flip(corpus: Corpus) -> None:
    path, offset = place(corpus, "/6")
    with path.open("r+b") as file:
        file.seek(offset + 60)
        byte = file.read(1)
        file.seek(offset + 60)
        file.write(bytes([byte[0] ^ 0xFF]))


def place(corpus: Corpus, path: str) -> tuple[Path, int]:
    with closing(sqlite3.connect(corpus.database_file)) as db:
        file, offset = db.execute(
            "SELECT warc_file, warc_offset FROM captures WHERE url = ? ORDER BY fetched_at DESC", [SITE + path]
        ).fetchone()
    return corpus.folder / file, offset


def update(statement: str) -> Callable[[Corpus], None]:
    def run(corpus: Corpus) -> None:
        with closing(sqlite3.connect(corpus.database_file)) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute(statement)
            db.commit()

    return run


def break_journal(corpus: Corpus) -> None:
    journal = corpus.journal.path
    journal.write_bytes(journal.read_bytes().replace(b'"records":', b'"recordz":', 1))


@pytest.mark.parametrize(
    ("harm", "step", "reason"),
    [
        (flip, "row and record", "damaged"),
        (flip, "file checksum", "the journal has"),
        (lambda corpus: place(corpus, "/6")[0].unlink(), "file checksum", "it cannot be read"),
        (break_journal, "journal chain", "line 1: its text does not give its digest"),
        (update("UPDATE articles SET text = 'Tout.' WHERE url LIKE '%/6'"), "reading again", "the rows differ in text"),
        (update("UPDATE revisions SET title = 'Non'"), "reading again", "the rows differ in title"),
        (update("UPDATE authors SET name = 'Personne'"), "reading again", "the rows differ in authors"),
        (update("UPDATE captures SET fetched_at = '2023-08-01T00:00:00Z'"), "row and record", "fetched_at is"),
        (update("UPDATE captures SET payload_sha256 = 'ab'"), "payload digest", "the row has ab"),
        (update("UPDATE captures SET block_sha256 = 'ab'"), "block digest", "the row has ab"),
        (update("UPDATE captures SET warc_offset = warc_offset + 1"), "row and record", "no answer begins at byte"),
        (update("DELETE FROM captures WHERE url LIKE '%/6'"), "row and record", "there is no such capture"),
    ],
)
def test_each_step_says_why_it_is_not_proven(
    corpus: Corpus, harm: Callable[[Corpus], None], step: str, reason: str
) -> None:
    article = id_of(corpus, f"SELECT id FROM articles WHERE url = '{SITE}/6'")
    assert told(corpus, article).proven
    harm(corpus)
    testimony = told(corpus, article)
    assert reason in why(testimony).get(step, "proven")


def test_an_article_that_was_taken_down_is_answered_for_by_its_tombstones(corpus: Corpus) -> None:
    article = id_of(corpus, f"SELECT id FROM articles WHERE url = '{SITE}/2'")
    captures = [
        id_of(corpus, f"SELECT capture_id FROM revisions WHERE article_id = '{article}' AND n = {n}") for n in (1, 2)
    ]
    with corpus.lock(), closing(corpus.database()) as db:
        due = plan(corpus, db, article)
    with corpus.lock():
        (line,) = take_down(corpus, [due], "a court's order of 4 August", AT)
    for asked in (article, f"{SITE}/2", *captures):
        testimony = told(corpus, asked)
        assert testimony.found == "takedown"
        assert why(testimony) == {}
        assert "Reason: a court's order of 4 August" in testimony.statements
        assert [step.name for step in testimony.steps] == ["journal line", "rows", "journal chain"]
        assert {each.record_id for each in testimony.sources} == {f"<urn:uuid:{each}>" for each in captures}
        commands = [each for source in testimony.sources for each in source.by_hand] + testimony.by_hand
        for each in commands:
            done = subprocess.run(
                ["bash", "-c", each.shell], cwd=corpus.folder, capture_output=True, text=True, check=True
            )
            assert each.gives in done.stdout, each
    assert line.n == testimony.row["n"]
    assert faults(proved(corpus)) == []


def test_the_command_prints_words_or_json_and_ends_with_the_verdict(corpus: Corpus) -> None:
    """The real readers find no article in these pages, so that one step is not proven, and said so."""
    done = CliRunner().invoke(cli, ["verify", f"{SITE}/feed", "--corpus", str(corpus.folder)])
    assert "proven: The row names the record <urn:uuid:" in done.output
    assert "What this cannot prove" in done.output
    assert f"By hand, in {corpus.folder}" in done.output
    done = CliRunner().invoke(cli, ["verify", f"{SITE}/1", "--json", "--corpus", str(corpus.folder)])
    found = json.loads(done.output)
    assert done.exit_code == (0 if found["proven"] else 1)
    assert found["found"] == "article"
    assert found["row"]["url"] == f"{SITE}/1"
    assert [each["step"] for each in found["sources"][0]["steps"]] == STEPS
    assert CliRunner().invoke(cli, ["verify", "nobody", "--corpus", str(corpus.folder)]).exit_code != 0


def test_while_a_crawl_runs_nothing_is_said(corpus: Corpus) -> None:
    with corpus.lock(), pytest.raises(CorpusLocked):
        told(corpus, f"{SITE}/1")


def test_the_command_proves_a_page_that_its_own_readers_read(corpus_of_pages: Corpus) -> None:
    url = "https://www.mediapart.fr/journal/international/040823/a-story"
    for asked in (url, id_of(corpus_of_pages, "SELECT id FROM articles")):
        told = CliRunner().invoke(cli, ["verify", asked, "--corpus", str(corpus_of_pages.folder)])
        assert "Every step is proven." in told.output
        assert told.exit_code == 0


@pytest.fixture
def corpus_of_pages(tmp_path: Path) -> Corpus:
    make(tmp_path / "pages", contact="https://archive.example/", title="A test", outlets=("mediapart",), topic=False)
    corpus = Corpus(tmp_path / "pages")
    press = Press(corpus, "20230804T120000Z-aaaa", AT, site="https://www.mediapart.fr", outlet="mediapart")
    body = "<p>An invented paragraph about a valley in which it rained for most of the week.</p>" * 6
    page = (
        '<html lang="en"><head><meta name="author" content="Mediapart"><meta name="news_keywords" content="rain">'
        f'</head><body><h1 id="page-title">A story</h1><div class="news__body__center__article">{body}'
        '<figure><img src="/a.jpg"><figcaption>A valley</figcaption></figure></div></body></html>'
    )
    press.answer("/journal/international/040823/a-story", page.encode())
    press.end()
    with ReaderPool(corpus, 1) as pool:
        index_closed(corpus)
        rebuild(corpus, pool.entries)
    return corpus
