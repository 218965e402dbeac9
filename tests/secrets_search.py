"""The secrets of an invented reader, and every way in which they could stand in a file."""

import gzip
import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pyarrow.parquet
import zstandard

from archive.http import parse_answer
from archive.records import Found, Record, walk

SECRETS = {
    "USER": "quillon.reader@letters.example",
    "PASSWORD": "Ga&rg=yle 77/ü",
    "COOKIE": "0a1b2c3d4e5f60718293a4b5",
    "TOKEN": "tok_7f6e5d4c3b2a1908",
}


def forms(secret: str) -> set[bytes]:
    user = SECRETS["USER"]
    spelled = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
    coded = {b64encode(each) for each in (secret.encode(), f"{user}:{secret}".encode())}
    return {each.encode() for each in spelled} | {each.rstrip(b"=") for each in coded}


def records(folder: Path) -> Iterator[tuple[Path, Record]]:
    for file in sorted(folder.rglob("*.warc.gz*")):
        if not file.name.endswith(".cdxj"):
            for found in walk(file):
                assert isinstance(found, Found), found
                yield file, found.record


def views(file: Path) -> Iterator[bytes]:
    """The bytes of a file in every way that they can be read."""
    data = file.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        yield zstandard.ZstdDecompressor().stream_reader(data).read()
    if data.startswith(b"PAR1"):
        yield repr(pyarrow.parquet.read_table(file).to_pylist()).encode()
    if data.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            yield "\n".join(db.iterdump()).encode()


def holding(folder: Path, secret: str) -> list[str]:
    """The files under the folder in which the secret stands, in any spelling, however they are packed."""
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file()
        if any(form in view for view in views(file) for form in forms(secret))
    }
    for file, record in records(folder):
        if record.type == "response" and any(form in parse_answer(record.block).body for form in forms(secret)):
            found.add(f"{file.relative_to(folder)}, in a body")
    return sorted(found)
