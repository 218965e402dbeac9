"""Without the private names that the tap stands on a crawl goes on, and says of each capture that it is rebuilt."""

import gzip
import importlib
from pathlib import Path

import pytest

from archive.http import parse_answer, split
from archive.records import Record
from crawler import hooks
from tests.wire_crawl import CHUNKED, OK, TEXT, chunks, ended, records_in, requests, sized, started
from tests.wire_server import Script, WireServer, certificate

HTTP11 = "scrapy.core.downloader.handlers.http11"
CLIENT = "twisted.web._newclient"
# What an upgrade might rename, and where. The last is no name that is looked for beforehand.
UPGRADES = [
    (HTTP11, "_LenientHTTP11ClientFactory"),
    (HTTP11, "_LenientHTTPClientParser"),
    (CLIENT, "_currentRequest"),
    (CLIENT, "BODY"),
    (f"{HTTP11},twisted.web.client", "_factory"),
    (HTTP11, "_pool"),
]
SENT = {
    "plain": sized(TEXT, b"x-Odd: 1", b"Set-Cookie: a=1", b"Set-Cookie: b=2", first=b"HTTP/1.1 200 Tout va bien\r\n"),
    "chunked": CHUNKED + chunks(TEXT, 500, b";x=y"),
    "gzip": sized(gzip.compress(TEXT), b"Content-Encoding: gzip"),
    "gzip-cut": sized(gzip.compress(TEXT)[:-9], b"Content-Encoding: gzip"),
    "gone": sized(b"nothing here", first=b"HTTP/1.1 410 Parti\r\n"),
    "head": OK + b"Content-Length: 5000\r\n\r\n",
    "form": sized(b"thanks"),
    "secret": sized(b"for you", b"Set-Cookie: sid=TOPSECRET"),
    "moved": sized(b"there", b"Location: /plain", first=b"HTTP/1.1 301 Ailleurs\r\n"),
}
UNTIL_CLOSE = OK + b"Content-Type: text/html\r\n\r\n" + TEXT
SPECIAL = {
    "head": {"method": "HEAD"},
    "form": {"method": "POST", "body": "a=b"},
    "secret": {"headers": {"Cookie": "sid=TOPSECRET"}, "meta": {"session": "login"}},
    "moved": {"meta": {"dont_redirect": True}},
}


def test_every_private_name_is_there() -> None:
    assert hooks.fault_of_hooks() is None


@pytest.mark.parametrize(
    ("module", "name", "part"), [(module, name, part) for module, name, parts in hooks.HOOKS for part in parts or ("",)]
)
def test_a_missing_name_is_told(monkeypatch: pytest.MonkeyPatch, module: str, name: str, part: str) -> None:
    owner = importlib.import_module(module)
    if part:
        for each in getattr(owner, name).__mro__:
            if part in vars(each):
                monkeypatch.delattr(each, part)
    else:
        monkeypatch.delattr(owner, name)
    said = hooks.fault_of_hooks() or ""
    assert f"no {module}.{name}{'.' if part else ''}{part}:" in said
    assert "install scrapy>=2.19,<2.20 and twisted" in said


def upgraded_crawl(
    folder: Path, modules: str, name: str, names: list[str], *, tls: bool
) -> tuple[str, str, WireServer]:
    """(base of the URLs, what was logged, the server)"""
    context, _ = certificate(folder, "localhost")
    scripts = {f"/{each}": Script(sent) for each, sent in SENT.items()}
    server = WireServer({**scripts, "/until-close": Script(UNTIL_CLOSE, "close")}, context if tls else None)
    base = f"{'https' if tls else 'http'}://localhost:{server.port}"
    asked = requests(base, names, **SPECIAL)
    module = ("tests.upgraded_crawl", modules, name)
    lines, logged = ended(started(folder, asked, module=module, LOG_LEVEL="WARNING"))
    assert {line["fidelity"] for line in lines if "exchange" in line} == {"rebuilt"}
    assert [line["of"] for line in lines if "response" in line] == [
        line["exchange"] for line in lines if "exchange" in line
    ]
    assert "Traceback" not in logged
    server.close()
    return base, logged, server


@pytest.mark.parametrize(("modules", "name"), UPGRADES, ids=[name for _, name in UPGRADES])
def test_after_an_upgrade_the_crawl_goes_on(modules: str, name: str, tmp_path: Path) -> None:
    base, logged, server = upgraded_crawl(tmp_path, modules, name, ["plain"], tls=False)
    assert logged.count("captures are rebuilt and marked so") == 1
    assert logged.count("crawler.tap") == 1
    assert b"Exchange" not in server.asked["/plain"][0]
    (answer,) = [r for r in records_in(tmp_path) if r.type == "response"]
    assert answer.target_uri == f"{base}/plain"
    assert answer.header("Hemeroteca-Fidelity") == "rebuilt"


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_what_is_rebuilt_reads_as_what_was_sent(tls: bool, tmp_path: Path) -> None:
    names = [*SENT, "until-close"]
    base, _, server = upgraded_crawl(tmp_path, HTTP11, "_LenientHTTP11ClientFactory", names, tls=tls)
    answers: dict[str, Record] = {}
    for record in records_in(tmp_path):
        name = record.target_uri.removeprefix(f"{base}/")
        if record.type == "response":
            answers[name] = record
        if record.type in ("request", "response"):
            assert record.header("Hemeroteca-Fidelity") == "rebuilt"
            assert b"TOPSECRET" not in record.block
        if record.type == "request" and name != "secret":
            sent, rebuilt = split(server.asked[f"/{name}"][0]), split(record.block)
            assert rebuilt.start_line == sent.start_line
            assert {(key.lower(), value) for key, value in rebuilt.headers} == {
                (key.lower(), value) for key, value in sent.headers
            }
            assert rebuilt.raw_body == sent.raw_body
    assert set(answers) == set(names)
    for name, record in answers.items():
        if name == "secret":
            continue
        sent = parse_answer(SENT.get(name, UNTIL_CLOSE))
        rebuilt = parse_answer(record.block)
        assert (rebuilt.status, rebuilt.reason) == (sent.status, "")
        assert (rebuilt.payload, rebuilt.body) == (sent.payload, sent.body), name
        assert rebuilt.all("set-cookie") == sent.all("set-cookie")
        assert record.header("WARC-IP-Address") == "127.0.0.1"
    # Of the end of the one nobody can tell; the other was sent as a part
    cut = {name for name, record in answers.items() if record.truncated == "unspecified"}
    assert cut == {"until-close", "gzip-cut"}


def test_an_answer_that_did_not_pass_the_tap_is_rebuilt(tmp_path: Path) -> None:
    """As behind a connection that something else put into the pool."""
    certificate(tmp_path, "localhost")
    server = WireServer({"/plain": Script(SENT["plain"])})
    asked = requests(f"http://localhost:{server.port}", ["plain"])
    handlers = {"http": "tests.foreign_connections.ForeignConnections", "https": None}
    lines, logged = ended(started(tmp_path, asked * 2, LOG_LEVEL="WARNING", DOWNLOAD_HANDLERS=handlers))
    assert [line["fidelity"] for line in lines if "exchange" in line] == ["rebuilt"] * 2
    assert logged.count("did not pass the tap") == 1
    assert {r.header("Hemeroteca-Fidelity") for r in records_in(tmp_path) if r.type == "response"} == {"rebuilt"}
    server.close()
