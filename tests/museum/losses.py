"""Files that lost something."""

from collections.abc import Callable
from pathlib import Path

from tests.museum.records import Exhibit, exhibit, gz, pages, urls, write, zst


def _spoilt(
    folder: Path, form: str, change: Callable[[bytes, int, int], bytes], others: frozenset[str] = frozenset()
) -> Exhibit:
    """Six records; `change` gets the file's bytes and where the third begins and ends."""
    packed = {"warc": lambda *each: list(each), "warc.gz": gz, "warc.zst": zst}[form](*pages(6))
    path, places = write(folder, f"a.{form}", packed)
    path.write_bytes(change(path.read_bytes(), places[2], places[3]))
    return Exhibit(path, urls(1, 2, 4, 5, 6), (places[2],), others)


def _flipped(data: bytes, begin: int, end: int) -> bytes:
    middle = (begin + end) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


@exhibit
def a_flipped_byte_in_gz(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc.gz", _flipped)


@exhibit
def a_flipped_byte_in_zstd(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc.zst", _flipped)


@exhibit
def a_flipped_first_byte(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc.gz", lambda data, begin, _: data[:begin] + b"\x00" + data[begin + 1 :])


@exhibit
def damaged_from_the_first_byte_on(folder: Path) -> Exhibit:
    """So that the file does not say any more how it is packed."""
    path, _ = write(folder, "a.warc.gz", gz(*pages(4)))
    path.write_bytes(bytes(20) + path.read_bytes()[20:])
    return Exhibit(path, urls(2, 3, 4), (0,), frozenset())


@exhibit
def a_flipped_byte_in_a_plain_head(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc", lambda data, begin, _: data[:begin] + b"M" + data[begin + 1 :])


@exhibit
def zeros_in_gz(folder: Path) -> Exhibit:
    """A hole, as a file system leaves it that lost its power."""
    return _spoilt(
        folder, "warc.gz", lambda data, begin, end: data[: begin + 40] + bytes(end - begin - 60) + data[end - 20 :]
    )


@exhibit
def zeros_over_two_records(folder: Path) -> Exhibit:
    packed = gz(*pages(6))
    path, places = write(folder, "a.warc.gz", packed)
    data = path.read_bytes()
    path.write_bytes(data[: places[2] + 30] + bytes(places[4] - places[2] - 60) + data[places[4] - 30 :])
    return Exhibit(path, urls(1, 2, 5, 6), (places[2],), frozenset())


@exhibit
def zeros_in_a_plain_file(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc", lambda data, begin, end: data[:begin] + bytes(end - begin) + data[end:])


@exhibit
def a_piece_missing(folder: Path) -> Exhibit:
    return _spoilt(folder, "warc.gz", lambda data, begin, end: data[: begin + 100] + data[end - 100 :])


@exhibit
def junk_put_in(folder: Path) -> Exhibit:
    """Between two records, and with what looks like the start of a gzip member in it."""
    packed = gz(*pages(4))
    path, places = write(folder, "a.warc.gz", [*packed[:2], b"\x1f\x8b\x08\x00junk" * 9, *packed[2:]])
    return Exhibit(path, urls(1, 2, 3, 4), (places[2],), frozenset())


def _cut(folder: Path, form: str, keep: int) -> Exhibit:
    packed = {"warc": lambda *each: list(each), "warc.gz": gz, "warc.zst": zst}[form](*pages(4))
    path, places = write(folder, f"a.{form}", packed)
    path.write_bytes(path.read_bytes()[: places[3] + keep])
    return Exhibit(path, urls(1, 2, 3), (places[3],), frozenset())


@exhibit
def a_cut_tail_in_gz(folder: Path) -> Exhibit:
    return _cut(folder, "warc.gz", 300)


@exhibit
def a_tail_of_one_byte(folder: Path) -> Exhibit:
    shown = _cut(folder, "warc.gz", 1)
    return Exhibit(shown.path, shown.readable, shown.damage)


@exhibit
def a_cut_tail_in_zstd(folder: Path) -> Exhibit:
    return _cut(folder, "warc.zst", 300)


@exhibit
def a_cut_tail_in_a_plain_file(folder: Path) -> Exhibit:
    return _cut(folder, "warc", 500)


@exhibit
def a_cut_tail_in_a_plain_head(folder: Path) -> Exhibit:
    return _cut(folder, "warc", 60)


@exhibit
def appended_to_after_a_cut(folder: Path) -> Exhibit:
    """A crawler that died and went on writing to the same file."""
    packed = gz(*pages(4))
    path, places = write(folder, "a.warc.gz", [*packed[:2], packed[2][:200], packed[3]])
    return Exhibit(path, urls(1, 2, 4), (places[2],), frozenset())
