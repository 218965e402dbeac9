"""The manners of the command: sentences for errors, JSON for machines, codes that mean something."""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.drafts import response
from archive.warc import Series
from crawler.cli import VERBS, main
from crawler.verbs.init import make

PAGE = """<!doctype html><html lang="en"><head><title>An invented story</title>
<link rel="canonical" href="https://replica.example/2023/08/story">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"An invented story","datePublished":"2023-08-04T07:32:00+02:00"}</script></head><body><article>
<h1>An invented story</h1><p>An invented paragraph stands here so that there is a body, and it goes on for a while about
the weather in a valley that nobody has ever seen.</p><p>A second one follows, no less invented than the first, and it
ends the story without any result worth telling.</p></article></body></html>"""


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of the command."""
    with pytest.raises(SystemExit) as ending:
        main([str(word) for word in words])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return int(ending.value.code or 0), said.out, said.err


def warc(folder: Path, *pages: tuple[str, str]) -> Path:
    at = datetime(2023, 8, 4, 12, tzinfo=UTC)
    series = Series(folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: at)
    for url, body in pages:
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        series.write([response(url, at, block.encode())])
    series.close()
    return next(folder.rglob("*.warc.gz"))


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_an_example_or_none_to_give(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    code, out, _ = run(capsys, verb, "--help")
    assert code == 0
    assert out.startswith(f"Usage: hemeroteca {verb}")
    assert "Example" in out or verb == "demo"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "--corpus", "nowhere"], "is not a corpus"),
        (["serve", "--corpus", "nowhere"], "is not a corpus"),
        (["rebuild", "--corpus", "nowhere"], "is not a corpus"),
        (["export", "out", "--corpus", "nowhere"], "is not a corpus"),
        (["crawl", "--since", "yesterday"], "write it as 2023-07-26"),
        (["crawl", "--max-time", "soon"], "write 90s, 50m or 2h"),
        (["read"], "Missing argument"),
        (["crwl"], "No such command"),
    ],
)
def test_wrong_usage_is_told_in_words(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert code == 2
    assert says in err
    assert out == ""


def test_init_says_what_comes_next_and_does_not_overwrite(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "niger"
    code, _, err = run(capsys, "init", folder)
    assert code == 0
    assert "write your contact into" in err
    text = (folder / "corpus.toml").read_text(encoding="utf-8")
    assert (folder / "topics" / "niger-coup-2023.toml").is_file()
    code, _, err = run(capsys, "init", folder)
    assert code == 2
    assert "corpus already" in err
    assert (folder / "corpus.toml").read_text(encoding="utf-8") == text


def test_a_misspelt_topic_key_names_file_line_and_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=True)
    file = folder / "topics" / "niger-coup-2023.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("title"))
    lines[number] = lines[number].replace("title", "titel", 1)
    file.write_text("\n".join(lines), encoding="utf-8")
    code, _, err = run(capsys, "crawl", "--corpus", folder, "--dry-run")
    assert code == 2
    assert f"niger-coup-2023.toml:{number + 1}" in err
    assert "'titel'" in err
    assert "title" in err


def test_a_dry_run_asks_for_nothing_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart", "almonitor"), topic=True)
    before = sorted(folder.rglob("*"))
    code, out, _ = run(capsys, "crawl", "--corpus", folder, "--dry-run", "--json")
    assert code == 0
    rows = json.loads(out)
    assert [row["outlet"] for row in rows] == ["mediapart", "almonitor"]
    assert "a@example.org" in rows[0]["user_agent"]
    assert rows[0]["delay"] > 0
    assert sorted(folder.rglob("*")) == before


def test_outlets_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "outlets", "--json")
    assert code == 0
    assert {row["name"] for row in json.loads(out)} >= {"mediapart", "almonitor"}


def test_read_prints_one_article_per_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page, packed = tmp_path / "page.html", tmp_path / "page.html.gz"
    page.write_text(PAGE, encoding="utf-8")
    packed.write_bytes(gzip.compress(PAGE.encode()))
    record = warc(tmp_path / "warc", ("https://replica.example/1", PAGE), ("https://replica.example/2", "<p>x"))
    code, out, _ = run(capsys, "read", page, packed, record)
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    whole = [row for row in rows if row["outcome"] == "ok"]
    assert [row["title"] for row in whole] == ["An invented story"] * 3
    assert whole[0]["published"] == "2023-08-04T07:32:00+02:00"
    assert whole[2]["url"] == "https://replica.example/1"
    assert {"text", "paragraphs", "authors", "access", "complete", "reader"} <= whole[0].keys()
    assert str(tmp_path) not in out


def test_read_goes_on_behind_damage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = warc(tmp_path / "warc", *((f"https://replica.example/{n}", PAGE) for n in range(3)))
    data = bytearray(record.read_bytes())
    data[len(data) // 2] ^= 0xFF
    record.write_bytes(bytes(data))
    _, out, err = run(capsys, "read", record)
    assert len(out.splitlines()) >= 1
    assert "@" in err


def test_rebuild_writes_over_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    truth = warc(folder / "warc", ("https://replica.example/1", PAGE))
    for file in (truth, folder / "corpus.toml"):
        before = file.read_bytes()
        code, _, err = run(capsys, "rebuild", "--corpus", folder, "--into", file)
        assert code == 2
        assert "nothing is written over" in err
        assert file.read_bytes() == before


def test_read_says_when_there_is_nothing_to_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    noise = tmp_path / "noise.warc.gz"
    noise.write_bytes(bytes(range(256)) * 40)
    code, out, err = run(capsys, "read", noise)
    assert (code, out) == (1, "")
    assert "holds no page" in err
    code, _, err = run(capsys, "read", tmp_path)
    assert code == 2
    assert "is a directory" in err


def test_read_leaves_out_what_is_no_article(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wall = "<html><title>Just a moment...</title><body><h1>Checking your browser</h1></body></html>"
    file = warc(tmp_path / "warc", ("https://replica.example/1", PAGE), ("https://replica.example/2", wall))
    _, out, _ = run(capsys, "read", file)
    assert [json.loads(line)["url"] for line in out.splitlines()] == ["https://replica.example/1"]
    _, out, _ = run(capsys, "read", "--all", file)
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "says"), [(["--contact", "nobody"], "is no contact"), (["--outlet", "mediaprat"], "mediapart")]
)
def test_init_refuses_nonsense(capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], says: str) -> None:
    code, _, err = run(capsys, "init", tmp_path / "c", *words)
    assert code == 2
    assert says in err
    assert not (tmp_path / "c").exists()


def test_the_surroundings_are_not_our_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, _, err = run(capsys, "init", tmp_path / "file" / "c")
    assert code == 2
    assert "fault of its own" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "--password=Gargoyle-77"], "--password is no option"),
        (["crawl", "--user", "Gargoyle-77"], "--user is no option"),
        (["init", "c", "--contact", "https://reader:Gargoyle-77@desk.example/"], "word 4 of the command"),
        (["read", "page.html", "--url=http://reader:Gargoyle-77@desk.example/"], "word 3 of the command"),
        (["crawl", "//reader:Gargoyle-77@desk.example/"], "word 2 of the command"),
    ],
)
def test_the_command_line_is_no_place_for_a_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert says in err
    assert "HEMEROTECA_LOGIN_" in err
    assert "Gargoyle-77" not in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_error_does_not_repeat_a_secret(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_PASSWORD", "Gargoyle-77")
    for words in (["crawl", "--since", "Gargoyle-77"], ["crawl", "--corpus", "Gargoyle-77"], ["Gargoyle-77"]):
        code, _, err = run(capsys, *words)
        assert code == 2
        assert "Gargoyle-77" not in err
        assert "[withheld]" in err


def called(*words: object, **more: object) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([sys.executable, "-m", "hemeroteca", *map(str, words)], text=True, **streams)  # type: ignore[call-overload, no-any-return]


def test_output_on_a_full_disk() -> None:
    with Path("/dev/full").open("w") as full:
        command = called("outlets", "--json", stdout=full)
        _, err = command.communicate(timeout=60)
    assert command.returncode == 4
    assert err.startswith("hemeroteca: no room left to write the output")
    assert err.count("\n") == 1


def test_nobody_reads_the_output(tmp_path: Path) -> None:
    record = warc(tmp_path / "warc", *((f"https://replica.example/{n}", PAGE) for n in range(60)))
    for words in (["outlets", "--json"], ["read", record]):
        reading, writing = os.pipe()
        command = called(*words, stdout=writing)
        os.close(writing)
        os.close(reading)
        _, err = command.communicate(timeout=60)
        assert (command.returncode, err) == (141, "")


def many(folder: Path) -> Corpus:
    """A corpus of which a rebuild takes some seconds."""
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    warc(folder / "warc", *((f"https://replica.example/{n}", PAGE.replace("story", f"story{n}")) for n in range(1500)))
    return Corpus(folder)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_rebuild_that_is_stopped(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """On a terminal, where Ctrl-C reaches the reading processes as well."""
    corpus = many(tmp_path / "c")
    corpus.database().close()
    before = corpus.database_file.read_bytes()
    ours, theirs = os.openpty()
    command = called(
        "rebuild", "--corpus", corpus.folder, stdout=theirs, stderr=theirs, stdin=theirs, start_new_session=True
    )
    os.close(theirs)
    terminal = ThreadPoolExecutor().submit(drained, ours)  # one that nobody reads stops who writes on it
    while command.poll() is None and not list(corpus.folder.glob("*.rebuilding-wal")):
        time.sleep(0.02)
    if number is signal.SIGINT:
        os.killpg(command.pid, number)
    else:
        command.send_signal(number)
    assert command.wait(timeout=30) == code
    shown = terminal.result(timeout=30)
    assert "Traceback" not in shown
    assert "the same command can be run again" in shown
    assert shown.rfind("\x1b[?25h") >= shown.rfind("\x1b[?25l")  # the cursor is to be seen again
    with corpus.lock():
        assert corpus.database_file.read_bytes() == before
    assert is_gone(command.pid)


def is_gone(group: int) -> bool:
    """Whether every process of the group ends soon."""
    for _ in range(600):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def drained(terminal: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # nobody holds the other end any more
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode()


def test_a_database_that_is_none_has_a_code_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    (folder / "corpus.db").write_text("This is a letter. " * 400)
    code, _, err = run(capsys, "export", tmp_path / "out", "--corpus", folder)
    assert code == 5
    assert "hemeroteca rebuild" in err
    assert err.count("\n") == 1


LONG = 4_000_000


@pytest.mark.parametrize("log", ["a directory", "too long"])
def test_a_log_that_cannot_be_written(tmp_path: Path, log: str) -> None:
    """Without a file there is no crawl; a file that cannot grow, as on a full disk, stops none."""
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("nowhere",), topic=False)
    (folder / "outlets" / "nowhere.toml").write_text(
        'name = "nowhere"\ntitle = "N"\nhome = "http://127.0.0.1:9/"\nlanguages = ["en"]\n'
        '[[sources]]\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n',
        encoding="utf-8",
    )
    file = folder / "crawl.log"
    if log == "a directory":
        file.mkdir()
    else:
        with file.open("wb") as stream:
            stream.truncate(LONG)
    crawl = called(
        "crawl",
        "--corpus",
        folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LONG, LONG)),
    )
    _, err = crawl.communicate(timeout=60)
    if log == "a directory":
        assert crawl.returncode == 2
        assert err.startswith(f"hemeroteca: {file} cannot be used")
        assert err.count("\n") == 1
    else:
        assert (crawl.returncode, err) == (1, "")
        assert file.stat().st_size == LONG
    with Corpus(folder).lock():
        assert list(folder.rglob("*.open")) == []
