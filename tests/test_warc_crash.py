"""WARC files after a crash, on a full disk, on one that fails: no whole record is lost."""

import errno
import hashlib
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.errors import DiskFull, HemerotecaError
from archive.records import read_at
from archive.warc import Series, Written, repair
from tests.warc_files import INFO, NOON, accepted_elsewhere, answered, exchange, only_file, records, series


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
