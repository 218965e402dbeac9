"""Files in every form that WARC files have."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import zstandard

from tests.museum.records import Exhibit, answer, exhibit, gz, info, page, pages, url_of, urls, write, zst


@exhibit
def warc_1_0_plain(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc", [info("writer/1"), *pages(3)])
    return Exhibit(path, ("", *urls(1, 2, 3)))


@exhibit
def warc_1_1_gz(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc.gz", gz(info("writer/1", "1.1"), *pages(3, "1.1")))
    return Exhibit(path, ("", *urls(1, 2, 3)))


@exhibit
def warc_0_18(folder: Path) -> Exhibit:
    """A draft of the format, which Heritrix 2 wrote."""
    path, _ = write(folder, "a.warc.gz", gz(*pages(2, "0.18")))
    return Exhibit(path, urls(1, 2))


@exhibit
def zstd_without_dictionary(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc.zst", zst(info("writer/1"), *pages(3)))
    return Exhibit(path, ("", *urls(1, 2, 3)), others=frozenset({"fastwarc"}))


@exhibit
def zstd_with_dictionary(folder: Path) -> Exhibit:
    """As ArchiveTeam writes them: the dictionary lies first, in a skippable frame (IIPC's WARC-Zstandard)."""
    dictionary = zstandard.ZstdCompressionDict(b"".join(pages(6, first=50)))
    packed = zstandard.ZstdCompressor().compress(dictionary.as_bytes())
    frame = b"\x5d\x2a\x4d\x18" + len(packed).to_bytes(4, "little") + packed
    path, _ = write(folder, "a.warc.zst", [frame, *zst(info("writer/1"), *pages(3), dictionary=dictionary)])
    return Exhibit(path, ("", *urls(1, 2, 3)), others=frozenset({"fastwarc"}))


def _arc(count: int) -> list[bytes]:
    about = b"1 0 Desk\nURL IP-address Archive-date Content-type Archive-length\n\n"
    records = [b"filedesc://a.arc 0.0.0.0 20060704120000 text/plain %d\n" % len(about) + about + b"\n"]
    for n in range(1, count + 1):
        body = answer(page(n))
        head = f"{url_of(n)} 192.0.2.1 2006070412000{n} text/html {len(body)}\n".encode()
        records.append(head + body + b"\n")
    return records


@exhibit
def arc_plain(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.arc", _arc(3))
    return Exhibit(path, ("", *urls(1, 2, 3)), others=frozenset({"warcio"}))


@exhibit
def arc_gz(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.arc.gz", gz(*_arc(3)))
    return Exhibit(path, ("", *urls(1, 2, 3)), others=frozenset({"warcio"}))


@exhibit
def wacz_stored(folder: Path) -> Exhibit:
    return _wacz(folder, "data.warc.gz", gz(info("browsertrix/1", "1.1"), *pages(3, "1.1")), zipfile.ZIP_STORED)


@exhibit
def wacz_deflated(folder: Path) -> Exhibit:
    return _wacz(folder, "data.warc", [info("browsertrix/1", "1.1"), *pages(3, "1.1")], zipfile.ZIP_DEFLATED)


def _wacz(folder: Path, name: str, pieces: Sequence[bytes], how: int) -> Exhibit:
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("pages/pages.jsonl", '{"format":"json-pages-1.0"}\n', zipfile.ZIP_DEFLATED)
        package.writestr(f"archive/{name}", b"".join(pieces), how)
        package.writestr("datapackage.json", '{"profile":"data-package"}', zipfile.ZIP_DEFLATED)
    return Exhibit(folder / f"a.wacz!/archive/{name}", ("", *urls(1, 2, 3)))


@exhibit
def files_joined(folder: Path) -> Exhibit:
    """`cat a.warc.gz b.warc.gz`, which the format allows."""
    path, _ = write(folder, "a.warc.gz", gz(info("a/1"), *pages(2), info("b/1"), *pages(2, first=3)))
    return Exhibit(path, ("", *urls(1, 2), "", *urls(3, 4)))


@exhibit
def joined_with_others(folder: Path) -> Exhibit:
    """`cat` of files in three forms, which the format does not allow."""
    pieces = [*gz(*pages(2)), *pages(2, first=3), *zst(*pages(1, first=5)), *gz(*pages(1, first=6))]
    path, _ = write(folder, "a.warc.gz", pieces)
    return Exhibit(path, urls(1, 2, 3, 4, 5, 6), others=frozenset())


@exhibit
def one_member_for_all(folder: Path) -> Exhibit:
    """`gzip a.warc`: no record but the first has a place of its own in the file."""
    path, _ = write(folder, "a.warc.gz", gz(b"".join([*pages(3)])))
    return Exhibit(path, urls(1), (0,), frozenset())


@exhibit
def empty(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc.gz", [])
    return Exhibit(path, ())


@exhibit
def only_blank_lines(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc", [b"\r\n" * 5])
    return Exhibit(path, (), others=frozenset({"fastwarc"}))


@exhibit
def a_text_file(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc.gz", [b"404 Not Found: the file is gone.\n" * 40])
    return Exhibit(path, (), (0,), frozenset())


@exhibit
def a_text_file_in_gzip(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc.gz", gz(b"404 Not Found: the file is gone.\n" * 40))
    return Exhibit(path, (), (0,), frozenset())


@exhibit
def another_kind_of_file(folder: Path) -> Exhibit:
    path, _ = write(folder, "a.warc", [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", bytes(range(256)) * 30])
    return Exhibit(path, (), (0,), frozenset())
