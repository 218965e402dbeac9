"""WARC files: what is written is what is read, by us and by other tools, whatever happens to the file."""

import errno
import gzip
import hashlib
import os
import resource
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import fastwarc.warc
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.drafts import (
    Draft,
    Earlier,
    Wire,
    metadata,
    not_modified,
    pack,
    request,
    response,
    same_payload,
)
from archive.errors import BrokenRecord, DiskFull, HemerotecaError
from archive.records import Damage, Found, Record, found_at, read_at, walk
from archive.warc import Series, Written, repair

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
    assert gzip.decompress(pack(draft, "1" * 64, "<urn:uuid:1>")) == by_warcio(draft, fields)


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


def test_a_group_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = series(tmp_path)
    safe = writer.write(exchange(answered(b"before")))
    long = exchange(answered(os.urandom(1 << 20), b"Content-Encoding: gzip"))
    with monkeypatch.context() as patch:
        counted = failing_from(patch, "pwrite", 3, errno.ENOSPC)
        with pytest.raises(DiskFull):
            writer.write([*long[1:], long[0]])  # the answer last, so that the others would go before it
        assert counted() == 3
    after = writer.write(exchange(answered(b"after")))
    writer.close()
    path = only_file(tmp_path)
    assert [record.record_id for record in records(path)[1:]] == [each.record_id for each in safe + after]
    accepted_elsewhere(path)


def test_files_rotate_between_groups(tmp_path: Path) -> None:
    writer = series(tmp_path, max_bytes=60_000)
    written = [each for n in range(12) for each in writer.write(exchange(answered(os.urandom(10_000))))]
    writer.close()
    files = sorted((tmp_path / "warc").rglob("*.warc.gz"))
    assert len(files) > 2
    assert [closed.file for closed in writer.closed] == [path.relative_to(tmp_path).as_posix() for path in files]
    assert all(path.stat().st_size <= 60_000 for path in files)
    assert not list((tmp_path / "warc").rglob("*.open"))
    assert {each.pointer.warc_file for each in written} == {closed.file for closed in writer.closed}
    for group in zip(*[iter(written)] * 3, strict=True):
        assert len({each.pointer.warc_file for each in group}) == 1
    for path in files:
        assert records(path)[0].type == "warcinfo"
        accepted_elsewhere(path)


def test_a_group_larger_than_a_file_is_still_written(tmp_path: Path) -> None:
    writer = series(tmp_path, max_bytes=5_000)
    for _ in range(2):
        writer.write(exchange(answered(os.urandom(20_000))))
    writer.close()
    assert [closed.records for closed in writer.closed] == [4, 4]


def test_two_series_of_one_second_do_not_meet(tmp_path: Path) -> None:
    one, other = series(tmp_path), series(tmp_path)
    names = {writer.write(exchange(answered(b"x")))[0].pointer.warc_file for writer in (one, other)}
    one.close()
    other.close()
    third = series(tmp_path)
    names.add(third.write(exchange(answered(b"y")))[0].pointer.warc_file)
    third.close()
    assert len(names) == 3


def test_a_series_that_wrote_nothing_leaves_nothing(tmp_path: Path) -> None:
    writer = series(tmp_path)
    writer.commit()
    assert writer.close() is None
    assert not (tmp_path / "warc").exists()


def test_an_open_file_can_be_read_after_commit(tmp_path: Path) -> None:
    writer = series(tmp_path)
    writer.write(exchange(answered(b"x")))
    writer.commit()
    assert len(records(only_file(tmp_path, "*.open"))) == 4
    writer.close()


def test_a_time_without_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="offset"):
        series(tmp_path).write([response(URL, NOON.replace(tzinfo=None), b"")])


def test_values_cannot_break_the_head(tmp_path: Path) -> None:
    writer = series(tmp_path)
    wire = Wire(cipher="A\r\nWARC-Type: request")
    came, *_ = writer.write([response(URL, NOON, b"HTTP/1.1 200 OK\r\n\r\n", wire=wire)])
    writer.close()
    record = read_at(only_file(tmp_path), came.pointer.offset)
    assert record.header("WARC-Cipher-Suite") == "A WARC-Type: request"


