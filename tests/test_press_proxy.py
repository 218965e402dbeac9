"""The press' texts are read strictly; its proxy speaks HTTP as it should and reaches nothing else."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadCorpusFile
from crawler.press import Press, play, shown, texts
from crawler.press.edition import node
from crawler.press.texts import Story

GOOD = """
[[article]]
key = "m-0804-x"
section = "france"
language = "fr"
published = 2023-08-04T07:32:00+02:00
variant = "cut"
on_topic = false
title = "Un titre"
slug = "un-titre"
body = "Un corps."
"""
INVENTED = (
    "Fictive Fictif Fictional Imaginaire Imaginary Inventé Inventée Invented Madeup مخترع خيالي".split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with play() as playing:
        yield playing


def trusting(press: Press) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(press.ca_file))


@pytest.fixture
def web(press: Press) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=press.proxy, verify=trusting(press), trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title", "titel"), ":9: 'article.titel' is not a key of [article]; did you mean 'title'?"),
        (('title = "Un titre"\n', ""), ":2: 'article.title' is missing"),
        (('slug = "un-titre"', 'slug = "un-titre"\nmood = "grave"'), ":11: 'article.mood' is not a key"),
        (("07:32:00+02:00", "07:32:00"), ":6: 'article.published' must be a time with an offset"),
        (('"cut"', '"wire"'), ":7: 'article.variant' cannot be 'wire' at mediapart"),
        (('"fr"', '"de"'), ":5: 'article.language' cannot be 'de'"),
        (("m-0804-x", "x-0804"), ":3: 'article.key' must begin with"),
        (("m-0804-x", "f-0804-x"), ":3: 'article.key' must stand in a file"),
        (('"Un corps."', '""'), ":11: 'article.body' is missing"),
        (("[[article]]", "[[story]]"), ":2: 'story' is not a key of the top of the file; known here: article"),
        (('"Un corps."', '"""'), "not TOML"),
        (('"Un corps."', '"Un corps."\n[[article.edit]]\nat = 2023-08-01T00:00:00Z'), ":12: 'article.edit' must come"),
        (('"Un corps."', '"Un corps."\n[[article.edit]]\nslug = "neuf"'), ":13: 'article.edit.slug' is not a key"),
        (('"Un corps."', '"Un corps."\n[[article.edit]]\ntitle = "N"'), ":12: 'article.edit.at' is missing"),
        (('"Un corps."', '"Un corps."\ncopies = "f-0803"'), "'copies' must be the key"),
    ],
)
def test_a_text_that_is_wrong_ends_in_a_sentence_with_the_file(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    (tmp_path / "mediapart-2023-08.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadCorpusFile, match=r"mediapart-2023-08\.toml") as caught:
        texts.load(tmp_path)
    assert said in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_key_belongs_to_one_story(tmp_path: Path) -> None:
    for name in ("mediapart-2023-08.toml", "mediapart-2023-09.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadCorpusFile, match=r"'m-0804-x' is taken in mediapart-2023-08\.toml"):
        texts.load(tmp_path)


@given(st.datetimes(datetime(2023, 7, 1), datetime(2023, 10, 10)), st.sampled_from(texts.load()))  # noqa: DTZ001
def test_a_story_is_out_from_its_moment_on_with_the_edits_made_by_then(moment: datetime, story: Story) -> None:
    at = moment.replace(tzinfo=UTC)
    now = story.as_of(at)
    assert (now is None) == (at < story.published)
    if now is not None:
        assert all(edit.at <= at for edit in now.edits)
        assert now.changed <= at
        assert now.as_of(at) == now


@given(st.lists(st.text("ab «»:é", min_size=1).filter(lambda text: text.split()), min_size=1))
def test_no_word_of_a_body_is_lost(paragraphs: list[str]) -> None:
    read = shown.blocks("\n\n".join(paragraphs))
    assert [block.text.split() for block in read] == [text.split() for text in paragraphs]


def test_every_name_says_that_it_is_invented() -> None:
    bodies = {shown.WIRE, "La rédaction de Mediapart", "Al-Monitor Staff"}
    for story in texts.load():
        for name in {*shown.authors(story), *filter(None, [story.photographer])} - bodies:
            assert any(mark in name for mark in INVENTED), (story.key, name)


def test_no_two_stories_share_a_number() -> None:
    stories = texts.load()
    assert len({(story.outlet, node(story)) for story in stories}) == len(stories)


def test_one_connection_carries_many_requests(press: Press) -> None:
    host, port = urlsplit(press.proxy).hostname, urlsplit(press.proxy).port
    tunnel = http.client.HTTPSConnection(host, port, context=trusting(press), timeout=10)
    tunnel.set_tunnel("www.mediapart.fr")
    for method in ("GET", "HEAD", "GET"):
        tunnel.request(method, "/articles/feed")
        used, answered = tunnel.sock, tunnel.getresponse()
        body = answered.read()
        assert answered.status == 200
        assert tunnel.sock is used
        assert len(body) == (0 if method == "HEAD" else int(answered.headers["Content-Length"]))
    tunnel.request("POST", "/articles/feed", body=b"a body that is read and ignored")
    assert tunnel.getresponse().status == 405
    tunnel.close()


def test_the_certificate_names_the_host_and_is_trusted_through_the_file_alone(press: Press) -> None:
    with (
        httpx.Client(proxy=press.proxy, trust_env=False) as stranger,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        stranger.get("https://www.fleuve.example/")


@pytest.mark.parametrize("url", ["http://www.example.org/", "http://127.0.0.1:1/"])
def test_what_is_not_of_the_press_is_not_reached(web: httpx.Client, url: str) -> None:
    assert web.get(url).status_code == 502
    with pytest.raises(httpx.ProxyError, match="502"):
        web.get(url.replace("http:", "https:"))


@pytest.mark.parametrize(
    ("url", "status", "leads_to"),
    [
        (
            "http://www.mediapart.fr/journal/france?page=2",
            301,
            "https://www.mediapart.fr/journal/france?page=2",
        ),
        ("https://mediapart.fr/", 301, "https://www.mediapart.fr/"),
        ("https://www.mediapart.fr/pdf/12", 302, "https://www.mediapart.fr/login?next=/pdf/12"),
        (
            "https://www.mediapart.fr/une-lectrice/blog/010823/un-billet",
            301,
            "https://blogs.mediapart.fr/une-lectrice/blog/010823/un-billet",
        ),
        ("http://al-monitor.com/rss", 301, "https://www.al-monitor.com/rss"),
        ("https://www.al-monitor.com/rss.xml", 301, "https://www.al-monitor.com/rss"),
        ("https://www.al-monitor.com/pulse/originals/2014/01/nothing.html", 404, None),
        ("https://www.mediapart.fr/journal/france?page=99", 404, None),
        ("https://www.al-monitor.com/archives/202308?page=99", 200, None),
        ("https://www.mediapart.fr/en/english", 200, None),
        ("https://www.mediapart.fr/journal/une/040823", 200, None),
        ("https://www.fleuve.example/fr/", 200, None),
    ],
)
def test_addresses_lead_where_they_should(web: httpx.Client, url: str, status: int, leads_to: str | None) -> None:
    answered = web.get(url)
    assert (answered.status_code, answered.headers.get("Location")) == (status, leads_to)


def test_former_addresses_lead_to_the_article(press: Press, web: httpx.Client) -> None:
    steps = set()
    for truth in press.truth().articles:
        if truth.outlet == "almonitor":
            former = truth.url.replace("/originals/", "/pulse/originals/") + ".html"
            answered = web.get(former, follow_redirects=True)
            assert str(answered.url) == truth.url
            steps.add(len(answered.history))
    assert steps == {1, 2}
    story = next(truth for truth in press.truth().articles if truth.outlet == "mediapart")
    whole = web.get(story.url, params={"onglet": "full"})
    assert f'<link rel="canonical" href="{story.url}">' in whole.text


def test_the_log_tells_who_asked_for_what_and_how_many_at_once(press: Press, web: httpx.Client) -> None:
    start, url = len(press.log), "https://www.al-monitor.com/rss"
    web.get(url, headers={"User-Agent": "who (mailto:me)", "If-None-Match": '"x"', "Accept-Encoding": "gzip"})
    threads = [
        threading.Thread(target=lambda: httpx.get(url, proxy=press.proxy, verify=trusting(press))) for _ in "12345"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, *rest = press.log[start:]
    assert (first.method, first.url, first.host, first.status) == ("GET", url, "www.al-monitor.com", 200)
    assert (first.user_agent, first.if_none_match, first.accept_encoding) == (
        "who (mailto:me)",
        '"x"',
        "gzip",
    )
    assert (first.in_flight, first.if_modified_since) == (1, None)
    assert len(rest) == 5
    for entry in rest:
        overlapping = [other for other in rest if other.started <= entry.started < other.ended]
        assert 1 <= entry.in_flight <= len(overlapping)


def test_it_runs_as_a_process_with_doors_for_control(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    command = [sys.executable, "-m", "crawler.press", "--ca", str(ca), "--clock", "2023-08-05T00:00:00Z"]
    home = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=home, env={**os.environ}) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["ca"] == str(ca)
        trusted = ssl.create_default_context(cafile=str(ca))
        with httpx.Client(proxy=said["proxy"], verify=trusted, trust_env=False) as web:
            assert web.get("https://www.fleuve.example/robots.txt").status_code == 200
            before = web.get("http://press.invalid/truth").json()
            assert before["at"] == "2023-08-05T00:00:00Z"
            assert web.get("http://press.invalid/tick?to=2023-08-09T00:00:00Z").json()["clock"].startswith("2023-08-09")
            assert web.get("http://press.invalid/tick?to=2023-08-01T00:00:00Z").status_code == 400
        with httpx.Client(trust_env=False) as straight:
            after = straight.get(f"{said['proxy']}/truth").json()
            assert len(after["articles"]) > len(before["articles"])
            [entry] = straight.get(f"{said['proxy']}/log").json()
            assert entry["url"] == "https://www.fleuve.example/robots.txt"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
