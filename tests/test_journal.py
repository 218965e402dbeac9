"""The journal: lines that cannot be changed, moved or taken out unseen."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.journal import BrokenJournal, Fault, Head, Journal, Line

AT = datetime(2023, 8, 4, 10, 15, tzinfo=UTC)
values = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name not in ("n", "at", "kind", "previous", "digest", "self")),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
)


def filled(folder: Path, lines: int = 4) -> Journal:
    journal = Journal(folder / "journal.jsonl")
    for number in range(lines):
        journal.append("closed", AT, file=f"warc/déjà-{number}.warc.gz", sha256="ab" * 32, bytes=number)
    return journal


def faults(journal: Journal) -> list[Fault]:
    return [each for each in journal.examine() if isinstance(each, Fault)]


def test_lines_come_back_in_order_and_name_the_line_before(tmp_path: Path) -> None:
    journal = filled(tmp_path)
    lines = list(journal.lines())
    assert [line.n for line in lines] == [1, 2, 3, 4]
    assert [line.previous for line in lines] == ["", *(line.digest for line in lines[:-1])]
    assert journal.head == Head(4, lines[-1].digest)
    assert lines[0].values == {"file": "warc/déjà-0.warc.gz", "sha256": "ab" * 32, "bytes": 0}
    assert lines[0].at == "2023-08-04T10:15:00Z"


def test_the_chain_can_be_checked_by_hand(tmp_path: Path) -> None:
    previous = ""
    for data in filled(tmp_path).path.read_bytes().splitlines():
        line = json.loads(data)
        body = data.replace(f',"digest":"{line["digest"]}"'.encode(), b"")
        assert sha256(body).hexdigest() == line["digest"]
        assert line["previous"] == previous
        previous = line["digest"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(values, max_size=5))
def test_any_values_come_back_as_they_were(tmp_path: Path, said: list[dict[str, object]]) -> None:
    journal = Journal(tmp_path / "any.jsonl")
    journal.path.unlink(missing_ok=True)
    for each in said:
        journal.append("note", AT, **each)
    wanted = [{name: value for name, value in each.items() if value is not None} for each in said]
    assert [dict(line.values) for line in journal.lines()] == wanted


def test_every_flipped_byte_is_found_at_its_line(tmp_path: Path) -> None:
    journal = filled(tmp_path, 3)
    data = journal.path.read_bytes()
    for place in range(len(data)):
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        journal.path.write_bytes(spoilt)
        line = data[:place].count(b"\n") + 1
        assert line in [fault.number for fault in faults(journal)], place


def test_a_line_taken_out_moved_or_doubled_is_found(tmp_path: Path) -> None:
    journal = filled(tmp_path, 5)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    for changed in (
        lines[1:],
        lines[:2] + lines[3:],
        [lines[1], lines[0], *lines[2:]],
        lines[:3] + lines[2:],
    ):
        journal.path.write_bytes(b"".join(changed))
        assert faults(journal)
        with pytest.raises(BrokenJournal, match="line"):
            list(journal.lines())


def test_a_forged_line_does_not_fit_in(tmp_path: Path) -> None:
    journal = filled(tmp_path, 3)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other", 1)
    other.append("closed", AT, file="forged")
    lines[1] = other.path.read_bytes().splitlines(keepends=True)[1]
    journal.path.write_bytes(b"".join(lines))
    assert [fault.number for fault in faults(journal)] == [3]


def test_a_line_cut_by_a_crash_is_taken_away_by_the_next(tmp_path: Path) -> None:
    journal = filled(tmp_path, 3)
    whole = journal.path.read_bytes()
    journal.append("takedown", AT, reason="a court's order")
    last = journal.path.read_bytes()[len(whole) :]
    for cut in range(1, len(last)):
        journal.path.write_bytes(whole + last[:cut])
        assert [fault.torn for fault in faults(journal)] == [True]
        assert [line.n for line in journal.lines()] == [1, 2, 3]
        assert journal.head.n == 3
    again = journal.append("takedown", AT, reason="a court's order")
    assert again.n == 4
    assert faults(journal) == []


def test_nothing_is_added_behind_a_line_that_is_not_as_it_was_written(tmp_path: Path) -> None:
    journal = filled(tmp_path, 2)
    data = bytearray(journal.path.read_bytes())
    data[-90] ^= 1
    journal.path.write_bytes(data)
    with pytest.raises(BrokenJournal, match="last line"):
        journal.append("closed", AT, file="x")
    assert journal.path.read_bytes() == data


def test_two_writers_keep_one_chain(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "j.jsonl"), Journal(tmp_path / "j.jsonl")
    for number in range(10):
        (one if number % 2 else other).append("note", AT, number=number)
    assert [line.values["number"] for line in one.lines() if isinstance(line, Line)] == list(range(10))
    assert faults(one) == []


def test_long_lines_are_found_from_the_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    for number in range(3):
        journal.append("takedown", AT, records=["x" * 200_000], number=number)
    assert journal.head.n == 3
    assert len(list(journal.lines())) == 3


def test_the_lines_behind_one_are_read_alone(tmp_path: Path) -> None:
    journal = filled(tmp_path)
    lines = list(journal.lines())
    for after in range(6):
        assert list(journal.lines(after)) == lines[after:]
    data = journal.path.read_bytes().split(b"\n")
    data[2] = data[2].replace(b"closed", b"opened")
    journal.path.write_bytes(b"\n".join(data))
    assert list(journal.lines(3)) == lines[3:]
    with pytest.raises(BrokenJournal, match="line 3"):
        list(journal.lines(1))
