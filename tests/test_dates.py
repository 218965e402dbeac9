"""Dates as pages print them: read with their offset, kept as a day, or unknown."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.dates import Claim, Moment, choose, moment, written
from spiders.kit.months import month_named
from spiders.kit.period import day_in

PARIS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2023-08-04T10:15:00+02:00", datetime(2023, 8, 4, 10, 15, tzinfo=PARIS)),
        ("2023-08-04T10:15:00+0200", datetime(2023, 8, 4, 10, 15, tzinfo=PARIS)),
        ("2023-08-04T08:15:00Z", datetime(2023, 8, 4, 8, 15, tzinfo=UTC)),
        ("2023-08-04T08:15:00.123Z", datetime(2023, 8, 4, 8, 15, tzinfo=UTC)),
        ("2024-04-28 07:00:00Z", datetime(2024, 4, 28, 7, tzinfo=UTC)),
        ("20230804T081500Z", datetime(2023, 8, 4, 8, 15, tzinfo=UTC)),
        ("Fri, 04 Aug 2023 10:15:00 +0200", datetime(2023, 8, 4, 10, 15, tzinfo=PARIS)),
        ("1691136900", datetime(2023, 8, 4, 8, 15, tzinfo=UTC)),
        (1691136900000, datetime(2023, 8, 4, 8, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_keeps_the_offset_as_printed(text: object, at: datetime) -> None:
    found = moment(text)
    assert found is not None
    assert found.at == at
    assert found.at is not None
    assert found.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-08-04", date(2023, 8, 4)),
        ("2023-08-04T10:15:00", date(2023, 8, 4)),  # no offset: whose clock is not known
        ("20230804", date(2023, 8, 4)),
        ("28 mars 2023 à 07h32", date(2023, 3, 28)),
        ("1er août 2023", date(2023, 8, 1)),
        ("December 20, 2023", date(2023, 12, 20)),
        ("Sept. 17, 2014", date(2014, 9, 17)),
        ("12/20/2023", date(2023, 12, 20)),
        ("20/12/2023", date(2023, 12, 20)),
        ("4.8.2023", date(2023, 8, 4)),
        ("4. März 2023", date(2023, 3, 4)),
        ("4 Ağustos 2023", date(2023, 8, 4)),
        ("4 de agosto de 2023", date(2023, 8, 4)),
        ("٤ أغسطس ٢٠٢٣", date(2023, 8, 4)),
        ("4 août 2023", date(2023, 8, 4)),
        ("2023年8月4日", date(2023, 8, 4)),
        ("4 августа 2023", date(2023, 8, 4)),
        ("04.08.23", date(2023, 8, 4)),
        ("04/Aug/2023", date(2023, 8, 4)),
        ("24 نيسان / أبريل 2020", date(2020, 4, 24)),
        ("4 تشرين الأول 2023", date(2023, 10, 4)),
        ("4 अगस्त 2023", date(2023, 8, 4)),
        ("४ अगस्त २०२३", date(2023, 8, 4)),
        ("4 আগস্ট, 2023", date(2023, 8, 4)),
        ("2023. augusztus 4.", date(2023, 8, 4)),
        ("2023 m. rugpjūčio 4 d.", date(2023, 8, 4)),
        ("4 באוגוסט 2023", date(2023, 8, 4)),
        ("15 Ara 2023", date(2023, 12, 15)),
    ],
)
def test_a_day_alone_is_a_day_alone(text: str, day: date) -> None:
    assert moment(text) == Moment(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "yesterday",
        "2022-02-112023-05-08",
        "version 1.22.33.4",
        "31/02/2023",
        "2023",
        "0000-00-00",
        "hier à 11h31",
        "v. 12.3",
        None,
        True,
        "99/99/9999",
    ],
)
def test_what_is_no_date_is_unknown(text: object) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("14 May 2024 08:15 GMT", "2024-05-14T08:15:00+00:00"),
        ("May 14, 2024 at 8:15 p.m. EDT", "2024-05-14T20:15:00-04:00"),
        ("May 14, 2024 8:15 PM ET", "2024-05-14T20:15:00-04:00"),
        ("December 14, 2024 8:15 PM ET", "2024-12-14T20:15:00-05:00"),
        ("Tue May 14 2024 08:15:30 GMT+0200 (CEST)", "2024-05-14T08:15:30+02:00"),
        ("Tue, 14 May 2024 08:15:00 CEST", "2024-05-14T08:15:00+02:00"),
        ("14. Mai 2024, 18:05 Uhr MESZ", "2024-05-14T18:05:00+02:00"),
        ("14 mai 2024 à 18:05 TU", "2024-05-14T18:05:00+00:00"),
        ("14 May 2024 08:15 UTC+1", "2024-05-14T08:15:00+01:00"),
        ("14 May 2024 08:15 (GMT+05:30)", "2024-05-14T08:15:00+05:30"),
        ("08:15 WAT, 14 May 2024", "2024-05-14T08:15:00+01:00"),
        ("14 مايو 2024 14:05 بتوقيت غرينتش", "2024-05-14T14:05:00+00:00"),
    ],
)
def test_the_zone_behind_a_clock_makes_a_moment(text: str, local: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.at is not None
    assert found.at.isoformat() == local


@pytest.mark.parametrize(
    "text",
    [
        "14 May 2024 08:15 IST",  # of India, Israel or Ireland
        "14 May 2024 8:15 PM BST",
        "June 12, 2020 9:49 am EST",  # printed through the whole year, and wrong in June
        "14 December 2024 08:15 CEST",
        "14 May 2024 08:15 - 10 min",
        "14/05/2024 18:05 - 20:10",
        "14 May 2024 08:15 +02",
        "14 May 2024 08:15 GMT+99",
    ],
)
def test_a_zone_of_two_meanings_is_none(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert (found.at, found.day.year) == (None, int(text.replace(",", "").replace("/", " ").split()[2]))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 يوليوز 2023", date(2023, 7, 30)),
        ("4 غشت 2023", date(2023, 8, 4)),
        ("15 تشرين ثاني 2023", date(2023, 11, 15)),
        ("4 d'agost de 2023", date(2023, 8, 4)),
        ("4 Luulyo 2023", date(2023, 7, 4)),
    ],
)
def test_months_of_more_newspapers(text: str, day: date) -> None:
    assert moment(text) == Moment(day)


@pytest.mark.parametrize("piece", [" ", "1 ", "4/4/", "12:00 ", "May ", "GMT", "+0", "("])
def test_a_long_text_costs_no_time(piece: str) -> None:
    written("4 May 2023 12:00 " + piece * 100_000)


def test_an_ambiguous_day_is_read_as_the_outlet_says() -> None:
    assert written("3/4/2023") is None
    assert written("4/4/2023") == written("4.4.2023") == Moment(date(2023, 4, 4))
    assert written("3/4/2023", month_first=False) == Moment(date(2023, 4, 3))
    assert written("3/4/2023", month_first=True) == Moment(date(2023, 3, 4))


def test_a_day_gains_the_time_that_another_place_gives() -> None:
    at = datetime(2023, 8, 4, 10, 15, tzinfo=PARIS)
    day, exact, other = (
        Claim("json-ld", Moment(date(2023, 8, 4))),
        Claim("meta", Moment(at.date(), at)),
        Claim("dom", Moment(date(2020, 1, 1))),
    )
    assert choose([day, exact]) == exact
    assert choose([day, other]) == day
    assert choose([]) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://paper.example/2023/08/04/a-story", date(2023, 8, 4)),
        ("https://paper.example/news/2023/8/4/a-story", date(2023, 8, 4)),
        ("https://paper.example/fr/afrique/20230804-une-histoire", date(2023, 8, 4)),
        ("https://paper.example/world/a-story-2023-08-04/", date(2023, 8, 4)),
        ("https://paper.example/a-story-04-08-2023-XYZ.php", date(2023, 8, 4)),
        ("https://paper.example/world/2023/aug/04/a-story", date(2023, 8, 4)),
        ("https://paper.example/energy/2023/08/230804-a-story/", date(2023, 8, 4)),
        ("https://paper.example/energy/2023/09/230804-a-story/", None),
        ("https://paper.example/originals/2023/08/a-story", None),
        ("https://paper.example/story-12345678", None),
    ],
)
def test_the_day_in_an_address(url: str, day: date | None) -> None:
    assert day_in(url) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("4 August 2023 at 9:03 p.m.", time(21, 3)),
        ("4. August 2023, 15.25 Uhr", time(15, 25)),
        ("4 août 2023 à 20 h 23", time(20, 23)),
        ("2023-08-04 20:48:19", time(20, 48)),
        ("12:05 AM, 4 August 2023", time(0, 5)),
        ("4 August 2023", None),
        ("4 August 2023, page 12", None),
    ],
)
def test_a_clock_beside_a_day_is_kept_apart(text: str, clock: time | None) -> None:
    found = written(text)
    assert found is not None
    assert (found.at, found.clock) == (None, clock)


def claim(reader: str, text: str) -> Claim:
    found = moment(text)
    assert found is not None
    return Claim(reader, found)


@pytest.mark.parametrize(
    ("others", "local"),
    [
        (["2023-12-22T22:22:07-0500"], "2023-12-22T22:22:07-05:00"),  # the same instant with its offset
        (["22 December 2023 at 10:22 p.m."], "2023-12-22T22:22:07-05:00"),  # the clock that readers see
        (["2023-12-23 08:52"], "2023-12-23T08:52:07+05:30"),
        (["22 December 2023 at 10:40 p.m."], "2023-12-23T03:22:07+00:00"),  # no offset anywhere gives that clock
        (["2023-12-24T03:22:07-05:00"], "2023-12-23T03:22:07+00:00"),  # another instant
        (["22 December 2023"], "2023-12-23T03:22:07+00:00"),  # a day has no clock
        ([], "2023-12-23T03:22:07+00:00"),
    ],
)
def test_a_time_in_utc_gains_the_offset_that_the_page_bears_out(others: list[str], local: str) -> None:
    chosen = choose([claim("json-ld", "2023-12-23T03:22:07Z"), *(claim("dom", text) for text in others)])
    assert chosen is not None
    assert chosen.reader == "json-ld"
    assert chosen.moment.at is not None
    assert chosen.moment.at.isoformat() == local


def test_a_clock_gives_the_offset_of_a_moment_that_a_later_place_gives() -> None:
    chosen = choose([claim("dom", "17.10.2019, 13:56"), claim("json-ld", "2019-10-17T11:56:56Z")])
    assert chosen is not None
    assert chosen.moment.at is not None
    assert chosen.moment.at.isoformat() == "2019-10-17T13:56:56+02:00"


def test_a_printed_zone_keeps_the_seconds_of_the_data() -> None:
    chosen = choose([claim("json-ld", "2024-05-14T10:05:12Z"), claim("dom", "May 14, 2024 at 12:05 p.m. CEST")])
    assert chosen is not None
    assert chosen.moment.at is not None
    assert chosen.moment.at.isoformat() == "2024-05-14T12:05:12+02:00"


def test_a_stored_midnight_is_the_day_that_is_printed() -> None:
    chosen = choose([claim("meta", "2021-11-04T23:00Z"), claim("dom", "5. November 2021")])
    assert chosen is not None
    assert chosen.moment.at is not None
    assert chosen.moment.at.isoformat() == "2021-11-05T00:00:00+01:00"


def test_a_printed_time_with_an_offset_stays_as_it_is() -> None:
    chosen = choose([claim("json-ld", "2023-08-04T10:15:00+02:00"), claim("dom", "4 August 2023 at 9:15")])
    assert chosen == claim("json-ld", "2023-08-04T10:15:00+02:00")


def test_the_day_in_the_address_rules_out_the_date_of_a_template() -> None:
    stale, printed = claim("meta", "2022-02-11T08:00:00Z"), claim("dom", "8 May 2023")
    own = Claim("url", Moment(date(2023, 5, 8)))
    assert choose([stale, printed, own], address=date(2023, 5, 8)) == printed
    assert choose([stale, own], address=date(2023, 5, 8)) == own
    assert choose([stale, own]) == stale
    late = claim("json-ld", "2023-05-09T01:00:00Z")  # the evening of that day somewhere
    assert choose([late, own], address=date(2023, 5, 8)) == late


@given(
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.lists(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2090, 1, 1)), max_size=4),  # noqa: DTZ001
)
def test_no_claim_moves_an_instant(at: datetime, clocks: list[datetime]) -> None:
    others = [Claim("dom", Moment(each.date(), clock=each.time())) for each in clocks]
    chosen = choose([Claim("json-ld", Moment(at.date(), at)), *others])
    assert chosen is not None
    assert chosen.moment.at == at
    assert chosen.moment.day == chosen.moment.at.date()


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for read in (moment, written, day_in, month_named):
        read(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(PARIS)))  # noqa: DTZ001
def test_what_is_written_in_iso_is_read_back(at: datetime) -> None:
    found = moment(at.isoformat(timespec="seconds"))
    assert found is not None
    assert found.at == at.replace(microsecond=0)
