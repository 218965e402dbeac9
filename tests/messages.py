"""HTTP/1 answers made up of their parts, and what puts a body into each coding."""

import gzip
import zlib

import brotli
import zstandard

TEXT = b"<p>PREMIER mot d'un article invent\xc3\xa9. " + bytes(range(256)) * 40 + b" DERNIER mot.</p>"


def answer(body: bytes, *fields: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((status, *fields, b"", body))


def chunked(body: bytes, size: int, extension: bytes = b"") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


CODERS = {
    b"gzip": gzip.compress,
    b"x-gzip": gzip.compress,
    b"GZIP": gzip.compress,
    b"deflate": zlib.compress,
    b"br": lambda body: brotli.compress(body, quality=4),
    b"zstd": zstandard.compress,
    b"identity": bytes,
}
