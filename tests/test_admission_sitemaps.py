"""Which sitemaps of an index may hold articles of the days that are asked for."""

from datetime import UTC, date, datetime

import pytest

from crawler.admission import Window

SUMMER = Window(date(2023, 7, 26), date(2023, 9, 30))
SITE = "https://www.gazette.example"


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("/contents_202306.xml", False),
        ("/contents_202307.xml", True),
        ("/contents_202309.xml", True),
        ("/contents_202310.xml", True),  # in its own time zone its first hours may be our September
        ("/contents_202311.xml", False),
        ("/2023-07-24.xml", False),
        ("/2023-07-25.xml", True),
        ("/post-sitemap3.xml", True),
    ],
)
def test_a_sitemap_of_another_month_is_not_asked_for(path: str, held: bool) -> None:
    assert SUMMER.may_hold(SITE + path, None) is held
    assert Window().may_hold(SITE + path, None)


def test_a_sitemap_that_did_not_change_since_is_not_asked_for() -> None:
    assert not SUMMER.may_hold(f"{SITE}/post-sitemap3.xml", datetime(2023, 7, 1, tzinfo=UTC))
    assert SUMMER.may_hold(f"{SITE}/post-sitemap3.xml", datetime(2024, 7, 1, tzinfo=UTC))
