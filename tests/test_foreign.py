"""Every file of the museum: what stands whole in it is read, the damage is named with its place, nothing raises."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import fastwarc.warc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.records import Damage, Found, found_at, walk
from archive.wacz import open_warc
from tests.museum import MUSEUM, Exhibit, answer, gz, page, pages, url_of, write, zst


@pytest.fixture(params=sorted(MUSEUM))
def shown(request: pytest.FixtureRequest, tmp_path: Path) -> Exhibit:
    return MUSEUM[request.param](tmp_path)


def test_what_is_whole_is_read_and_what_is_not_is_named(shown: Exhibit) -> None:
    found = list(walk(shown.path))
    assert tuple(each.record.target_uri for each in found if isinstance(each, Found)) == shown.readable
    assert tuple(each.offset for each in found if isinstance(each, Damage)) == shown.damage
    assert all(each.why for each in found if isinstance(each, Damage))
    places = [each.offset for each in found if isinstance(each, Found)]
    assert places == sorted(set(places))


def test_each_record_is_read_again_at_its_place(shown: Exhibit) -> None:
    for each in [found for found in walk(shown.path) if isinstance(found, Found)]:
        assert found_at(shown.path, each.offset) == each


def test_a_walk_begins_at_any_record(shown: Exhibit) -> None:
    found = [each for each in walk(shown.path) if isinstance(each, Found)]
    for n, each in enumerate(found):
        assert [after for after in walk(shown.path, start=each.offset) if isinstance(after, Found)] == found[n:]


def test_every_record_has_an_id_of_its_own_that_stays(shown: Exhibit) -> None:
    ids = [each.record.record_id for each in walk(shown.path) if isinstance(each, Found)]
    assert all(each.startswith("<urn:uuid:") for each in ids)
    assert len(set(ids)) == len(ids)
    assert [each.record.record_id for each in walk(shown.path) if isinstance(each, Found)] == ids


def by_warcio(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    for record in ArchiveIterator(BytesIO(data), no_record_parse=True, arc2warc=True):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        yield record.rec_type, url, record.raw_stream.read()


def by_fastwarc(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    for record in fastwarc.warc.ArchiveIterator(BytesIO(data), parse_http=False):
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        yield record.headers["WARC-Type"], url, record.reader.read()


def test_the_libraries_give_the_same_records(shown: Exhibit) -> None:
    with open_warc(shown.path) as file:
        data = file.read()
    ours = [each.record for each in walk(shown.path) if isinstance(each, Found)]
    for library in shown.others:
        theirs = list({"warcio": by_warcio, "fastwarc": by_fastwarc}[library](data))
        assert [(each.type, each.target_uri, each.block) for each in ours] == theirs, library


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["warc", "warc.gz", "warc.zst"]), st.data())
def test_a_hole_costs_the_records_it_touches_and_no_other(tmp_path: Path, form: str, data: st.DataObject) -> None:
    pieces = pages(6) if form == "warc" else {"warc.gz": gz, "warc.zst": zst}[form](*pages(6))
    path, places = write(tmp_path, f"a.{form}", pieces)
    whole = path.read_bytes()
    begin = data.draw(st.integers(0, len(whole) - 1))
    end = min(len(whole), begin + data.draw(st.integers(1, 2500)))
    hole = data.draw(st.sampled_from([b"\x00", b"\xff", b"\r"])) * (end - begin)
    path.write_bytes(whole[:begin] + hole + whole[end:])
    truth = {url_of(n): answer(page(n)) for n in range(1, 7)}
    untouched = [
        url_of(n)
        for n, (place, piece) in enumerate(zip(places, pieces, strict=True), 1)
        if end <= place or begin >= place + len(piece)
    ]
    found = list(walk(path))
    read = [each.record for each in found if isinstance(each, Found)]
    assert [each.target_uri for each in read if each.target_uri in untouched] == untouched
    # A plain file has no checksum: a hole in a block is found by the record's digest, where it declares one
    if form != "warc":
        assert all(each.block == truth[each.target_uri] for each in read)
        assert any(isinstance(each, Damage) for each in found) == (len(read) < len(truth))
