"""The command as tests call it, in this process or in one of its own, and pages for it to read."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.drafts import response
from archive.warc import Series
from crawler.cli import main

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


def called(*words: object, **more: object) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([sys.executable, "-m", "hemeroteca", *map(str, words)], text=True, **streams)  # type: ignore[call-overload, no-any-return]
