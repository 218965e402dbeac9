"""Damage in a WARC file costs the records that it hit, and no other."""

import os
from pathlib import Path

import pytest

from archive.drafts import response
from archive.errors import BrokenRecord
from archive.records import Damage, Found, Record, read_at, walk
from archive.warc import repair
from tests.warc_files import NOON, URL, answered, closed_file, exchange, only_file, series


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
