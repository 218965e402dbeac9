"""Scrapy's own commands in the checkout: every outlet is a spider."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.press import play
from crawler.press.playing import Press
from crawler.verbs.demo import prepare
from tests.conftest import CHECKOUT

STORY = "https://www.mediapart.fr/journal/international/040823/niger-la-junte-rompt-les-accords-militaires"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with play() as playing:
        yield playing


def scrapy(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=CHECKOUT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_list_names_the_outlets() -> None:
    assert {"almonitor", "mediapart"} <= set(scrapy("list").stdout.split())


def test_crawl_without_a_corpus_is_one_sentence() -> None:
    done = scrapy("crawl", "mediapart")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "-a corpus=DIR" in done.stderr


def test_an_unknown_spider_is_told_with_the_nearest_name() -> None:
    done = scrapy("crawl", "mediaprat")
    assert done.returncode != 0
    assert "mediapart" in done.stderr + done.stdout


def test_crawl_keeps_and_gives_items(press: Press, tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "items.jsonl"
    prepare(corpus)
    done = scrapy("crawl", "almonitor", "-a", f"corpus={corpus}", "-O", str(out), environment=press.environment())
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    truth = {each.url: each for each in press.truth().articles}
    assert len(items) > 20
    assert {item["title"] for item in items} == {truth[item["url"]].title for item in items}
    assert list((corpus / "warc").rglob("*.warc.gz"))


def test_the_shell_shows_a_page_with_scrapys_comforts(press: Press) -> None:
    done = scrapy("shell", "--nolog", "-c", "response.css('h1::text').get()", STORY, environment=press.environment())
    assert "la junte rompt les accords militaires" in done.stdout
