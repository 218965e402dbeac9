"""corpus.toml: what it may say, and the sentence for what it may not."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.errors import BadCorpusFile, CorpusLocked, NotACorpus, UsageError
from crawler.verbs.init import make


def test_a_folder_without_corpus_toml_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotACorpus, match="hemeroteca init"):
        Corpus(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("contat = 'x'", r"corpus.toml:1: 'contat'.*did you mean 'contact'"),
        ("title = 'x'\n[pace]\ndelay = 0", r"corpus.toml:3: 'pace.delay' must be above 0"),
        ("title = 'x'\n[pace]\ndelai = 1", r"corpus.toml:3: 'pace.delai'.*did you mean 'delay'"),
        ("title = 3", r"corpus.toml:1: 'title' must be text"),
        ("outlets = [1]", r"corpus.toml:1: 'outlets' must be a list of texts"),
        ("network = 'x'", r"'network' must be a table"),
        ("title = ]", r"corpus.toml:1: not TOML"),
        ("[limits]\npages = true", r"corpus.toml:2: 'limits.pages' must be a whole number"),
    ],
)
def test_errors_name_file_line_and_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "corpus.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadCorpusFile, match=says):
        _ = Corpus(tmp_path).settings


def test_settings_of_a_full_file(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(
        'title = "T"\ncontact = "a@example.org"\noutlets = ["mediapart"]\nsince = 2023-07-26\n'
        '[pace]\ndelay = 3\n[network]\nallow = ["127.0.0.10:8800"]\n[limits]\npages = 7\n',
        encoding="utf-8",
    )
    settings = Corpus(tmp_path).settings
    assert settings.contact == "a@example.org"
    assert settings.since == date(2023, 7, 26)
    assert settings.until is None
    assert settings.delay == 3.0
    assert settings.allow == ("127.0.0.10:8800",)
    assert settings.pages == 7


def test_what_init_writes_can_be_read_whatever_the_title(tmp_path: Path) -> None:
    title = 'Quotes " and \\ and\nlines, é ع'
    make(tmp_path / "c", contact="a@example.org", title=title, outlets=("mediapart",), topic=True)
    corpus = Corpus(tmp_path / "c")
    assert corpus.settings.title == title
    assert [topic.id for topic in corpus.topics()] == ["niger-coup-2023"]
    with pytest.raises(UsageError, match="corpus already"):
        make(tmp_path / "c", contact="", title=None, outlets=(), topic=False)


def test_one_writer_per_corpus_across_processes(corpus: Corpus) -> None:
    program = (
        "import sys; from archive.corpus import Corpus\n"
        "with Corpus(sys.argv[1]).lock(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(corpus.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(CorpusLocked, match=f"process {other.pid}"), corpus.lock():
            pass
        other.kill()
    with corpus.lock():
        pass
