"""Real pages, played at their true addresses: a crawl as if the web were live, compared with what was read by hand.

The pages are other people's text and lie beside the checkout; where they are absent these tests are skipped.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.corpus import Corpus
from crawler.verbs.init import make
from tests.warm import run

pytestmark = pytest.mark.real

LEMONDE = """\
name = "lemonde"
title = "Le Monde"
home = "https://www.lemonde.fr/"
languages = ["fr"]
articles = '^https://www\\.lemonde\\.fr/[a-z0-9-]+/(?:article|live|video)/(?P<y>\\d{4})/(?P<m>\\d\\d)/(?P<d>\\d\\d)/[^/]+\\.html$'
[[sources]]
kind = "feed"
url = "https://www.lemonde.fr/rss"
[[sources]]
kind = "sitemap"
url = "https://www.lemonde.fr/sitemap.xml"
"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, dict[str, dict[str, Any]]]:
    from tests.conftest import ABSENT, SHARED

    if not SHARED.is_dir():
        pytest.skip(ABSENT)
    folder = tmp_path_factory.mktemp("recorded")
    ca, corpus = folder / "ca.pem", folder / "corpus"
    make(
        corpus,
        contact="https://archive.example/",
        title="A test",
        outlets=("mediapart", "lemonde"),
        topic=False,
    )
    (corpus / "outlets" / "lemonde.toml").write_text(LEMONDE, encoding="utf-8")
    settings = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(settings.replace("# delay = 2.0", "delay = 0.02 #"), encoding="utf-8")
    with subprocess.Popen(
        [
            sys.executable,
            str(SHARED / "tools" / "recordedweb.py"),
            str(SHARED / "recorded" / "fr_press"),
            "--ca",
            str(ca),
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as web:
        assert web.stdout is not None
        proxy = json.loads(web.stdout.readline())["proxy"]
        proxied = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "SSL_CERT_FILE": str(ca), "NO_PROXY": ""}
        done = run("crawl", "--corpus", corpus, "--json", env={**os.environ, **proxied})
        web.terminate()
    assert done.returncode in (0, 1), done.stderr
    rows = (SHARED / "recorded" / "fr_press" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = {row["url"]: row for row in map(json.loads, rows)}
    return Corpus(corpus), truth


def pairs(crawled: tuple[Corpus, dict[str, dict[str, Any]]], host: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    corpus, truth = crawled
    rows = {row["url"]: row for row in corpus.database().query("SELECT * FROM articles")}
    wanted = {url: row for url, row in truth.items() if f"//{host}/" in url}
    assert wanted
    assert wanted.keys() <= rows.keys()
    return [(row, rows[url]) for url, row in wanted.items()]


def authors(corpus: Corpus, article: dict[str, Any]) -> list[str]:
    return [
        row["name"]
        for row in corpus.database().query(
            "SELECT name FROM authors WHERE article_id = ? ORDER BY position", [article["id"]]
        )
    ]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = text.lower().split()
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def f1(truth: str, found: str) -> float:
    wanted, got = shingles(truth), shingles(found)
    common = sum((wanted & got).values())
    return 2 * common / (sum(wanted.values()) + sum(got.values()))


def same_moment(truth: str, row: str | None) -> bool:
    return row is not None and datetime.fromisoformat(truth).astimezone(UTC).replace(
        second=0
    ) == datetime.fromisoformat(row).replace(second=0)


def plain(text: str | None) -> str:
    return " ".join((text or "").replace("\u202f", " ").replace("\xa0", " ").replace("’", "'").split())


@pytest.mark.parametrize("host", ["www.mediapart.fr", "www.lemonde.fr"])
def test_titles_authors_times_access(crawled: tuple[Corpus, dict[str, dict[str, Any]]], host: str) -> None:
    corpus, _ = crawled
    for truth, row in pairs(crawled, host):
        assert plain(row["title"]) == plain(truth["title"]), truth["id"]
        assert same_moment(truth["published"], row["published_at"]), truth["id"]
        assert row["access"] == truth["access"], truth["id"]
        assert row["complete"] == truth["complete"], truth["id"]
        assert row["language"] == truth["language"], truth["id"]
        if "standfirst" in truth:
            assert plain(row["standfirst"]) == plain(truth["standfirst"]), truth["id"]
        if host == "www.mediapart.fr":
            assert {name.lower() for name in authors(corpus, row)} == {name.lower() for name in truth["authors"]}


@pytest.mark.parametrize(("host", "least"), [("www.mediapart.fr", 0.97), ("www.lemonde.fr", 0.9)])
def test_bodies(crawled: tuple[Corpus, dict[str, dict[str, Any]]], host: str, least: float) -> None:
    scores = {truth["id"]: f1(truth["body"], row["text"] or "") for truth, row in pairs(crawled, host)}
    assert sum(scores.values()) / len(scores) >= least, scores