# ---- a crash, a full disk


def crashed(folder: Path, blocks: list[bytes]) -> tuple[Path, list[Written]]:
    """An open file as a process leaves it that was killed, and what had been written."""
    writer = series(folder)
    written = [each for block in blocks for each in writer.write(exchange(block))]
    writer.commit()
    return only_file(folder, "*.open"), written


def test_a_cut_at_any_place_loses_no_whole_record(tmp_path: Path) -> None:
    path, written = crashed(tmp_path, [answered(os.urandom(900)) for _ in range(3)])
    data = path.read_bytes()
    last = written[-3].pointer
    assert last.offset + last.length < len(data)
    ends = [each.pointer.offset + each.pointer.length for each in written]
    for cut in {*range(40), *range(last.offset - 3, len(data), 7), len(data)}:
        again = path.with_name(f"cut-{cut}.warc.gz.open")
        again.write_bytes(data[:cut])
        mended = repair(again)
        kept = [end for end in ends if end <= cut]
        assert not again.exists()
        assert mended.old_size == cut
        if not kept:
            continue
        assert mended.file == path.with_name(f"cut-{cut}.warc.gz")
        assert mended.file is not None
        assert mended.new_size == mended.file.stat().st_size == kept[-1]
        assert mended.records == len(kept) + 1
        assert mended.damage == ()
        assert len(records(mended.file)) == mended.records


def test_a_mended_file_is_accepted_elsewhere_and_a_new_one_follows(tmp_path: Path) -> None:
    path, _ = crashed(tmp_path, [answered(b"one"), answered(b"two")])
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 5)
    mended = repair(path)
    assert mended.file is not None
    accepted_elsewhere(mended.file)
    writer = series(tmp_path)
    came, *_ = writer.write(exchange(answered(b"three")))
    writer.close()
    assert came.pointer.warc_file.endswith("-00002.warc.gz")
    accepted_elsewhere(tmp_path / came.pointer.warc_file)


def test_nothing_whole_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz.open"
    for left in (b"", b"\x1f", b"\x1f\x8b\x08" + b"\0" * 40):
        path.write_bytes(left)
        mended = repair(path)
        assert (mended.file, mended.new_size, mended.old_size) == (None, 0, len(left))
    assert not list(tmp_path.iterdir())


