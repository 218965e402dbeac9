"""A series of WARC files: where one ends and the next begins, and what is refused."""

import os
from pathlib import Path

import pytest

from archive.corpus import warc_path
from archive.drafts import Wire, response
from archive.errors import BrokenRecord
from archive.records import read_at
from tests.warc_files import NOON, URL, accepted_elsewhere, answered, exchange, only_file, records, series


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


def test_a_place_in_a_file_that_is_closed_meanwhile_is_found(tmp_path: Path) -> None:
    """A reader looks where the file is, and opens it later: a crawl may begin its next one between the two."""
    writer = series(tmp_path)
    written = writer.write([response(URL, NOON, answered(b"an invented story"))])[0]
    path = warc_path(tmp_path, written.pointer.warc_file)
    assert path.name.endswith(".open")
    writer.close()
    assert read_at(path, written.pointer.offset).block.endswith(b"an invented story")
    with pytest.raises(BrokenRecord, match="cannot be read"):
        read_at(path.with_name("another.warc.gz.open"), 0)
