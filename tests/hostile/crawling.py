"""A crawl of hostile hosts, as a person starts it, and what it left."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.corpus import Corpus
from crawler.verbs.init import make
from tests.hostile.host import Host
from tests.listening_site import STORY, reply
from tests.warm import Started
from tests.warm import start as started

DELAY = 0.2
CHECKOUT = Path(__file__).resolve().parents[2]


def story(number: int | str = 1, *, more: str = "") -> bytes:
    """An article of its own."""
    title = f"An invented story of ferry number {number}"
    return reply(STORY.format(title=title, head="", more=title), more=more)


def robots(text: str = "", *, status: str = "200 OK", more: str = "") -> bytes:
    return reply(text, kind="text/plain", status=status, more=more)


def nothing() -> bytes:
    return reply("nothing here", kind="text/plain", status="404 Not Found")


@dataclass
class Crawled:
    """What a crawl left: how it ended, what it said, and the rows of its corpus."""

    corpus: Corpus
    code: int
    said: str

    @property
    def outcomes(self) -> dict[str, tuple[str | None, str | None]]:
        """(outcome, reason) of each address."""
        rows = self.corpus.database().execute("SELECT url, outcome, reason FROM leads").fetchall()
        return {url: (outcome, reason) for url, outcome, reason in rows}

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.said.splitlines()[-1])
        return found


def corpus(folder: Path, *hosts: Host, delay: float | None = DELAY) -> Corpus:
    """A corpus without outlets that may reach these hosts."""
    make(folder, contact="https://archive.example/", title="A test", outlets=(), topic=False, delay=delay)
    file = folder / "corpus.toml"
    allow = json.dumps([each.place for each in hosts])
    text = file.read_text(encoding="utf-8").replace('# allow = ["127.0.0.1:8800"]', f"allow = {allow} #")
    file.write_text(text, encoding="utf-8")
    return Corpus(folder)


def outlet(corpus: Corpus, name: str, home: str, *urls: str, feed: str | None = None, delay: float = DELAY) -> None:
    """An outlet of the corpus: articles by their addresses, or a feed."""
    source = f'kind = "feed"\nurl = "{feed}"' if feed else f'kind = "urls"\nurls = {json.dumps(urls)}'
    (corpus.outlets_folder / f"{name}.toml").write_text(
        f'name = "{name}"\ntitle = "{name}"\nhome = "{home}/"\nlanguages = ["en"]\ndelay = {delay}\n'
        f"[[sources]]\n{source}\n",
        encoding="utf-8",
    )


def start(corpus: Corpus, *words: object, **environment: str) -> Started:
    """`hemeroteca`, in a process of its own."""
    plain = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    cold = "PYTHONPATH" in environment  # which Python reads when it starts
    return started("hemeroteca", *words, "--corpus", corpus.folder, env={**plain, **environment}, cold=cold)


def ended(corpus: Corpus, process: Started, *, within: float = 120) -> Crawled:
    """What came of it. It never shows a traceback, on the terminal or in its log."""
    try:
        out, err = process.communicate(timeout=within)
    finally:
        process.kill()
    log = corpus.folder / "crawl.log"
    assert "Traceback" not in out + err, err
    assert not log.exists() or "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
    return Crawled(corpus, process.returncode, out)


def crawl(corpus: Corpus, names: Sequence[str] = (), *words: object, **environment: str) -> Crawled:
    """A crawl of these outlets, or of all in the corpus, to its end."""
    names = names or sorted(each.stem for each in corpus.outlets_folder.glob("*.toml"))
    return ended(corpus, start(corpus, "crawl", *names, "--json", *words, **environment))
