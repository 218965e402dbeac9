"""WARC and ARC files of other software, whole and damaged."""

import gzip
import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from warcio.warcwriter import WARCWriter

from archive.records import Damage, Found, found_at, walk
from tests.warc_files import answered


def foreign(version: str, *, compress: bool) -> bytes:
    """A file as other software writes it: warcio's defaults, responses only, SHA-1 digests."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=compress, warc_version=version)
    for n in range(5):
        block = answered(b"<p>article %d</p>" % n)
        writer.write_record(
            writer.create_warc_record(
                f"http://press.example/{n}", "response", payload=BytesIO(block), length=len(block)
            )
        )
    return out.getvalue()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("form", ["gz", "plain", "zst", "zst-dictionary"])
def test_foreign_files(tmp_path: Path, version: str, form: str) -> None:
    plain = foreign(version, compress=False)
    path = tmp_path / "other.warc"
    data = plain
    if form == "gz":
        data = foreign(version, compress=True)
    elif form.startswith("zst"):
        data = as_zstd(plain, dictionary=form == "zst-dictionary")
    path.write_bytes(data)
    found = list(walk(path))
    assert all(isinstance(each, Found) for each in found), found
    places = [each for each in found if isinstance(each, Found)]
    assert [each.record.target_uri for each in places] == [f"http://press.example/{n}" for n in range(5)]
    assert [each.record.block.endswith(b"<p>article %d</p>" % n) for n, each in enumerate(places)] == [True] * 5
    assert all(each.record.digest_problem() is None for each in places)
    for each in places:
        assert found_at(path, each.offset) == each
    assert places[-1].offset + places[-1].length == len(data)


def as_zstd(plain: bytes, *, dictionary: bool) -> bytes:
    parts = [b"WARC/" + part for part in plain.split(b"WARC/1")[1:]]
    parts = [part.replace(b"WARC/.", b"WARC/1.", 1) for part in parts]
    if not dictionary:
        return b"".join(zstandard.compress(part) for part in parts)
    words = zstandard.ZstdCompressionDict(plain[:2000], dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packed = zstandard.compress(words.as_bytes())
    frames = (zstandard.ZstdCompressor(dict_data=words).compress(part) for part in parts)
    return b"\x5d\x2a\x4d\x18" + len(packed).to_bytes(4, "little") + packed + b"".join(frames)


@pytest.mark.parametrize("form", ["gz", "plain"])
def test_foreign_damage(tmp_path: Path, form: str) -> None:
    data = bytearray(foreign("1.0", compress=form == "gz"))
    path = tmp_path / "other.warc"
    path.write_bytes(data)
    places = [each for each in walk(path) if isinstance(each, Found)]
    if form == "gz":
        data[places[2].offset + 40] ^= 0xFF
    else:
        at = data.index(b"Content-Length", places[2].offset)
        data[at : at + 7] = b"Kontent"
    path.write_bytes(data)
    found = list(walk(path))
    assert [each.record.target_uri[-1] for each in found if isinstance(each, Found)] == ["0", "1", "3", "4"]
    assert [each.offset for each in found if isinstance(each, Damage)] == [places[2].offset]
    path.write_bytes(bytes(data)[:-30])
    *_, last = walk(path)
    assert isinstance(last, Damage)
    assert last.offset == places[4].offset


def test_a_plain_record_that_claims_to_be_longer_swallows_no_other(tmp_path: Path) -> None:
    data = foreign("1.0", compress=False)
    path = tmp_path / "other.warc"
    path.write_bytes(data)
    places = [each for each in walk(path) if isinstance(each, Found)]
    at = data.index(b"Content-Length: ", places[1].offset) + 16
    end = data.index(b"\r\n", at)
    for more in (60, places[2].length, places[2].length + 25, len(data)):
        longer = b"%d" % (int(data[at:end]) + more)
        path.write_bytes(data[:at] + longer + data[end:])
        found = list(walk(path))
        assert [each.record.target_uri[-1] for each in found if isinstance(each, Found)] == ["0", "2", "3", "4"], more
        assert [each.offset for each in found if isinstance(each, Damage)] == [places[1].offset], more


def test_an_archive_inside_a_plain_record_stays_inside_though_the_next_is_damaged(tmp_path: Path) -> None:
    inside = foreign("1.0", compress=False)
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    for number, body in enumerate((inside, b"<p>the next</p>")):
        block = b"HTTP/1.1 200 OK\r\n\r\n" + body
        url = f"http://outer.example/{number}"
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(block), length=len(block)))
    data = out.getvalue()
    damaged = data.rindex(b"WARC/1.0")
    path = tmp_path / "outer.warc"
    path.write_bytes(data[:damaged] + b"XARC" + data[damaged + 4 :])
    found = list(walk(path))
    assert [each.record.target_uri for each in found if isinstance(each, Found)] == ["http://outer.example/0"]
    assert [each.offset for each in found if isinstance(each, Damage)] == [damaged]


def test_one_gzip_stream_over_all_records_is_said(tmp_path: Path) -> None:
    path = tmp_path / "other.warc.gz"
    path.write_bytes(gzip.compress(foreign("1.0", compress=False)))
    first, damage = walk(path)
    assert isinstance(first, Found)
    assert isinstance(damage, Damage)
    assert "take the plain one" in damage.why


def test_arc_files_are_read(tmp_path: Path) -> None:
    head = b"filedesc://a.arc 0.0.0.0 20080430204825 text/plain 8\n1 0 Test\nname\n\n"
    page = b"http://press.example/ 192.0.2.7 20080430204826 text/html %d\n%s\n"
    block = answered(b"<p>an old article</p>")
    path = tmp_path / "a.arc.gz"
    path.write_bytes(gzip.compress(head) + gzip.compress(page % (len(block), block)))
    found = [each for each in walk(path) if isinstance(each, Found)]
    assert found[-1].record.target_uri == "http://press.example/"
    assert found[-1].record.block == block
    assert found[-1].record.date == datetime(2008, 4, 30, 20, 48, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "junk", [b"", b"\r\n\r\n", b"<html>no archive</html>\n", b"\x1f\x8b\x08junk", os.urandom(5000)]
)
def test_what_is_no_archive_gives_no_record(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.warc.gz"
    path.write_bytes(junk)
    found = list(walk(path))
    assert all(isinstance(each, Damage) for each in found)
    assert bool(found) == bool(junk.strip())
