"""Records whose heads are not as they should be."""

from pathlib import Path

from tests.museum.records import Exhibit, answer, exhibit, gz, page, pages, record, url_of, urls, write


@exhibit
def folded_and_latin_1_heads(folder: Path) -> Exhibit:
    records = [
        record("response", url_of(1), answer(page(1)), "WARC-Note: a value\r\n that goes on"),
        record("response", url_of(2), answer(page(2)), "X-Operator: Bibliothèque", encoding="latin-1"),
        record("response", url_of(3), answer(page(3), "X-Title: caf\xe9")),
    ]
    path, _ = write(folder, "a.warc", records)
    return Exhibit(path, urls(1, 2, 3))


@exhibit
def no_record_ids(folder: Path) -> Exhibit:
    """The id follows from the record then, so that two of them do not fall together in a table."""
    records = [
        b"".join(line for line in each.splitlines(keepends=True) if b"WARC-Record-ID" not in line) for each in pages(3)
    ]
    path, _ = write(folder, "a.warc.gz", gz(*records))
    return Exhibit(path, urls(1, 2, 3))


@exhibit
def bare_line_feeds(folder: Path) -> Exhibit:
    records = [record("response", url_of(n), answer(page(n)), line="\n", end=b"\n\n") for n in (1, 2)]
    path, _ = write(folder, "a.warc", records)
    return Exhibit(path, urls(1, 2), others=frozenset({"warcio"}))


@exhibit
def names_in_other_case(folder: Path) -> Exhibit:
    records = [
        each.replace(b"Content-Length: ", b"content-length:", 1).replace(b"WARC-Type", b"Warc-Type")
        for each in pages(2)
    ]
    path, _ = write(folder, "a.warc", records)
    return Exhibit(path, urls(1, 2), others=frozenset({"warcio"}))


@exhibit
def no_line_ends_behind_records(folder: Path) -> Exhibit:
    records = [record("response", url_of(n), answer(page(n)), end=b"") for n in (1, 2, 3)]
    path, _ = write(folder, "a.warc", records)
    return Exhibit(path, urls(1, 2, 3), others=frozenset({"fastwarc"}))


@exhibit
def no_line_ends_behind_records_in_gz(folder: Path) -> Exhibit:
    records = [record("response", url_of(n), answer(page(n)), end=b"") for n in (1, 2, 3)]
    path, _ = write(folder, "a.warc.gz", gz(*records))
    return Exhibit(path, urls(1, 2, 3))


@exhibit
def too_many_line_ends(folder: Path) -> Exhibit:
    records = [record("response", url_of(n), answer(page(n)), end=b"\r\n" * 50) for n in (1, 2)]
    path, _ = write(folder, "a.warc", [b"\r\n\r\n", *records])
    return Exhibit(path, urls(1, 2), others=frozenset({"fastwarc"}))


@exhibit
def a_huge_head(folder: Path) -> Exhibit:
    path, _ = write(
        folder,
        "a.warc",
        [record("response", url_of(1), answer(page(1)), f"X-Pad: {'x' * 200_000}"), *pages(1, first=2)],
    )
    return Exhibit(path, urls(1, 2), others=frozenset({"warcio"}))


@exhibit
def an_endless_head(folder: Path) -> Exhibit:
    path, _ = write(
        folder,
        "a.warc",
        [record("response", url_of(1), answer(page(1)), f"X-Pad: {'x' * 900_000}"), *pages(1, first=2)],
    )
    return Exhibit(path, urls(2), (0,), frozenset())


def _one_bad(folder: Path, bad: bytes, others: frozenset[str] = frozenset(), name: str = "a.warc.gz") -> Exhibit:
    """The second of three records is bad."""
    first, last = pages(1), pages(1, first=3)
    pieces = [*first, bad, *last]
    path, places = write(folder, name, gz(*pieces) if name.endswith(".gz") else pieces)
    return Exhibit(path, urls(1, 3), (places[1],), others)


@exhibit
def no_date(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", url_of(2), answer(page(2)), date=None))


@exhibit
def no_real_date(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", url_of(2), answer(page(2)), date="last Friday"))


@exhibit
def no_target(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", None, answer(page(2))))


@exhibit
def no_length(folder: Path) -> Exhibit:
    bad = record("response", url_of(2), answer(page(2)))
    return _one_bad(folder, bad.replace(f"Content-Length: {len(answer(page(2)))}\r\n\r\n".encode(), b"\r\n", 1))


@exhibit
def a_negative_length(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", url_of(2), answer(page(2)), length=-5))


@exhibit
def no_number_for_a_length(folder: Path) -> Exhibit:
    bad = record("response", url_of(2), answer(page(2))).replace(b"Content-Length: 8", b"Content-Length: x", 1)
    return _one_bad(folder, bad)


@exhibit
def longer_than_it_is_in_gz(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", url_of(2), answer(page(2)), length=5000))


@exhibit
def shorter_than_it_is_in_gz(folder: Path) -> Exhibit:
    """The record is whole as far as it says; what follows it in its member is named."""
    shown = _one_bad(folder, record("response", url_of(2), answer(page(2)), length=300))
    return Exhibit(shown.path, urls(1, 2, 3), shown.damage, frozenset({"warcio"}))


@exhibit
def longer_than_it_is_in_a_plain_file(folder: Path) -> Exhibit:
    """The length leads into the middle of the next record, which is found again all the same."""
    block = answer(page(2))
    bad = record("response", url_of(2), block, length=len(block) + 400)
    path, places = write(folder, "a.warc", [*pages(1), bad, *pages(2, first=3)])
    return Exhibit(path, urls(1, 2, 3, 4), (places[1] + len(bad) - 4 + 400,), frozenset())


@exhibit
def shorter_than_it_is_in_a_plain_file(folder: Path) -> Exhibit:
    block = answer(page(2))
    bad = record("response", url_of(2), block, length=300)
    path, places = write(folder, "a.warc", [*pages(1), bad, *pages(1, first=3)])
    return Exhibit(path, urls(1, 2, 3), (places[1] + len(bad) - 4 - len(block) + 300,), frozenset({"warcio"}))


@exhibit
def longer_than_the_file(folder: Path) -> Exhibit:
    return _one_bad(folder, record("response", url_of(2), answer(page(2)), length=10**12), name="a.warc")
