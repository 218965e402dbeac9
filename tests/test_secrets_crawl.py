"""After a crawl with a login no file and no stream holds a secret, and what it opened stays at home."""

import json
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from archive.corpus import Corpus
from archive.http import parse_answer
from archive.records import Record
from tests.listening_site import STORY, Site, corpus_of, packed, reply, run, site
from tests.secrets_search import SECRETS, forms, holding, records, views

GIVEN = "given-by-the-server-55aa66bb"  # a session's id that the server sets


@pytest.fixture(scope="module")
def subscribed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Corpus, Site, Site, str]]:
    """A corpus after a crawl with a login, the newspaper and another host, and what the crawl said."""
    folder = tmp_path_factory.mktemp("login") / "corpus"
    with site("127.0.0.1") as home, site("127.0.0.2") as away:
        session = f"Set-Cookie: MPSESSID={GIVEN}; Path=/; HttpOnly\r\n"
        page = STORY.format(title="For subscribers", head="", more="")
        home.answers = {
            "/robots.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/login": reply("", status="303 See Other", more=f"{session}Location: /welcome\r\n"),
            "/welcome": reply(page, more=session),
            "/story/1": packed(page, more=session),
            "/story/2": reply("", status="302 Found", more=f"{session}Location: {away.home}/elsewhere\r\n"),
            "/story/3": reply("no", status="503 Service Unavailable", more=session),
            "/story/4": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Then-Close: 1\r\nContent-Length: 99999\r\n"
            + session.encode() + b"\r\n" + page.encode(),
            "/open/5": reply(STORY.format(title="For everybody", head="", more=""), more="Set-Cookie: seen=1\r\n"),
        }  # fmt: skip
        away.answers = {"/elsewhere": reply(page)}
        urls = [f"{home.home}{path}" for path in home.answers if path.startswith(("/story/", "/open/"))]
        corpus = corpus_of(
            folder,
            home.home,
            f'articles = "/story/|/open/|/elsewhere"\n[[sources]]\nkind = "urls"\nurls = {json.dumps(urls)}\n',
            [home.address, away.address],
        )
        environment = {f"HEMEROTECA_LOGIN_GAZETTE_{name}": value for name, value in SECRETS.items()}
        said = run("tests.subscriber", folder, **environment)
        said += run("hemeroteca", "export", folder / "public", "--corpus", folder, **environment)
        said += run(
            "hemeroteca", "export", folder / "internal", "--rights", "internal", "--corpus", folder, **environment
        )
        said += run("hemeroteca", "rebuild", "--into", folder / "again.db", "--corpus", folder, **environment)
        yield corpus, home, away, said


def test_the_secrets_were_sent_to_the_newspaper_and_to_nobody_else(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    _, home, away, _ = subscribed
    for secret in SECRETS.values():
        assert any(form in asked for asked in home.asked for form in forms(secret))
        assert not any(form in asked for asked in away.asked for form in forms(secret))
    assert not any(GIVEN.encode() in asked for asked in away.asked)
    for asked in home.asked:
        if b"/robots.txt" in asked or b"/open/" in asked:
            assert b"Cookie" not in asked
            assert b"Authorization" not in asked


@pytest.mark.parametrize("secret", [*SECRETS.values(), GIVEN], ids=[*SECRETS, "GIVEN"])
def test_no_file_and_no_stream_holds_a_secret(subscribed: tuple[Corpus, Site, Site, str], secret: str) -> None:
    corpus, _, _, said = subscribed
    assert holding(corpus.folder, secret) == []
    assert not any(form.decode() in said for form in forms(secret))


def test_the_log_says_what_happened(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    log = (subscribed[0].folder / "crawl.log").read_text(encoding="utf-8")
    assert "Spider error processing" in log
    assert "ValueError: '[withheld]' did not open it" in log
    assert "Traceback" not in log


def test_the_marker_stands_where_the_secrets_were(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus, home, _, _ = subscribed
    asked: dict[str, list[bytes]] = {}
    for _, record in records(corpus.folder / "warc-private"):
        if record.type == "request":
            asked.setdefault(urlsplit(record.target_uri).path, []).append(record.block)
        if record.type == "response":
            assert b"Set-Cookie: [withheld]\r\n" in record.block
    assert b"POST /login HTTP/1.1\r\n" in asked["/login"][0]
    assert asked["/login"][0].endswith(b"\r\n\r\n[withheld]")
    for blocks in asked.values():
        for block in blocks:
            assert b"\r\nCookie: [withheld]\r\n" in block
            assert b"\r\nAuthorization: [withheld]\r\n" in block
            assert b"\r\nX-Reader: [withheld]\r\n" in block
    private = [path for path in home.paths if path.startswith(("/story/", "/login", "/welcome"))]
    assert sum(map(len, asked.values())) == len(private)


def test_the_series_are_apart(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    series = {
        name: {
            urlsplit(record.target_uri).path for _, record in records(corpus.folder / name) if record.type == "response"
        }
        for name in ("warc", "warc-private")
    }
    assert series["warc"] >= {"/robots.txt", "/open/5", "/elsewhere"}
    assert series["warc-private"] == {"/login", "/welcome", "/story/1", "/story/2", "/story/3", "/story/4"}
    assert not series["warc"] & series["warc-private"]
    open_answers = [r.block for _, r in records(corpus.folder / "warc") if b"For everybody" in r.block]
    assert b"Set-Cookie: seen=1\r\n" in open_answers[0]  # an answer to nobody in particular stays as it was sent


def test_digests_are_over_what_is_stored(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    stored: dict[str, Record] = {}
    for _, record in records(corpus.folder):
        assert record.header("WARC-Block-Digest") == f"sha256:{sha256(record.block).hexdigest()}"
        assert record.digest_problem() is None
        stored[record.record_id] = record
    for row in corpus.database().query("SELECT record_id, payload_sha256, session FROM captures"):
        record = stored[row["record_id"]]
        assert row["payload_sha256"] == parse_answer(record.block, truncated=record.truncated).payload_sha256
        assert row["session"] == ("anonymous" if b"[withheld]" not in record.block else "reader")


def test_what_a_login_opened_is_read_and_stays_at_home(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    texts = {row["title"]: row["text"] for row in corpus.database().query("SELECT title, text FROM articles")}
    assert "invented paragraph" in texts["For subscribers"]
    for mode in ("public", "internal"):
        whole = b"".join(view for file in (corpus.folder / mode).rglob("*") if file.is_file() for view in views(file))
        assert b"For everybody" in whole
        for private in (b"/story/1", b"/welcome", b"warc-private"):
            assert private not in whole
    left = json.loads(run("hemeroteca", "export", corpus.folder / "third", "--json", "--corpus", corpus.folder))
    assert left["left_out"]["captured with a login"] >= 1
