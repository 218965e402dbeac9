"""`hemeroteca read`: WARC and HTML files in, one article per line out."""

import gzip
import json
from pathlib import Path

import pytest

from crawler import readers
from tests.command_line import PAGE, run, warc


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


def test_a_page_that_takes_too_long_is_told_and_the_rest_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "SECONDS", 3)
    slow = tmp_path / "slow.html"
    slow.write_text("<html><body><p " + " ".join(f"a{n}=''" for n in range(200_000)) + ">slow</p></body></html>")
    record = warc(
        tmp_path / "warc", ("https://replica.example/slow", slow.read_text()), ("https://replica.example/1", PAGE)
    )
    code, out, err = run(capsys, "read", slow, record)
    assert code == 1
    assert [json.loads(line)["url"] for line in out.splitlines()] == ["https://replica.example/1"]
    assert err.count("longer than 3 s of CPU") == 2
