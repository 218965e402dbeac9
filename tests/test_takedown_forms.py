"""Takedown in copies of foreign files, in whatever form they are."""

import gzip
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archive.corpus import Corpus
from archive.custody import verify
from archive.records import Damage, walk
from archive.takedown.room import Form, filled
from crawler.cli import cli
from crawler.readers import ReaderPool
from crawler.verbs.init import make
from tests.test_warc_foreign import as_zstd

NAMED = "quincequartermaster"
HOST = "http://gazette.example"


def page(number: int) -> bytes:
    word = NAMED if number == 1 else f"plainword{number}"
    body = f"<p>The {word} of the harbour spoke for a long while about the price of rope and of tar.</p>" * 5
    numbers = random.Random(number)  # noqa: S311
    body += "".join(f"<p>Barrel {numbers.random()} was sold for {numbers.random()} shillings.</p>" for _ in range(40))
    html = f"<html><head><title>The {word} speaks</title></head><body><h1>The {word} speaks</h1>{body}</body></html>"
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html.encode()


def warc(*, compress: bool) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=compress)
    for number in range(4):
        block = page(number)
        record = writer.create_warc_record(f"{HOST}/{number}", "response", payload=BytesIO(block), length=len(block))
        writer.write_record(record)
    return out.getvalue()


def arc() -> list[bytes]:
    head = b"filedesc://a.arc 0.0.0.0 20230804204825 text/plain 14\n1 0 Test\nname\n\n"
    line = "{}/{} 192.0.2.7 20230804204826 text/html {}\n"
    blocks = [page(number) for number in range(4)]
    return [head, *(line.format(HOST, n, len(b)).encode() + b + b"\n" for n, b in enumerate(blocks))]


FORMS: dict[str, Callable[[], bytes]] = {
    "a.warc": lambda: warc(compress=False),
    "a.warc.gz": lambda: warc(compress=True),
    "a.warc.zst": lambda: as_zstd(warc(compress=False), dictionary=False),
    "b.warc.zst": lambda: as_zstd(warc(compress=False), dictionary=True),
    "a.arc": lambda: b"".join(arc()),
    "a.arc.gz": lambda: b"".join(map(gzip.compress, arc())),
}


def run(corpus: Corpus, *words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--corpus", str(corpus.folder)])
    assert done.exit_code == 0, done.output
    return done.output


def words_in(path: Path) -> bytes:
    """Everything that can be read in a file, unpacked where it is packed."""
    data = path.read_bytes()
    found = [data]
    for at in range(len(data)):
        if data.startswith(b"\x1f\x8b\x08", at):
            found.append(gzip.GzipFile(fileobj=BytesIO(data[at:])).read1(1 << 20))
        elif data.startswith(b"\x28\xb5\x2f\xfd", at):
            try:
                found.append(zstandard.ZstdDecompressor().decompressobj().decompress(data[at:]))
            except zstandard.ZstdError:  # with a dictionary
                continue
    return b"".join(found)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    make(tmp_path / "corpus", contact="https://archive.example/", title="A test", outlets=("mediapart",), topic=False)
    return Corpus(tmp_path / "corpus")


@pytest.mark.parametrize("name", FORMS)
def test_an_article_goes_from_a_copied_file_and_does_not_come_back(name: str, corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FORMS[name]())
    run(corpus, "import", "--copy", str(tmp_path / name))
    before = rows(corpus)
    assert len(before) == 4
    run(corpus, "takedown", f"{HOST}/1", "--reason", "order of a court", "--yes")
    left = [row for row in before if row[0] != f"{HOST}/1"]
    assert rows(corpus) == left
    (copy,) = corpus.warc_files()
    assert NAMED.encode() not in words_in(copy)
    assert not [each for each in walk(copy) if isinstance(each, Damage)]
    run(corpus, "rebuild")
    assert rows(corpus) == left
    with ReaderPool(corpus, 1) as pool:
        account = verify(corpus, pool.entries)
    assert account.proven, [each.what for each in account.findings if each.fault]


def rows(corpus: Corpus) -> list[tuple[str, str]]:
    with closing(corpus.database()) as db:
        return [(row[0], row[1]) for row in db.execute("SELECT url, text FROM articles ORDER BY url").fetchall()]


def test_a_package_is_refused_with_a_way_out(corpus: Corpus, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("archive/a.warc.gz", warc(compress=True))
        package.writestr("datapackage.json", "{}")
    run(corpus, "import", "--copy", str(tmp_path / "a.wacz"))
    words = ["takedown", f"{HOST}/1", "--reason", "order of a court", "--yes", "--corpus", str(corpus.folder)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code != 0
    assert "import there the WARC files" in str(done.exception)
    assert len(rows(corpus)) == 4


@given(st.integers(0, 300_000), st.sampled_from([Form.PLAIN, Form.ZSTD]))
@settings(deadline=None, max_examples=200)
def test_a_record_fills_any_room_that_is_large_enough(more: int, form: Form) -> None:
    def record(blanks: int) -> bytes:
        block = json.dumps({"hemeroteca": 1}).encode() + b" " * blanks
        return b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)

    length = len(record(0)) + 20 + more
    found = filled(record, length, form)
    assert found is None or len(found) == length
    if found is None:  # between two numbers of digits, or of blocks, lies a length or two that cannot be
        assert filled(record, length + 4, form) is not None
    elif form is Form.ZSTD:
        found = zstandard.ZstdDecompressor().decompress(found)
    if found is not None:
        record_read = next(ArchiveIterator(BytesIO(found)))
        assert json.loads(record_read.raw_stream.read()) == {"hemeroteca": 1}
