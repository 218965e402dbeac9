"""robots.txt by RFC 9309: which rule decides, and how bytes become text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from spiders.kit.robots_txt import READ, RobotsTxt, decoded

ALL = "User-agent: *\n"


def line(text: str, path: str) -> str | None:
    """The line that decides; None where none does."""
    rule = RobotsTxt(text).rule_for(f"https://a.example{path}", "hemeroteca")
    return rule.line if rule else None


def allowed(text: str, path: str) -> bool:
    rule = RobotsTxt(text).rule_for(f"https://a.example{path}", "hemeroteca")
    return rule is None or rule.allows


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/x", True),
        ("Disallow: /x", "/x", True),  # of no group
        (ALL + "Disallow:", "/x", True),
        (ALL + "Disallow: /", "/robots.txt", True),
        (ALL + "Disallow: /x # not that", "/x", False),
        (ALL + "Disallow: /x\nAllow: /x/y", "/x/y", True),
        (ALL + "Allow: /x/y\nDisallow: /x", "/x/y", True),
        (ALL + "Disallow: /x\nAllow: /x", "/x", True),
        (ALL + "Disallow: /*.pdf$", "/x.pdf", False),
        (ALL + "Disallow: /*.pdf$", "/x.pdf?y=1", True),
        (ALL + "Disallow: /*a*a*b", "/" + "a" * 4000, True),
        (ALL + "Disallow: /x?*id=", "/x?a=1&id=2", False),
        (ALL + "Disallow: /caf%C3%A9", "/caf%c3%a9/x", False),
        (ALL + "Disallow: /caf\u00e9", "/caf%C3%A9/x", False),
        (ALL + "Disallow: /%7Ejoe", "/~joe", False),
        (ALL + "Disallow: /a%2Fb", "/a/b", True),
        (ALL + "Disallow: /100%", "/100%25", False),
        (ALL + "Disallow: /a-%2A", "/a-*", False),
        (ALL + "Disallow: /a-%2A", "/a-b", True),
        (ALL + "Disallow: x", "/x", False),
        ("user-AGENT : *\nDISALLOW : /x", "/x", False),
        ("User-agent: HEMEROTECA\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/y", True),
        ("User-agent: hemeroteca/9.9\nDisallow: /x", "/x", False),
        ("User-agent: hemero\nDisallow: /", "/x", True),
        ("User-agent: hemeroteca-news\nDisallow: /", "/x", True),
        ("User-agent: hemeroteca\n\nUser-agent: *\nDisallow: /", "/x", False),  # the agents of one group
        ("User-agent: hemeroteca\nDisallow:\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: hemeroteca\nAllow: /a\nUser-agent: b\nAllow: /\nUser-agent: Hemeroteca\nDisallow: /c", "/c", 0),
        ("User-agent: a\nSitemap: https://a.example/s\nFoo: bar\nUser-agent: *\nDisallow: /x", "/x", False),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: other\nDisallow: /", "/x", True),
        ("User-agent: *\rDisallow: /x\r", "/x", False),
        ("User-agent: *\u2028Disallow: /x", "/x", True),  # no end of a line there
        ("<html>User-agent: *</html>", "/x", True),
    ],
)  # fmt: skip
def test_whether_an_address_is_allowed(text: str, path: str, expected: bool) -> None:
    assert allowed(text, path) == expected


def test_the_line_that_decides_is_told_as_it_was_written() -> None:
    assert line(ALL + "disallow:/x   # why\nAllow: /", "/x/y") == "disallow:/x"
    assert line(ALL + "Disallow: /x", "/y") is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Crawl-delay: 5", 5),
        ("Crawl-delay: 1.5", 1.5),
        ("Crawl-delay: 1,5", 1.5),
        ("Crawl-delay: 10 seconds", 10),
        ("Crawl-delay: -3", 0),
        ("Crawl-delay: nan", 0),
        ("Crawl-delay: soon", 0),
        ("Crawl-delay: " + "9" * 400, float("inf")),
        ("Request-rate: 1/10", 10),
        ("Request-rate: 4/2m", 30),
        ("Request-rate: 0/10", 0),
        pytest.param("Request-rate: " + "9" * 400 + "/1", 0, id="a rate of 400 digits"),
        pytest.param("Request-rate: " + "9" * 5000 + "/1", 0, id="a rate of 5000 digits"),
        ("Crawl-delay: 3\nRequest-rate: 1/2s", 3),
    ],
)
def test_the_pace_that_is_asked_for(said: str, seconds: float) -> None:
    assert RobotsTxt(ALL + said).delay("hemeroteca") == seconds
    other = f"User-agent: other\n{said}\n\nUser-agent: *\nDisallow: /x"
    assert RobotsTxt(other).delay("hemeroteca") == 0


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_text_of_any_usual_coding(coding: str) -> None:
    assert not allowed(decoded((ALL + "Disallow: /x\n").encode(coding)), "/x")


def test_what_lies_behind_500_kib_is_not_read_and_no_rule_is_cut() -> None:
    head = (ALL + "Disallow: /x\n").encode()
    filler = b"# nothing\n" * 60_000
    assert not allowed(decoded(head + filler), "/x")
    assert allowed(decoded(filler + head), "/x")
    cut = filler[: READ - len(b"User-agent: *\nDisallow: /x")] + b"\nUser-agent: *\nDisallow: /x/y"
    assert allowed(decoded(cut), "/x/z"), "the cut line would forbid more than the whole one"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_file(body: bytes) -> None:
    robots = RobotsTxt(decoded(ALL.encode() + body))
    assert robots.delay("hemeroteca") >= 0
    robots.rule_for("https://a.example/x?y=1", "hemeroteca")


PATTERN = st.text(alphabet="/ab*$%", min_size=1, max_size=8).map(lambda text: "/" + text)


@given(st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), PATTERN), max_size=6), st.text("/ab", max_size=8))
def test_of_plain_patterns_protego_says_the_same(rules: list[tuple[str, str]], path: str) -> None:
    plain = [(field, pattern.replace("%", "").replace("$", "")) for field, pattern in rules]
    text = ALL + "\n".join(f"{field}: {pattern}" for field, pattern in plain)
    url = f"https://a.example/{path}"
    assert allowed(text, f"/{path}") == Protego.parse(text).can_fetch(url, "hemeroteca"), text
