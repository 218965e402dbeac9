"""robots.txt and tdmrep.json as rules for one URL."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.robots import Rules, tdm
from spiders.kit.robots_txt import RobotsTxt

NOW = datetime(2023, 8, 4, tzinfo=UTC)
AGENT = "hemeroteca"


def rules(text: str, tdmrep: str = "") -> Rules:
    return Rules(NOW, RobotsTxt(text), "https://a.example/robots.txt", tdmrep)


@pytest.mark.parametrize(
    ("text", "url", "allowed"),
    [
        ("", "https://a.example/x", True),
        ("User-agent: *\nDisallow: /x", "https://a.example/x/y", False),
        ("User-agent: *\nDisallow: /x\nAllow: /x/y", "https://a.example/x/y", True),
        ("User-agent: hemeroteca\nDisallow: /\n\nUser-agent: *\nAllow: /", "https://a.example/x", False),
        ("User-agent: scrapy\nDisallow: /", "https://a.example/x", True),
        ("User-agent: *\nDisallow: /*.pdf$", "https://a.example/x.pdf", False),
    ],
)
def test_rules_of_rfc_9309(text: str, url: str, allowed: bool) -> None:
    verdict = rules(text).verdict(url, AGENT)
    assert verdict.allowed is allowed
    assert verdict.robots == ("allowed" if allowed else "disallowed")
    assert (verdict.rule or "").startswith("https://a.example/robots.txt")


def test_rules_that_could_not_be_read_allow_nothing() -> None:
    verdict = Rules(NOW, None, "status 503").verdict("https://a.example/x", AGENT)
    assert not verdict.allowed
    assert verdict.robots == "unreachable"
    assert verdict.rule == "status 503"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/x", (None, None)),
        (
            '[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/p"}]',
            "/x",
            ("1", "https://a.example/p"),
        ),
        (
            '[{"location": "/open/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]',
            "/open/x",
            ("0", None),
        ),
        (
            '[{"location": "/", "tdm-reservation": 1}, {"location": "/open/", "tdm-reservation": 0}]',
            "/open/x",
            ("1", None),
        ),
        ('[{"location": "/", "tdm-reservation": 2, "tdm-policy": "https://a.example/p"}]', "/x", (None, None)),
        ('[{"location": "/*.html$", "tdm-reservation": 1}]', "/x.html", ("1", None)),
        ('{"location": "/"}', "/x", (None, None)),
        ("not json", "/x", (None, None)),
        ('[{"location": 3, "tdm-reservation": 1}, "x", null]', "/x", (None, None)),
        ("[" * 100_000, "/x", (None, None)),
    ],
)
def test_tdmrep_the_first_rule_that_matches_counts(
    text: str, path: str, expected: tuple[str | None, str | None]
) -> None:
    assert tdm(text, f"https://a.example{path}") == expected


@given(st.text(max_size=200), st.text(max_size=50))
def test_no_file_raises(text: str, path: str) -> None:
    reservation, policy = tdm(text, f"https://a.example/{path}")
    assert reservation in (None, "0", "1")
    assert policy is None or isinstance(policy, str)
