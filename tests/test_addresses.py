"""What is one URL."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.kit.addresses import LONGEST, host_of, normalise, resolve

BASE = "https://www.gazette.example/journal/a/b?c=d"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("HTTPS://WWW.Gazette.Example/A", "https://www.gazette.example/A"),
        ("https://www.gazette.example", "https://www.gazette.example/"),
        ("https://www.gazette.example:443/a", "https://www.gazette.example/a"),
        ("http://www.gazette.example:80/a", "http://www.gazette.example/a"),
        ("http://www.gazette.example:8080/a", "http://www.gazette.example:8080/a"),
        ("https://www.gazette.example./a", "https://www.gazette.example/a"),
        ("https://www.gazette.example/a#b", "https://www.gazette.example/a"),
        ("https://www.gazette.example/a?", "https://www.gazette.example/a"),
        ("https://user:secret@www.gazette.example/a", "https://www.gazette.example/a"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://www.gazette.example/%c3%a9/%7eu/%2f", "https://www.gazette.example/%C3%A9/~u/%2F"),
        ("https://www.gazette.example/100%/a b", "https://www.gazette.example/100%25/a%20b"),
        ("https://www.gazette.example/a/./b/../c", "https://www.gazette.example/a/c"),
        ("https://www.gazette.example/%2e%2e/a/..", "https://www.gazette.example/"),
        ("https://www.gazette.example//a//b", "https://www.gazette.example//a//b"),
        ("https://www.gazette.example/a?b=1&amp;a=2", "https://www.gazette.example/a?b=1&a=2"),
        ("  https://www.gazette.example/a\n/b\t ", "https://www.gazette.example/a/b"),
        ("https:\\\\www.gazette.example\\a", "https://www.gazette.example/a"),
        ("https:/www.gazette.example/a", "https://www.gazette.example/a"),
        ("//static.example/a", "https://static.example/a"),
        ("/a", "https://www.gazette.example/a"),
        ("../x", "https://www.gazette.example/journal/x"),
        ("?page=2", "https://www.gazette.example/journal/a/b?page=2"),
        ("#top", "https://www.gazette.example/journal/a/b?c=d"),
        ("www.other.example/a", "https://www.other.example/a"),
        ("www.gazette.example/a", "https://www.gazette.example/a"),
        ("https://a.example/" + "x" * 3000 + "?y", "https://a.example/" + "x" * 3000 + "?y"),
        ("https://a.example/" + "x/" * 1500 + "é", "https://a.example/" + "x/" * 1500 + "%C3%A9"),
        ("http://[::1]:8800/a", "http://[::1]:8800/a"),
        ("http://127.0.0.10:8800/a", "http://127.0.0.10:8800/a"),
    ],
)
def test_a_link_is_spelled_in_one_way(link: str, address: str) -> None:
    assert resolve(link, BASE) == address


@pytest.mark.parametrize(
    "link",
    [
        "", "   ", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "file:///etc/passwd",
        "data:text/html,x", "mailto:a@b.example", "ftp://a.example/", "blob:https://a.example/x",
        "http://", "https://?a",
        "http://[x/", "http://a.example:99999/", "http://a.example:0/", "http://a b.example/", "http://a.example:x/",
        "https://" + "a" * 64 + ".example/", "https://a..example/", "https://a.example/" + "x" * LONGEST,
        "https://\ud800/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(link: str) -> None:
    assert resolve(link, BASE) is None
    assert normalise(link, BASE) is None


def test_a_relative_link_needs_a_base() -> None:
    assert resolve("/a") is None
    assert resolve("a", "mailto:x@y.example") is None


@pytest.mark.parametrize(
    "noise",
    [
        "utm_source=rss&utm_medium=x", "at_medium=custom7", "xtor=RSS-1", "fbclid=IwAR0", "gclid=x",
        "UTM_Source=x",
        "utm%5Fsource=x", "mc_cid=1&mc_eid=2", "PHPSESSID=0123456789abcdef",
        "sid=0a1b2c3d4e5f60718293", "&&", "=",
        "ASPSESSIONIDQQ=x", "ns_mchannel=rss", "smid=tw", "cmp=share_btn_tw",
    ],
)  # fmt: skip
def test_what_does_not_choose_a_page_is_left_out(noise: str) -> None:
    page = "https://www.gazette.example/journal/a"
    assert normalise(f"{page}?{noise}") == page
    assert normalise(f"{page}?b=2&{noise}&a=1#x") == f"{page}?a=1&b=2"


def test_session_ids_in_the_path_are_left_out() -> None:
    page = "https://www.gazette.example/journal/a"
    assert normalise(f"{page};jsessionid=0A1B2C?b=1") == f"{page}?b=1"
    assert normalise("https://www.gazette.example/(S(0a1b2c3d4e5f6071829a3b4c))/journal/a") == page


@pytest.mark.parametrize(
    "query",
    ["sid=12", "s=niger", "session=2023", "id=7", "page=2", "outputType=xml", "a=1&a=0", "y=2023&m=07"],
)
def test_what_may_choose_a_page_stays(query: str) -> None:
    kept = normalise(f"https://www.gazette.example/a?{query}")
    assert kept is not None
    assert sorted(kept.partition("?")[2].split("&")) == sorted(query.split("&"))


def test_parameters_are_sorted_by_name_and_no_further() -> None:
    assert normalise("https://a.example/?b=1&a=2&b=0") == "https://a.example/?a=2&b=1&b=0"


def test_the_host_carries_its_port() -> None:
    assert host_of("http://127.0.0.1:8800/a") == "127.0.0.1:8800"
    assert host_of("http://[x/") == ""


LINKS = st.one_of(
    st.text(max_size=60),
    st.builds("https://h.example/{}?{}".format, st.text(max_size=40), st.text("ab=&%2Ff;é +#", max_size=40)),
    st.builds("{}://{}".format, st.sampled_from(["http", "HTTPS", "ftp"]), st.text("aA.:@[]/\\%-é1", max_size=30)),
)


@settings(deadline=None)
@given(LINKS)
def test_spelling_is_stable_and_never_raises(link: str) -> None:
    for spell in (resolve, normalise):
        address = spell(link, BASE)
        if address is not None:
            assert spell(address) == address
            assert address.startswith(("http://", "https://"))
            assert address.isascii()
            assert address.isprintable()
            assert "#" not in address
            assert " " not in address


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["a=1", "b=2", "utm_x=3", "c=", "fbclid=z"]), max_size=8, unique=True),
    st.randoms(),
)
def test_variants_of_one_address_are_one(pieces: list[str], chance: object) -> None:
    shuffled = list(pieces)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert normalise("https://H.example/x?" + "&".join(pieces)) == normalise(
        "https://h.example:443/./x?" + "&".join(shuffled) + "#y"
    )
