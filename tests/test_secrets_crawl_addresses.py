"""After a crawl with a proxy's password, or passwords in announced addresses, no file holds them."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.listening_site import STORY, corpus_of, reply, run, site
from tests.secrets_search import holding, records, views


def test_the_password_of_a_proxy_reaches_the_proxy_only(tmp_path: Path) -> None:
    password = "Pr0xy/pass@word"  # noqa: S105
    with site("127.0.0.1") as proxy:
        proxy.answers = {
            "/robots.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/story/1": reply(STORY.format(title="Behind a proxy", head="", more="")),
        }
        urls = ["http://gazette.example/story/1", "https://gazette.example/story/2"]
        corpus = corpus_of(
            tmp_path / "c",
            "http://gazette.example",
            f'[[sources]]\nkind = "urls"\nurls = {json.dumps(urls)}\n',
            [proxy.address],
        )
        address = f"http://desk:{quote(password, safe='')}@{proxy.address}"
        said = run(
            "hemeroteca", "crawl", "--corpus", corpus.folder, "--json", code=1, HTTP_PROXY=address, HTTPS_PROXY=address
        )
    credentials = b64encode(f"desk:{password}".encode())
    assert any(b"Proxy-Authorization: Basic " + credentials in each for each in proxy.asked)
    assert {row["outcome"] for row in corpus.database().query("SELECT outcome FROM leads WHERE kind = 'article'")} == {
        "ok",
        "blocked_robots",  # the tunnel was refused, so robots.txt could not be read
    }
    for secret in (password, f"desk:{password}"):
        assert holding(corpus.folder, secret) == []
        assert secret not in said
    assert credentials.decode() not in said
    assert any(b"\r\nProxy-Authorization: [withheld]\r\n" in record.block for _, record in records(corpus.folder))


HIDDEN = "Hunter-2-hidden"


def test_passwords_in_announced_addresses_go_no_further(tmp_path: Path) -> None:
    """In feeds, redirects, rules and pages: only what the server itself sent stays as it sent it."""
    with site("127.0.0.1") as home:
        user = f"http://reader:{HIDDEN}@{home.address}"
        rss = "".join(
            f"<item><title>{number}</title><link>{link}</link></item>"
            for number, link in enumerate(
                (
                    f"{user}/story/1",
                    f"//reader:{HIDDEN}@{home.address}/story/2",
                    f"ftp://reader:{HIDDEN}@{home.address}/story/3",
                    f"http://reader:{HIDDEN}/x@{home.address}/story/4",
                    f"reader:{HIDDEN}@{home.address}/story/5",
                    f"{home.home}/moved",
                    f"{home.home}/moved-to-nowhere",
                )
            )
        )
        head = (
            f'<link rel="canonical" href="{user}/story/1"><meta property="og:image" content="{user}/a.jpg">'
            f'<link rel="license" href="{user}/licence"><meta name="tdm-policy" content="{user}/policy">'
        )
        more = f'Read <a href="{user}/story/2">another</a> and <a href="http:reader:{HIDDEN}@{home.address}/x">x</a>.'
        page = STORY.format(title="With a link", head=head, more=more)
        home.answers = {
            "/robots.txt": reply("", status="301 Moved", more=f"Location: {user}/rules.txt\r\n"),
            "/rules.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/.well-known/tdmrep.json": reply(
                json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": f"{user}/policy"}]),
                kind="application/json",
            ),
            "/feed": reply("", status="302 Found", more=f"Location: {user}/feed.xml\r\n"),
            "/feed.xml": reply(f"<rss><channel>{rss}</channel></rss>", kind="application/rss+xml"),
            "/story/1": reply(page, more=f"tdm-reservation: 1\r\ntdm-policy: {user}/policy\r\n"),
            "/story/2": reply(page.replace("With a link", "Another")),
            "/moved": reply("", status="302 Found", more=f"Location: {user}/story/6\r\n"),
            "/story/6": reply(page.replace("With a link", "A third")),
            "/moved-to-nowhere": reply("", status="302 Found", more=f"Location: ftp://reader:{HIDDEN}@a.example/\r\n"),
        }
        corpus = corpus_of(
            tmp_path / "c",
            home.home,
            f'[[sources]]\nkind = "feed"\nurl = "{home.home}/feed"\n',
            [home.address],
        )
        said = run("hemeroteca", "crawl", "--corpus", corpus.folder, "--json", code=1)
        said += run("hemeroteca", "export", corpus.folder / "public", "--corpus", corpus.folder)
        said += run("hemeroteca", "rebuild", "--into", corpus.folder / "again.db", "--corpus", corpus.folder)
    assert HIDDEN not in said
    assert {"/rules.txt", "/story/1", "/story/2", "/story/6"} <= set(home.paths)
    assert not any(HIDDEN.encode() in asked for asked in home.asked)
    rows: list[Any] = corpus.database().query("SELECT url, outcome FROM leads")
    assert sum(row["outcome"] == "blocked_address" for row in rows) == 4
    for file in corpus.folder.rglob("*"):
        if file.is_file() and not file.name.endswith(".warc.gz"):
            assert not any(HIDDEN.encode() in view for view in views(file)), file
    for _, record in records(corpus.folder):
        assert HIDDEN not in repr(record.headers)
        assert record.type == "response" or HIDDEN.encode() not in record.block, record
