"""WARC files for tests, written by a Series: an invented exchange, and what other tools say of the file."""

import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import fastwarc.warc
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.drafts import Draft, Wire, metadata, request, response
from archive.records import Found, Record, walk
from archive.warc import Series, Written

NOON = datetime(2023, 8, 4, 10, 15, 0, 123456, tzinfo=UTC)
URL = "https://press.example/actualites/un-article"
INFO = {
    "software": "hemeroteca/0.1.0 (test)",
    "operator": "A Library",
    "http-header-user-agent": "hemeroteca/0.1.0 (+mailto:desk@press.example)",
    "robots": "classic",
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "isPartOf": "niger",
    "description": "",
}
ASKED = b"GET /actualites/un-article HTTP/1.1\r\nHost: press.example\r\n\r\n"


def answered(body: bytes, *fields: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 200 D'accord", b"content-type:   text/html", *fields, b"", body))


def exchange(block: bytes, **more: str | None) -> list[Draft]:
    wire = Wire("192.0.2.7", ("http/1.1", "tls/1.3"), "TLS_AES_256_GCM_SHA384")
    came = response(URL, NOON, block, wire=wire, truncated=more.get("truncated"))
    sent = request(URL, NOON, ASKED, concurrent_to=came.record_id, wire=wire)
    note = metadata(NOON, b'{"kind":"article"}', url=URL, concurrent_to=came.record_id)
    return [came, sent, note]


def series(folder: Path, **more: int) -> Series:
    return Series(folder / "warc", info=INFO, now=lambda: NOON, **more)


def records(path: Path) -> list[Record]:
    found = list(walk(path))
    assert all(isinstance(each, Found) for each in found)
    return [each.record for each in found if isinstance(each, Found)]


def only_file(folder: Path, pattern: str = "*") -> Path:
    (path,) = (path for path in (folder / "warc").rglob(pattern) if path.is_file())
    return path


def warcio_check(path: Path) -> None:
    assert Checker(SimpleNamespace(inputs=[str(path)], verbose=False)).process_all() == 0


def accepted_elsewhere(path: Path) -> list[tuple[str, bytes]]:
    """Type and block of every record as warcio and FastWARC give them, when both agree and find all digests
    right.
    """
    warcio_check(path)
    with path.open("rb") as stream:
        by_warcio = [
            (record.rec_type, record.raw_stream.read()) for record in ArchiveIterator(stream, no_record_parse=True)
        ]
    by_fastwarc = []
    with path.open("rb") as stream:
        for record in fastwarc.warc.ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest()
            by_fastwarc.append((record.headers["WARC-Type"], record.reader.read()))
    assert by_fastwarc == by_warcio
    return by_warcio


def closed_file(folder: Path, count: int = 8, size: int = 3000) -> tuple[Path, list[Written]]:
    writer = series(folder)
    written = [each for _ in range(count) for each in writer.write(exchange(answered(os.urandom(size))))]
    writer.close()
    return only_file(folder), written
