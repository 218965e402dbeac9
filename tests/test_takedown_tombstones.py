"""Tombstones: exactly as long as what they replace, and read by every tool."""

import gzip
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.cdxj import cdxj_lines
from archive.drafts import Draft, Earlier, exchange, metadata, not_modified, request, response, same_payload
from archive.drafts import pack as packed
from archive.notes import unpack
from archive.records import Found, Record, read_at, walk
from archive.takedown.room import member
from archive.takedown.tombstone import Epitaph, NoRoom, replaced, said_by, tombstone
from archive.warc import Series

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)
DOWN = datetime(2023, 9, 1, tzinfo=UTC)
URL = "https://gazette.example/jam"
INFO = "<urn:uuid:00000000-0000-4000-8000-000000000000>"
EARLIER = Earlier("<urn:uuid:11111111-0000-4000-8000-000000000000>", URL, AT)
LEAST = b"HTTP/1.1 200 OK\r\n\r\n"


def epitaph(of: str = "response", reason: str = "order of a court") -> Epitaph:
    return Epitaph(of, reason, DOWN, 12, "ab" * 32, "cd" * 32)


def stored(draft: Draft) -> tuple[bytes, Record]:
    """A record as our writer makes it, and as it is read."""
    data = packed(draft, sha256(draft.block).hexdigest(), INFO)
    return data, as_read(data)


def as_read(data: bytes) -> Record:
    with NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(data)
        file.flush()
        return read_at(Path(file.name), 0)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=4000), st.text(max_size=300), st.sampled_from(["", "gzip"]), st.integers(1, 10**6))
def test_a_tombstone_is_exactly_as_long_as_its_record(body: bytes, reason: str, coding: str, n: int) -> None:
    field = f"Content-Encoding: {coding}\r\n" if coding else ""
    block = f"HTTP/1.1 200 OK\r\n{field}Content-Length: {len(body)}\r\n\r\n".encode() + body
    data, record = stored(response(URL, AT, block))
    stone = tombstone(record, len(data), Epitaph("response", reason, DOWN, n, "ab" * 32, "cd" * 32))
    assert len(stone) == len(data)
    assert gzip.decompress(stone).endswith(b"\r\n\r\n")
    found = as_read(stone)
    assert (found.type, found.record_id, found.target_uri, found.date) == ("metadata", record.record_id, URL, AT)
    assert found.header("WARC-Warcinfo-ID") == INFO
    assert found.digest_problem() is None
    said = said_by(found)
    assert said is not None
    assert (said["of"], said["journal"]) == ("response", n)
    assert said.get("reason", reason) == reason
    assert unpack(found.block) is None  # no note of a crawl


@given(st.binary(max_size=300), st.integers(-3, 70_000))
@settings(deadline=None)
def test_a_member_fills_any_room_that_is_large_enough(data: bytes, more: int) -> None:
    least = next(length for length in range(18, 1000) if member(data, length))
    found = member(data, least + more)
    if more < 0:
        assert found is None
    else:
        assert found is not None
        assert len(found) == least + more
        assert gzip.decompress(found) == data


@pytest.mark.parametrize(
    "draft",
    [
        response(URL, AT, LEAST),
        response("https://g.example/", AT, b"HTTP/1.0 200\n\n"),
        not_modified(URL, AT, b"HTTP/1.1 304 Not Modified\r\n\r\n", earlier=None),
        not_modified(URL, AT, b"HTTP/1.1 304 Not Modified\r\n\r\n", earlier=EARLIER),
        same_payload(URL, AT, LEAST + b"x", earlier=EARLIER),
        response(URL + "/" + "ä" * 500, AT, LEAST),
    ],
)
def test_the_smallest_records_have_room(draft: Draft) -> None:
    data, record = stored(draft)
    stone = tombstone(record, len(data), epitaph(draft.type))
    assert len(stone) == len(data)
    said = said_by(as_read(stone))
    assert said is not None
    assert said["journal"] == 12


