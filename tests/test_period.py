"""The month or day that the address of a sitemap names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.period import Period, period_in

JULY = Period(date(2023, 7, 1), date(2023, 7, 31))
DAY = Period(date(2023, 7, 27), date(2023, 7, 27))
SITE = "https://www.gazette.example"


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("/sitemaps/en/contents_202307.xml", JULY),
        ("/article-archive/2023/07.xml", JULY),
        ("/archive/2023/7", JULY),
        ("/sitemap-2023-07.xml.gz", JULY),
        ("/sitemap/articles/2023-07-27.xml", DAY),
        ("/2023/7/27", DAY),
        ("/sitemap.xml?yyyy=2023&mm=07&dd=27", DAY),
        ("/sitemap.xml?year=2023&month=7", JULY),
        ("/sitemap.xml?yyyy=2023&mm=13", None),
        ("/sitemap-2023.xml", None),
        ("/post-sitemap12.xml", None),
        ("/sitemap-2023071.xml", None),
        ("/sitemap_1202307.xml", None),
        ("/sitemap.xml?page=202307", None),
        ("/sitemap-2023-02-30.xml", None),
    ],
)
def test_periods_in_addresses(path: str, period: Period | None) -> None:
    assert period_in(SITE + path) == period


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "_", "/", ""]))
def test_each_day_is_read_back(day: date, sep: str) -> None:
    assert period_in(f"{SITE}/sitemap{sep or '-'}{day:%Y{sep}%m{sep}%d}.xml") == Period(day, day)


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_any_path_is_taken(words: str) -> None:
    found = period_in(f"{SITE}/{words}")
    assert found is None or found.first <= found.last
