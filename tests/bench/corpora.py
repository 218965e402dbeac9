"""Corpora whose newspapers are those of the benchmark's site."""

import re
from pathlib import Path

from archive.corpus import CORPUS_FILE, Corpus
from crawler.verbs.init import make
from tests.bench.site import HOSTS

DELAY = 0.001  # seconds; with none Scrapy does not hold the limit per host
_OUTLET = """\
name = "{name}"
title = "Le Banc d'essai, {name}"
home = "http://{host}/"
languages = ["fr"]
articles = '^http://{pattern}/(?:articles|elsewhere)/\\d+$'

[[sources]]
kind = "sitemap"
url = "http://{host}/{section}-0-{pages}.xml"
"""


def corpus(folder: Path, port: int, pages: int, section: str = "articles") -> Corpus:
    """A new corpus that watches every host of the site for its share of `pages`, with the example topic."""
    hosts = [f"127.0.0.{2 + number}:{port}" for number in range(HOSTS)]
    names = tuple(f"host{number}" for number in range(HOSTS))
    make(folder, contact="https://archive.example/", title="Benchmark", outlets=names, topic=True, delay=DELAY)
    file = folder / CORPUS_FILE
    allowed = ", ".join(f'"{host}"' for host in hosts)
    file.write_text(re.sub(r"^# allow = .*$", f"allow = [{allowed}]", file.read_text(), flags=re.MULTILINE))
    for name, host in zip(names, hosts, strict=True):
        (folder / "outlets" / f"{name}.toml").write_text(
            _OUTLET.format(name=name, host=host, pattern=re.escape(host), section=section, pages=pages)
        )
    return Corpus(folder)