def test_a_room_that_is_too_small_is_refused() -> None:
    record = stored(response(URL, AT, LEAST))[1]
    with pytest.raises(NoRoom, match="too small"):
        tombstone(record, 150, epitaph())


def test_the_whole_is_said_where_there_is_room() -> None:
    data, record = stored(response(URL, AT, LEAST + bytes(range(256)) * 4))
    assert said_by(as_read(tombstone(record, len(data), epitaph()))) == {
        "of": "response",
        "reason": "order of a court",
        "at": "2023-09-01T00:00:00Z",
        "block_sha256": "ab" * 32,
        "payload_sha256": "cd" * 32,
        "journal": 12,
    }
    long = " ".join(sha256(str(n).encode()).hexdigest() for n in range(30))
    said = said_by(as_read(tombstone(record, len(data), epitaph(reason=long))))
    assert said is not None
    assert "reason" not in said
    assert said["block_sha256"] == "ab" * 32


@pytest.mark.parametrize("title", ["a", "Marmaladegate", "ä" * 2000])
def test_a_note_stays_what_it_is_without_its_words(title: str) -> None:
    block = f'{{"hemeroteca":1,"capture":{{"run_id":"r","outlet":"g","kind":"article","title":"{title}"}}}}'.encode()
    data, record = stored(metadata(AT, block, url=URL, concurrent_to=EARLIER.record_id))
    new = replaced(record, len(data), b'{"hemeroteca":1,"capture":{"run_id":"r","outlet":"g","kind":"article"}}')
    found = as_read(new)
    assert len(new) == len(data)
    assert (found.record_id, found.concurrent_to) == (record.record_id, (EARLIER.record_id,))
    assert found.digest_problem() is None


def test_every_tool_reads_a_file_with_tombstones(tmp_path: Path) -> None:
    """Also with a comment of 8 MiB, which is what a large page leaves."""
    series = Series(tmp_path / "warc", info={"software": "hemeroteca/0.1.0"}, now=lambda: AT)
    noise = zlib.compress(b"".join(sha256(str(n).encode()).digest() for n in range(8 * 2**20 // 32)), 0)[: 8 * 2**20]
    written = []
    for n, body in enumerate((b"first", noise, b"third", b"fourth" * 100)):
        url = f"{URL}/{n}"
        answer = response(url, AT, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        asked = request(url, AT, b"GET / HTTP/1.1\r\n\r\n", concurrent_to=answer.record_id)
        said = metadata(AT, b"{}", url=url, concurrent_to=answer.record_id)
        written.append(series.write(exchange(said, asked, answer))[-1])
    closed = series.close()
    assert closed is not None
    path = tmp_path / closed.file
    data = bytearray(path.read_bytes())
    ours = [(found.record.record_id, found.offset, found.length) for found in walk(path) if isinstance(found, Found)]
    for each in written[:3]:
        place = each.pointer
        stone = tombstone(read_at(path, place.offset), place.length, epitaph())
        data[place.offset : place.offset + place.length] = stone
    assert written[1].pointer.length > 8 * 2**20
    path.write_bytes(data)
    found = [each for each in walk(path) if isinstance(each, Found)]
    assert [(each.record.record_id, each.offset, each.length) for each in found] == ours
    assert [each.record.type for each in found][3::3] == ["metadata"] * 3 + ["response"]
    ids = [each[0] for each in ours]
    with path.open("rb") as stream:
        walker = ArchiveIterator(stream)
        theirs = [
            (record.rec_headers.get_header("WARC-Record-ID"), walker.get_record_offset(), walker.get_record_length())
            for record in walker
        ]
    assert theirs == ours
    with path.open("rb") as stream:
        assert [each.record_id for each in FastIterator(stream, parse_http=False)] == ids
    assert len(cdxj_lines(path)) == 1
    for command in (["gzip", "-t"], [sys.executable, "-m", "warcio.cli", "check"]):
        checked = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
