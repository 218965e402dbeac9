"""WARC records: what is written is what is read, by us and by other tools."""

import gzip
import hashlib
import os
import tracemalloc
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.drafts import Draft, Earlier, not_modified, pack, packed_now, response, same_payload
from archive.records import found_at, read_at
from tests.warc_files import ASKED, NOON, URL, accepted_elsewhere, answered, exchange, only_file, records, series


def test_a_group_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    block = answered(b"<p>Bonjour.</p>", b"X-Pad:    wide ", b"no colon", b"X-Latin: caf\xe9", b"Content-Length: 15")
    writer = series(tmp_path)
    drafts = exchange(block)
    written = writer.write(drafts)
    writer.commit()
    closed = writer.close()
    path = tmp_path / "warc/2023/08/hemeroteca-20230804T101500Z-00001.warc.gz"
    assert closed is not None
    assert closed.file == "warc/2023/08/hemeroteca-20230804T101500Z-00001.warc.gz"
    assert (closed.sha256, closed.bytes) == (
        hashlib.sha256(path.read_bytes()).hexdigest(),
        path.stat().st_size,
    )
    assert closed.records == 4
    info, came, sent, note = records(path)
    assert info.type == "warcinfo"
    assert info.header("WARC-Filename") == path.name
    assert b"operator: A Library\r\n" in info.block
    assert b"description" not in info.block
    assert (came.type, came.target_uri, came.date, came.block) == ("response", URL, NOON, block)
    assert came.header("WARC-Date") == "2023-08-04T10:15:00.123456Z"
    assert came.header("warc-ip-address") == "192.0.2.7"
    assert [value for name, value in came.headers if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]
    assert came.header("WARC-Cipher-Suite") == "TLS_AES_256_GCM_SHA384"
    assert came.header("WARC-Warcinfo-ID") == info.record_id
    assert came.truncated is None
    assert (sent.type, sent.block, sent.concurrent_to) == ("request", ASKED, (came.record_id,))
    assert (note.type, note.block, note.header("Content-Type")) == (
        "metadata",
        b'{"kind":"article"}',
        "application/json",
    )
    assert [each.record_id for each in written] == [came.record_id, sent.record_id, note.record_id]
    for each, record in zip(written, (came, sent, note), strict=True):
        found = found_at(tmp_path / each.pointer.warc_file, each.pointer.offset)
        assert found == (record, each.pointer.offset, each.pointer.length)
        assert each.block_sha256 == hashlib.sha256(record.block).hexdigest()
        assert record.digest_problem() is None
    assert written[0].payload_sha256 == hashlib.sha256(b"<p>Bonjour.</p>").hexdigest()
    assert [kind for kind, _ in accepted_elsewhere(path)] == ["warcinfo", "response", "request", "metadata"]


def test_pointers_partition_the_file(tmp_path: Path) -> None:
    writer = series(tmp_path)
    written = [each for n in range(20) for each in writer.write(exchange(answered(b"x" * n * 997)))]
    writer.close()
    path = only_file(tmp_path)
    ends = [each.pointer.offset + each.pointer.length for each in written]
    assert [each.pointer.offset for each in written[1:]] == ends[:-1]
    assert ends[-1] == path.stat().st_size
    with path.open("rb") as stream:
        iterator = ArchiveIterator(stream)
        places = [(iterator.get_record_offset(), iterator.get_record_length()) for _ in iterator]
    assert places[1:] == [(each.pointer.offset, each.pointer.length) for each in written]


def test_every_member_is_plain_gzip(tmp_path: Path) -> None:
    block = answered(gzip.compress(os.urandom(70_000)), b"Content-Encoding: gzip")
    writer = series(tmp_path)
    came, *_ = writer.write(exchange(block))
    writer.close()
    data = only_file(tmp_path).read_bytes()
    member = data[came.pointer.offset :][: came.pointer.length]
    assert gzip.decompress(member).endswith(block + b"\r\n\r\n")
    # What came compressed is framed, not compressed again
    assert len(member) < len(block) + 1500


def test_a_chunked_answer_declares_no_payload_digest(tmp_path: Path) -> None:
    block = answered(b"5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", b"Transfer-Encoding: chunked")
    writer = series(tmp_path)
    came, *_ = writer.write(exchange(block))
    writer.close()
    record = read_at(only_file(tmp_path), came.pointer.offset)
    assert record.block == block
    assert record.header("WARC-Payload-Digest") is None
    assert came.payload_sha256 == hashlib.sha256(b"hello").hexdigest()
    accepted_elsewhere(only_file(tmp_path))


