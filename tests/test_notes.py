"""What the crawl knew, through the metadata record and back."""

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Kind, Lead, Outcome
from archive.notes import CaptureNote, Decision, LeadsNote, OutletNote, RunNote, pack, unpack

TEXT = st.text(max_size=40).filter(lambda text: text.isprintable())
SOME = st.none() | TEXT
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
LEADS = st.builds(
    Lead,
    url=TEXT,
    outlet=TEXT,
    source=TEXT,
    kind=st.sampled_from(Kind),
    title=SOME,
    summary=SOME,
    published_at=TIMES,
    modified_at=TIMES,
)


@given(
    st.builds(
        CaptureNote,
        run_id=TEXT,
        outlet=TEXT,
        kind=st.sampled_from(Kind),
        lead=st.none() | LEADS,
        robots=SOME,
        robots_rule=SOME,
        tdm_reservation=SOME,
        tdm_policy=SOME,
    )
)
def test_capture_notes_come_back(note: CaptureNote) -> None:
    assert unpack(pack(note)) == note


@given(
    TEXT,
    st.lists(st.builds(Decision, lead=LEADS, outcome=st.none() | st.sampled_from(Outcome), reason=SOME), max_size=3),
)
def test_leads_come_back(run: str, decisions: list[Decision]) -> None:
    note = LeadsNote(run, "2023-08-04T07:32:00Z", tuple(decisions))
    assert unpack(pack(note)) == note


def test_runs_come_back() -> None:
    outlets = (OutletNote("a", "A", "https://a.example/", ("fr", "en"), (("https://a.example/feed", "Feed"),)),)
    note = RunNote("r", "2023-08-04T07:32:00Z", command="crawl", software="s", user_agent="u", outlets=outlets)
    assert unpack(pack(note)) == note


@given(st.binary(max_size=200))
def test_other_peoples_metadata_is_passed_over(payload: bytes) -> None:
    assert unpack(payload) is None


def test_a_note_of_a_later_form_is_passed_over() -> None:
    assert unpack(b'{"hemeroteca": 2, "run": {"run_id": "x"}}') is None
    assert unpack(b'{"hemeroteca": 1, "capture": {"kind": "unheard of"}}') is None
