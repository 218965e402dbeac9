"""WARC files inside WACZ packages: read where they lie, from any place, and refused in one sentence when broken."""

import os
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import BrokenRecord, UsageError
from archive.records import Found, read_at, walk
from archive.wacz import open_warc, warc_size, warcs_in
from tests.museum import gz, info, pages, url_of

NAME = "archive/data.warc"


def package(folder: Path, members: dict[str, bytes], how: int = zipfile.ZIP_STORED, name: str = "a.wacz") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("datapackage.json", "{}")
        for each, data in members.items():
            target.writestr(each, data, how)
    return path


def inside(path: Path, name: str = NAME) -> Path:
    return Path(f"{path}!/{name}")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_bytes_are_read_from_any_place_in_any_order(tmp_path: Path, data: st.DataObject) -> None:
    seed = Random(7)  # noqa: S311
    # Long enough for a few snapshots of the unpacking; half of it packs well
    content = b"".join(seed.randbytes(300_000) + bytes([n]) * 700_000 for n in range(11))
    how = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    path = tmp_path / f"{how}.wacz"
    if not path.exists():
        package(tmp_path, {"archive/one.warc": b"before", NAME: content, "archive/z.warc": b"after"}, how, path.name)
    with open_warc(inside(path)) as file:
        for _ in range(4):
            at = data.draw(st.integers(0, len(content) + 10))
            length = data.draw(st.sampled_from([0, 1, 4096, 65_536, 200_000]))
            assert file.seek(at) == at
            assert file.read(length) == content[at : at + length]
        assert file.seek(-10, os.SEEK_END) == len(content) - 10
        assert file.read() == content[-10:]
        assert file.read() == b""
    assert warc_size(inside(path)) == len(content)


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("packed", [True, False])
def test_a_record_is_the_same_in_a_package_and_outside(tmp_path: Path, how: int, packed: bool) -> None:
    pieces = [info("writer/1"), *pages(40)]
    data = b"".join(gz(*pieces) if packed else pieces)
    name = f"{NAME}.gz" if packed else NAME
    outside = tmp_path / Path(name).name
    outside.write_bytes(data)
    path = inside(package(tmp_path, {name: data}, how), name)
    expected = list(walk(outside))
    assert list(walk(path)) == expected
    for each in reversed(expected):
        assert isinstance(each, Found)
        assert read_at(path, each.offset) == each.record


def test_the_files_of_a_package(tmp_path: Path) -> None:
    data = b"".join(gz(*pages(1)))
    members = {f"archive/{name}": data for name in ("b.warc.gz", "a.WARC.GZ", "c.warc", "d.arc.gz", "notes.txt")}
    path = package(tmp_path, {**members, "indexes/index.cdx.gz": data, "elsewhere/e.warc.gz": data})
    assert [each.name for each in warcs_in(path)] == ["a.WARC.GZ", "b.warc.gz", "c.warc", "d.arc.gz"]
    assert all(isinstance(next(walk(each)), Found) for each in warcs_in(path))
    # A package by another name is one all the same
    other = path.rename(tmp_path / "download")
    assert len(warcs_in(other)) == 4


def test_a_file_that_is_no_package_stands_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(gz(*pages(1))))
    assert warcs_in(path) == [path]
    assert warc_size(path) == path.stat().st_size
    # Also where a package is what it recorded last
    carrier = tmp_path / "b.warc"
    carrier.write_bytes(pages(1)[0] + package(tmp_path, {NAME: b"x"}).read_bytes())
    assert warcs_in(carrier) == [carrier]


def test_a_directory_may_be_called_like_a_package(tmp_path: Path) -> None:
    folder = tmp_path / "strange!" / "archive"
    folder.mkdir(parents=True)
    path = folder / "a.warc.gz"
    path.write_bytes(b"".join(gz(*pages(1))))
    with open_warc(path) as file:
        assert file.read() == path.read_bytes()
    wacz = inside(package(folder, {NAME: b"".join(pages(2))}))
    assert [each.record.target_uri for each in walk(wacz) if isinstance(each, Found)] == [url_of(1), url_of(2)]


def test_what_a_package_lacks(tmp_path: Path) -> None:
    path = package(tmp_path, {NAME: b"".join(pages(1))})
    for missing in (inside(path, "archive/other.warc"), inside(tmp_path / "gone.wacz")):
        with pytest.raises(FileNotFoundError):
            open_warc(missing)
        with pytest.raises(FileNotFoundError):
            warc_size(missing)
        with pytest.raises(BrokenRecord, match="cannot be read"):
            read_at(missing, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no package at all" * 9, b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(400)],
    ids=["empty", "torn", "text", "no member", "zeros"],
)
def test_a_broken_package_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        warcs_in(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(OSError, match="WACZ"):
        open_warc(inside(path))


def test_any_damage_to_a_package_is_an_error_of_the_disk_or_none(tmp_path: Path) -> None:
    path = package(tmp_path, {NAME: b"".join(pages(3))}, zipfile.ZIP_DEFLATED)
    whole = path.read_bytes()
    seed = Random(3)  # noqa: S311
    refused = 0
    for n in range(150):
        at = seed.randrange(len(whole))
        copy = tmp_path / f"{n}.wacz"
        copy.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << seed.randrange(8)]) + whole[at + 1 :])
        try:
            for warc in warcs_in(copy):
                list(walk(warc))
        except (OSError, UsageError):
            refused += 1
    assert 0 < refused < 150


def test_a_member_that_is_shorter_than_it_says(tmp_path: Path) -> None:
    path = package(tmp_path, {NAME: b"".join(pages(3))}, zipfile.ZIP_DEFLATED)
    size = warc_size(inside(path)).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (2**31).to_bytes(4, "little")))
    with pytest.raises(OSError, match="shorter than it says"):
        list(walk(inside(path)))


def test_a_member_that_is_locked_or_packed_otherwise(tmp_path: Path) -> None:
    path = package(tmp_path, {NAME: b"".join(pages(1))}, zipfile.ZIP_BZIP2)
    with pytest.raises(OSError, match="may not be"):
        open_warc(inside(path))