def test_revisits(tmp_path: Path) -> None:
    first = response(URL, NOON, answered(b"body"))
    earlier = Earlier(first.record_id, URL, NOON)
    later = NOON + timedelta(days=1)
    unchanged = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
    group = [
        first,
        not_modified(URL, later, unchanged, earlier=earlier),
        not_modified(URL, later, unchanged, earlier=None),
        same_payload(URL, later, answered(b"body"), earlier=earlier),
    ]
    writer = series(tmp_path)
    written = writer.write(group)
    writer.close()
    path = only_file(tmp_path)
    _, whole, same, alone, equal = records(path)
    assert [each.type for each in (same, alone, equal)] == ["revisit"] * 3
    assert same.block == alone.block == unchanged
    assert same.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert same.refers_to == whole.record_id
    assert same.header("WARC-Refers-To-Target-URI") == URL
    assert same.header("WARC-Refers-To-Date") == "2023-08-04T10:15:00.123456Z"
    assert alone.refers_to is None
    assert equal.block == answered(b"")
    assert equal.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert equal.header("WARC-Payload-Digest") == whole.header("WARC-Payload-Digest")
    assert written[3].payload_sha256 == written[0].payload_sha256
    assert written[1].payload_sha256 is None
    accepted_elsewhere(path)


@pytest.mark.parametrize("reason", ["length", "time", "disconnect", "unspecified"])
def test_truncation_is_kept_with_its_reason(tmp_path: Path, reason: str) -> None:
    writer = series(tmp_path)
    came, *_ = writer.write(exchange(answered(b"part", b"Content-Length: 400"), truncated=reason))
    writer.close()
    assert read_at(only_file(tmp_path), came.pointer.offset).truncated == reason
    accepted_elsewhere(only_file(tmp_path))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4), st.sampled_from([b"gzip", b"identity"]))
def test_any_bytes_in_the_same_bytes_out(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[bytes], coding: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    given_blocks = [*blocks, *(answered(block, b"Content-Encoding: " + coding) for block in blocks)]
    writer = series(folder)
    written = [each for block in given_blocks for each in writer.write(exchange(block))[:1]]
    writer.close()
    path = only_file(folder)
    read = [read_at(path, each.pointer.offset) for each in written]
    assert [record.block for record in read] == given_blocks
    assert all(record.digest_problem() is None for record in records(path))
    with path.open("rb") as stream:
        others = [
            record.raw_stream.read()
            for record in ArchiveIterator(stream, no_record_parse=True)
            if record.rec_type == "response"
        ]
    assert others == given_blocks


class WarcioWriter(WARCWriter):  # type: ignore[misc]
    def ensure_digest(self, record: object, block: bool = True, payload: bool = True) -> None:
        """The digests are those of the draft."""


def by_warcio(draft: Draft, fields: list[tuple[str, str]]) -> bytes:
    """The record as warcio serialises it."""
    out = BytesIO()
    head = StatusAndHeaders("", fields, protocol="WARC/1.1")
    size = len(draft.block)
    # Of a revisit warcio would leave out the block
    record = ArcWarcRecord("warc", "resource", head, BytesIO(draft.block), None, draft.content_type, size)
    WarcioWriter(out, gzip=False, warc_version="1.1").write_record(record)
    return out.getvalue()


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30)


@settings(max_examples=80)
@given(
    st.binary(max_size=200),
    st.sampled_from([0, 1, 3500, 0xFFFF - 4, 0xFFFF, 70_000, (1 << 20) + 3]),
    st.none() | st.integers(0, 250),
    st.none() | words,
    words,
    st.booleans(),
)
def test_a_record_is_what_warcio_would_write(
    block: bytes, more: int, coded_from: int | None, url: str | None, value: str, declared: bool
) -> None:
    draft = Draft(
        "response",
        NOON,
        block + b"x" * more,
        "application/http; msgtype=response",
        url,
        (("WARC-IP-Address", "192.0.2.7"), ("WARC-Cipher-Suite", value)),
        payload_sha256="0" * 64 if declared else None,
        declared=declared,
        coded_from=None if coded_from is None else min(coded_from, len(block)),
    )
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", draft.record_id),
        ("WARC-Date", "2023-08-04T10:15:00.123456Z"),
        *([("WARC-Target-URI", url)] if url is not None else []),
        ("WARC-Warcinfo-ID", "<urn:uuid:1>"),
        ("WARC-IP-Address", "192.0.2.7"),
        ("WARC-Cipher-Suite", value),
        ("WARC-Block-Digest", "sha256:" + "1" * 64),
        *([("WARC-Payload-Digest", "sha256:" + "0" * 64)] if declared else []),
    ]
    record = by_warcio(draft, fields)
    assert gzip.decompress(pack(draft, "1" * 64, "<urn:uuid:1>")) == record
    assert gzip.decompress(pack(packed_now(draft), "1" * 64, "<urn:uuid:1>")) == record


@pytest.mark.parametrize("coding", [b"gzip", b"identity"])
def test_a_long_block_takes_no_room_but_its_own(tmp_path: Path, coding: bytes) -> None:
    block = answered(os.urandom(8 << 20), b"Content-Encoding: " + coding)
    writer = series(tmp_path)
    writer.write(exchange(answered(b"the first")))
    tracemalloc.start()
    try:
        came, *_ = writer.write(exchange(block))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    writer.close()
    assert most < 4 << 20
    assert read_at(only_file(tmp_path), came.pointer.offset).block == block
