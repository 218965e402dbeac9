"""A museum of WARC files: foreign, old and broken ones, made by code, with what can be read of each.

An exhibit is made record by record from bytes, not by a library, so that what lies in it is known. Its `readable` are
the target URIs of the records that stand whole in the file, in order; `damage` the offsets from which nothing can be
read. `others` names the libraries that give the same records (warcio 1.8, FastWARC 2.0); the rest stop, refuse the
file, or hand out half records and records that are none.
"""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import zstandard

DAY = "2023-08-04T10:15:00Z"
HOST = "http://press.example"
BOTH = frozenset({"warcio", "fastwarc"})


@dataclass(frozen=True)
class Exhibit:
    """A file and the truth about it. `path` may lie inside a WACZ."""

    path: Path
    readable: tuple[str, ...]
    damage: tuple[int, ...] = ()
    others: frozenset[str] = BOTH


Maker = Callable[[Path], Exhibit]
MUSEUM: dict[str, Maker] = {}


def exhibit(maker: Maker) -> Maker:
    MUSEUM[maker.__name__] = maker
    return maker


def page(n: int, size: int = 700) -> bytes:
    """An HTML page whose words do not repeat, so that its compressed form is not all one back reference."""
    words = " ".join(str(uuid5(NAMESPACE_URL, f"{n}/{i}")) for i in range(size // 37 + 1))
    return f"<html><head><title>Article {n}</title></head><body><p>{words}</p></body></html>".encode()


def answer(body: bytes, *fields: str, status: str = "200 OK", mime: str = "text/html") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {mime}", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(head).encode() + body


def record(
    kind: str,
    url: str | None,
    block: bytes,
    *fields: str,
    version: str = "1.0",
    mime: str | None = "application/http; msgtype=response",
    length: int | None = None,
    date: str | None = DAY,
    end: bytes = b"\r\n\r\n",
    line: str = "\r\n",
    encoding: str = "utf-8",
) -> bytes:
    """The bytes of one record; `length` in place of the true one."""
    head = [f"WARC/{version}", f"WARC-Type: {kind}"]
    head += [f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, f'{kind} {url} {block!r} {fields}')}>"]
    head += [f"WARC-Date: {date}"] if date else []
    head += [f"WARC-Target-URI: {url}"] if url else []
    head += [f"Content-Type: {mime}"] if mime else []
    head += [*fields, f"Content-Length: {len(block) if length is None else length}", "", ""]
    return line.join(head).encode(encoding) + block + end


def info(software: str, version: str = "1.0", filename: str = "a.warc.gz") -> bytes:
    block = f"software: {software}\r\nformat: WARC File Format {version}\r\n".encode()
    return record(
        "warcinfo", None, block, f"WARC-Filename: {filename}", version=version, mime="application/warc-fields"
    )


def url_of(n: int) -> str:
    return f"{HOST}/article-{n}"


def pages(count: int, version: str = "1.0", first: int = 1) -> list[bytes]:
    return [record("response", url_of(n), answer(page(n)), version=version) for n in range(first, first + count)]


def urls(*numbers: int) -> tuple[str, ...]:
    return tuple(url_of(n) for n in numbers)


def gz(*records: bytes) -> list[bytes]:
    return [gzip.compress(each, mtime=0) for each in records]


def zst(*records: bytes, dictionary: zstandard.ZstdCompressionDict | None = None) -> list[bytes]:
    packer = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    return [packer.compress(each) for each in records]


def write(folder: Path, name: str, pieces: Sequence[bytes]) -> tuple[Path, list[int]]:
    """The file, and the offset of each of its pieces."""
    path = folder / name
    path.write_bytes(b"".join(pieces))
    return path, [sum(map(len, pieces[:n])) for n in range(len(pieces))]
