"""Connections: what one may serve, when it is spent, and whose certificate is taken."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.politeness.certificate import vouches
from tests.wire_crawl import CHUNKED, OK, ONE_BY_ONE, TEXT, chunks, crawl, crawled, records_in, requests, sized
from tests.wire_server import Script, WireServer, certificate

FORGED = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
# After these a connection is spent: it is not certain where the answer ends, so the next bytes may belong to nothing.
SPENT = {
    "old": sized(TEXT, first=b"HTTP/1.0 200 OK\r\n"),
    "old-chunked": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(TEXT, 500),
    "length-and-chunks": OK + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(TEXT, 500),
    "two-lengths": OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
    "surplus": sized(TEXT) + FORGED,
    "surplus-chunked": CHUNKED + chunks(TEXT, 500) + FORGED,
    "unasked": UNCHANGED,
    "unasked-with-body": UNCHANGED + FORGED,
    "no-chunks": CHUNKED + TEXT,
    "says-so": sized(TEXT, b"Connection: close"),
}
# After these it is not.
KEPT = {
    "plain": sized(TEXT),
    "chunked": CHUNKED + chunks(TEXT, 500),
    "no-content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "asked": UNCHANGED,
    "asked-too": UNCHANGED,
    "empty": sized(b""),
}


@pytest.mark.parametrize("way", ["http", "https", "tunnel"])
def test_a_connection_is_used_again_only_where_its_answer_has_a_certain_end(way: str, tmp_path: Path) -> None:
    spent = {name: Script(sent) for name, sent in SPENT.items()}
    scripts = {**{name: Script(sent) for name, sent in KEPT.items()}, **spent}
    asked = {"headers": {"If-None-Match": '"a"'}}
    too = {"headers": {"If-Modified-Since": "Fri, 04 Aug 2023 07:32:00 GMT"}}
    names = [*KEPT, *SPENT]
    with crawled(way, tmp_path, scripts, names, ONE_BY_ONE, asked=asked, asked_too=too) as found:
        assert {found.server.over[f"/{name}"][0] for name in (*KEPT, "old")} == {1}
        numbers = [found.server.over[f"/{name}"][0] for name in SPENT]
        assert numbers == list(range(1, len(SPENT) + 1))
        for name in (*KEPT, *SPENT):
            (block,) = found.blocks("response", name)
            assert block == scripts[name].sent.removesuffix(FORGED)


def test_a_request_that_the_connection_pool_repeats_is_recorded_once(tmp_path: Path) -> None:
    certificate(tmp_path, "localhost")
    server = WireServer({"/n0": Script(sized(b"first"), "once"), "/n1": Script(sized(b"second"))})
    base = f"http://localhost:{server.port}"
    lines = crawl(tmp_path, requests(base, ["n0", "n1"]), **ONE_BY_ONE)
    assert [line["url"][-2:] for line in lines if "exchange" in line] == ["n0", "n1"]
    sent = [r.block for r in records_in(tmp_path) if r.type == "request"]
    assert server.unanswered == server.asked["/n1"] == sent[1:]
    server.close()


def test_an_older_tls_is_named_as_it_is(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, "localhost")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    server = WireServer({"/plain": Script(sized(TEXT))}, context)
    lines = crawl(tmp_path, requests(f"https://localhost:{server.port}", ["plain"]))
    assert [line["tls"] for line in lines if "exchange" in line] == ["tls/1.2"]
    assert [(line["tls"], line["cipher"]) for line in lines if "exchange" in line] == [
        (version.lower().replace("tlsv", "tls/"), cipher) for version, cipher in server.secured if version
    ]
    (answer,) = [r for r in records_in(tmp_path) if r.type == "response"]
    assert ("WARC-Protocol", "tls/1.2") in answer.headers
    assert answer.header("WARC-Cipher-Suite") == server.secured[0][1]
    server.close()


@pytest.mark.parametrize("names", [("other.example",), (), None], ids=["another's", "nobody's", "not vouched for"])
def test_a_wrong_certificate_gives_no_request_and_no_record(names: tuple[str, ...] | None, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    if names is None:
        context, _ = certificate(tmp_path / "other", "localhost")
        certificate(tmp_path, "localhost")
    else:
        context, _ = certificate(tmp_path, *names)
    server = WireServer({"/plain": Script(sized(TEXT))}, context)
    lines = crawl(tmp_path, requests(f"https://localhost:{server.port}", ["plain"]))
    assert [line["kind"] for line in lines if "error" in line] == ["DownloadFailedError"]
    assert not server.asked
    assert not list(tmp_path.rglob("*.warc.gz*"))
    server.close()


def made_for(*names: x509.GeneralName) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    said, now = x509.Name([]), datetime.now(UTC)
    building = x509.CertificateBuilder().subject_name(said).issuer_name(said).public_key(key.public_key())
    building = building.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    if names:
        building = building.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return building.sign(key, hashes.SHA256())


def test_a_certificate_vouches_for_its_names_and_for_no_other() -> None:
    one = made_for(x509.DNSName("press.example"), x509.DNSName("*.press.example"), x509.DNSName("*.example"))
    for host in ("press.example", "PRESS.example", "www.press.example", "press.example."):
        assert vouches(one, host), host
    for host in ("a.www.press.example", "other.example", "example", "press.example.org", "", ".press.example"):
        assert not vouches(one, host), host
    number = made_for(x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("::1")))
    assert vouches(number, "127.0.0.1")
    assert vouches(number, "0:0:0:0:0:0:0:1")
    assert not vouches(number, "127.0.0.2")
    assert not vouches(made_for(x509.DNSName("127.0.0.1")), "127.0.0.1")
    assert not vouches(made_for(), "press.example")