def test_damage_before_the_tail_is_kept_and_named(tmp_path: Path) -> None:
    path, written = crashed(tmp_path, [answered(os.urandom(4000)) for _ in range(4)])
    data = bytearray(path.read_bytes())
    spoilt = written[3].pointer
    data[spoilt.offset + spoilt.length // 2] ^= 0x10
    path.write_bytes(data[:-10])
    mended = repair(path)
    last = written[-2].pointer
    assert mended.new_size == last.offset + last.length
    assert [each.offset for each in mended.damage] == [spoilt.offset]
    assert mended.records == len(written) - 1  # all but the spoilt and the cut one, and the warcinfo


def test_repair_touches_only_open_files(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"x")
    with pytest.raises(HemerotecaError, match="left open"):
        repair(tmp_path / "a.warc.gz")
    (tmp_path / "a.warc.gz.open").write_bytes(b"y")
    with pytest.raises(HemerotecaError, match="both there"):
        repair(tmp_path / "a.warc.gz.open")
    assert (tmp_path / "a.warc.gz").read_bytes() == b"x"


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_may_not_grow_ends_with_a_whole_record(tmp_path: Path) -> None:
    writer = series(tmp_path)
    safe = writer.write(exchange(answered(os.urandom(5000))))
    writer.commit()
    with file_size_limit(16_000):
        safe += writer.write(exchange(answered(os.urandom(5000))))
        with pytest.raises(DiskFull, match="make room"):
            writer.write(exchange(answered(os.urandom(5000))))
    after = writer.write(exchange(answered(b"there is room again")))
    closed = writer.close()
    path = only_file(tmp_path)
    assert closed is not None
    assert closed.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    ids = [record.record_id for record in records(path)]
    assert set(ids) >= {each.record_id for each in safe + after}
    accepted_elsewhere(path)


def test_a_disk_without_room_for_the_first_record_leaves_no_file(tmp_path: Path) -> None:
    writer = series(tmp_path)
    with file_size_limit(100), pytest.raises(DiskFull):
        writer.write(exchange(answered(b"x")))
    assert not list(tmp_path.rglob("*.open"))
    writer.write(exchange(answered(b"x")))
    writer.close()
    assert len(records(only_file(tmp_path))) == 4


CALLS = ["pwrite", "fsync", "open", "rename"]


def failing_from(monkeypatch: pytest.MonkeyPatch, call: str, turn: int, number: int) -> Callable[[], int]:
    """Let the operating system refuse the n-th call of a kind; say how many calls there were."""
    target = Path if call == "rename" else os
    real = getattr(target, call)
    count = 0

    def refuse(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        if count == turn:
            if call == "pwrite":
                # Half of the bytes get through, as on a disk that fills
                descriptor, data, offset = args
                real(descriptor, bytes(data)[: len(data) // 2], offset)  # type: ignore[call-overload]
            raise OSError(number, os.strerror(number))
        return real(*args, **kwargs)

    monkeypatch.setattr(target, call, refuse)
    return lambda: count


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failure_at_any_call_loses_nothing_that_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    turn = 0
    while True:
        turn += 1
        folder = tmp_path / f"{call}-{turn}"
        committed: list[Written] = []
        pending: list[Written] = []
        failures: list[HemerotecaError] = []
        writer = Series(folder / "warc", info=INFO, now=lambda: NOON, max_bytes=14_000)
        with monkeypatch.context() as patch:
            counted = failing_from(patch, call, turn, number)
            for n in range(6):
                try:
                    pending += writer.write(exchange(answered(bytes([n]) * 5000, b"Content-Encoding: x")))
                    writer.commit()
                except HemerotecaError as error:
                    failures.append(error)
                    pending = []
                else:
                    committed += pending
                    pending = []
            try:
                writer.close()
            except HemerotecaError as error:
                failures.append(error)
            reached = counted()
        left = list((folder / "warc").rglob("*.open"))
        for path in left:
            repair(path)
        for each in committed:
            record = read_at(folder / each.pointer.warc_file, each.pointer.offset)
            assert hashlib.sha256(record.block).hexdigest() == each.block_sha256
        for path in (folder / "warc").rglob("*.warc.gz"):
            assert records(path)[0].type == "warcinfo"
        for closed in writer.closed:
            assert closed.sha256 == hashlib.sha256((folder / closed.file).read_bytes()).hexdigest()
        if reached < turn:
            assert not failures
            assert len(committed) == 18
            break
        assert [isinstance(error, DiskFull) for error in failures] == [number == errno.ENOSPC]
    assert turn > 3


# ---- damage and foreign files


def closed_file(folder: Path, count: int = 8, size: int = 3000) -> tuple[Path, list[Written]]:
    writer = series(folder)
    written = [each for _ in range(count) for each in writer.write(exchange(answered(os.urandom(size))))]
    writer.close()
    return only_file(folder), written


def test_a_flipped_byte_costs_one_record(tmp_path: Path) -> None:
    path, written = closed_file(tmp_path)
    whole = path.read_bytes()
    for place in range(written[0].pointer.offset, len(whole), 431):
        data = bytearray(whole)
        data[place] ^= 0xFF
        path.write_bytes(data)
        hit = [each for each in written if each.pointer.offset <= place][-1]
        read = [found for found in walk(path) if isinstance(found, Found)]
        damage = [found for found in walk(path) if isinstance(found, Damage)]
        ids = {found.record.record_id for found in read if found.record.digest_problem() is None}
        assert {each.record_id for each in written} - ids <= {hit.record_id}, place
        assert [each.offset for each in damage] in ([], [hit.pointer.offset])
        if not damage:
            # Some bytes of a gzip head say nothing about the data
            assert len(ids) == len(written) + 1


def test_a_hole_costs_what_lay_in_it(tmp_path: Path) -> None:
    path, written = closed_file(tmp_path)
    data = bytearray(path.read_bytes())
    first, last = written[4].pointer, written[9].pointer
    data[first.offset + 7 : last.offset + 7] = b"\0" * (last.offset - first.offset)
    path.write_bytes(data)
    found = list(walk(path))
    (damage,) = (each for each in found if isinstance(each, Damage))
    assert damage.offset == first.offset
    assert str(written[10].pointer.offset) in damage.why
    assert len(found) == 1 + len(written) - 6 + 1


def test_a_walk_starts_at_any_member(tmp_path: Path) -> None:
    path, written = closed_file(tmp_path)
    for n, each in enumerate(written):
        found = [one for one in walk(path, start=each.pointer.offset) if isinstance(one, Found)]
        assert [one.record.record_id for one in found] == [later.record_id for later in written[n:]]
        assert [one.offset for one in found] == [later.pointer.offset for later in written[n:]]
    assert list(walk(path, start=path.stat().st_size)) == []


def test_an_archived_archive_never_passes_for_our_records(tmp_path: Path) -> None:
    inner, _ = closed_file(tmp_path / "inner", count=3)
    body = inner.read_bytes()
    writer = series(tmp_path / "outer")
    block = answered(body, b"Content-Type: application/gzip", b"Content-Encoding: identity")
    coded = answered(body, b"Content-Encoding: gzip")
    written = writer.write([response(URL, NOON, coded), response(URL, NOON, block), *exchange(answered(b"after"))])
    writer.close()
    outer = only_file(tmp_path / "outer")
    spoilt = written[0].pointer
    data = bytearray(outer.read_bytes())
    for place in (spoilt.offset + 60, spoilt.offset + spoilt.length - 6):
        again = bytearray(data)
        again[place] ^= 0xFF
        outer.write_bytes(again)
        ids = [found.record.record_id for found in walk(outer) if isinstance(found, Found)]
        assert ids[1:] == [each.record_id for each in written[1:]]
    # The same with the tail cut inside the record that carries the archive
    open_file = outer.with_name(outer.name + ".open")
    open_file.write_bytes(bytes(data)[: spoilt.offset + spoilt.length - 3])
    assert repair(open_file.rename(open_file.with_name("b.warc.gz.open"))).records == 1


def test_read_at_says_what_is_wrong(tmp_path: Path) -> None:
    path, written = closed_file(tmp_path, count=1)
    for place in (1, written[0].pointer.offset + 1, path.stat().st_size, path.stat().st_size + 100):
        with pytest.raises(BrokenRecord, match="no whole record"):
            read_at(path, place)
    with pytest.raises(BrokenRecord, match="cannot be read"):
        read_at(path.with_name("absent.warc.gz"), 0)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BrokenRecord, match="no whole record"):
        read_at(path, written[-1].pointer.offset)


def test_a_large_block_is_read_as_far_as_the_limit(tmp_path: Path) -> None:
    block = answered(os.urandom(500_000))
    writer = series(tmp_path)
    came, *_ = writer.write(exchange(block))
    writer.close()
    record = read_at(only_file(tmp_path), came.pointer.offset, limit=100_000)
    assert (record.block, record.size, record.truncated) == (block[:100_000], len(block), "length")
    lengths = [len(each.record.block) for each in walk(only_file(tmp_path), limit=10) if isinstance(each, Found)]
    assert lengths == [10, 10, 10, 10]


def test_a_changed_block_does_not_give_its_digest(tmp_path: Path) -> None:
    path, written = closed_file(tmp_path, count=1)
    record = read_at(path, written[0].pointer.offset)
    changed = Record(
        record.type,
        record.target_uri,
        record.date,
        record.record_id,
        record.headers,
        record.block[:-1] + bytes([record.block[-1] ^ 1]),
        record.size,
    )
    assert record.digest_problem() is None
    assert changed.digest_problem() == "the block does not give its WARC-Block-Digest"


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


def test_one_gzip_stream_over_all_records_is_said(tmp_path: Path) -> None:
    path = tmp_path / "other.warc.gz"
    path.write_bytes(gzip.compress(foreign("1.0", compress=False)))
    first, damage = walk(path)
    assert isinstance(first, Found)
    assert isinstance(damage, Damage)
    assert "warcio recompress" in damage.why


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
