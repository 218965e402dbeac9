"""CDXJ: keys as the reference implementation makes them, lines as replay tools read them."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cdxj import cdxj_lines, write_cdxj
from archive.drafts import Draft, Earlier, metadata, not_modified, request, response, same_payload
from archive.errors import HemerotecaError, UsageError
from archive.records import read_at
from archive.surt import surt
from archive.warc import Series
from tests.museum import MUSEUM, answer, gz, page, pages, record, url_of, write

NOON = datetime(2023, 8, 4, 12, 30, 15, 999999, tzinfo=UTC)
HEX = "0123456789abcdef" * 2
LETTERS = "abcdefghijklmnopqrstuvwx"

# Computed with the Internet Archive's own implementation (surt 0.3.1)
KEYS = {
    "http://press.example": "example,press)/",
    "https://www.Press.example:443/A/b/../C/./d//e?b=2&a=1&A=3#top": "example,press)/a/c/d/e?a=1&a=3&b=2",
    "http://www2.press.example/x": "example,press)/x",
    "http://www23.press.example:8080/x/": "example,press:8080)/x",
    "https://press.example:80/": "example,press:80)/",
    "http://www-2.press.example/": "example,press,www-2)/",
    "http://www1.www2.press.example/": "example,press,www2)/",
    "https://desk:pw@press.example/Un%20Article/?": "example,press)/un%20article",
    "http://press.example/été?q=é": "example,press)/%c3%a9t%c3%a9?q=%c3%a9",
    "http://été.example/": "example,xn--t-9fab)/",
    "http://press.example/a%2Fb%2fc?x=%41%zz": "example,press)/a/b/c?x=a%25zz",
    "http://press.example/%25%32%35": "example,press)/%25",
    "http://press.example/a b": "example,press)/a%20b",
    "http://press.example/a?b=&a=&a": "example,press)/a?a&a=&b=",
    "http://press.example/a?b=1&&a=1&": "example,press)/a?&&a=1&b=1",
    "http://press.example/a?b=2&b=10&b=1": "example,press)/a?b=1&b=10&b=2",
    "http://press.example/a?b-1=2&b=1&b+=3": "example,press)/a?b=1&b+=3&b-1=2",
    "http://press.example/?x=http://other.example/a//b": "example,press)/?x=http://other.example/a//b",
    "http://press.example/a?b?c#d?e": "example,press)/a?b?c",
    "http://press.example/a/..": "example,press)/",
    "http://press.example/a//..": "example,press)/a",
    "http://press.example/../b": "example,press)/../b",
    "http://192.0.2.1/x": "1,2,0,192)/x",
    "http://3221225985/x": "1,2,0,192)/x",
    "http://[2001:db8::1]:8080/x": "2001:db8::1:8080)/x",
    f"http://press.example/a?jsessionid={HEX}&x=1": "example,press)/a?x=1",
    f"http://press.example/a?x=1&PHPSESSID={HEX}": "example,press)/a?&x=1",
    f"http://press.example/a?sid={HEX}": "example,press)/a",
    f"http://press.example/a?aspsessionidabcdefgh={LETTERS}": "example,press)/a",
    "http://press.example/a?cfid=12&cftoken=34": "example,press)/a",
    f"http://press.example/(S({LETTERS}))/page.aspx": "example,press)/page.aspx",
    f"http://press.example/({LETTERS})/page.aspx": "example,press)/page.aspx",
    "press.example/x": "example,press)/x",
    "ftp://www.press.example/x": "example,press)/x",
    "dns:press.example": "dns:press.example",
    "urn:uuid:1234": "urn:uuid:1234",
    "mailto:desk@press.example": "mailto:desk@press.example",
}


@pytest.mark.parametrize("url", KEYS)
def test_keys_are_those_of_the_reference(url: str) -> None:
    assert surt(url) == KEYS[url]


@given(st.text())
def test_any_text_has_a_key_that_a_line_can_hold(text: str) -> None:
    for url in (text, f"http://{text}", f"https://press.example/{text}", f"https://press.example/?{text}"):
        key = surt(url)
        assert key.isascii()
        assert not any(c.isspace() or not c.isprintable() for c in key)


names = st.text("abcxyz019-_~", min_size=1, max_size=8)


@given(
    st.lists(names.filter(lambda name: not name.startswith("www")), min_size=1, max_size=3),
    st.lists(names, max_size=4),
    st.lists(st.tuples(names, names), max_size=4),
    st.randoms(),
)
def test_forms_of_one_address_have_one_key(
    hosts: list[str], steps: list[str], query: list[tuple[str, str]], chance: Random
) -> None:
    host, path = ".".join([*hosts, "example"]), "/".join(steps)
    fields = [f"{name}={value}" for name, value in query]
    plain = f"http://{host}/{path}" + ("?" + "&".join(fields) if fields else "")
    chance.shuffle(fields)
    escaped = "/".join("".join(f"%{ord(c):02X}" for c in step) for step in steps)
    other = f"HTTPS://desk@WWW.{host.upper()}:443//{escaped}/./" + ("?" + "&".join(fields).upper() if fields else "")
    assert surt(plain) == surt(other + "#top")
    assert surt(plain).startswith(",".join(reversed(host.split("."))) + ")/")


# ---- lines


def series_of(folder: Path, *drafts: Draft) -> Path:
    writer = Series(folder / "warc", info={"software": "hemeroteca/test"}, now=lambda: NOON)
    writer.write(drafts)
    closed = writer.close()
    assert closed is not None
    return folder / closed.file


def parsed(line: bytes) -> tuple[str, str, dict[str, str]]:
    key, moment, values = line.decode("ascii").removesuffix("\n").split(" ", 2)
    return key, moment, json.loads(values)


def test_the_lines_of_a_crawl(tmp_path: Path) -> None:
    url = "https://www.press.example/Article?b=1&a=2"
    body = b"<p>Bonjour</p>"
    first = response(url, NOON, answer(body, mime="text/html; charset=utf-8"))
    chunked = b"HTTP/1.1 200 OK\r\ncontent-type:text/html;x=y\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    earlier = Earlier(first.record_id, url, NOON)
    later = NOON + timedelta(days=1)
    drafts = [
        metadata(NOON, b"{}", url=url, concurrent_to=first.record_id),
        request(url, NOON, b"GET / HTTP/1.1\r\n\r\n", concurrent_to=first.record_id),
        first,
        response("http://a.example/", NOON, chunked),
        same_payload(url, later, answer(body), earlier=earlier),
        not_modified(url, later + timedelta(days=1), b"HTTP/1.1 304 Not Modified\r\n\r\n", earlier=earlier),
        response("http://z.example/gone", NOON, b"HTTP/1.1 410 Gone\r\n\r\n"),
    ]
    path = series_of(tmp_path, *drafts)
    lines = cdxj_lines(path)
    assert lines == sorted(lines)
    digest = f"sha256:{sha256(body).hexdigest()}"
    found = [
        (key, moment, {name: value for name, value in values.items() if name not in ("offset", "length", "filename")})
        for key, moment, values in map(parsed, lines)
    ]
    key = "example,press)/article?a=2&b=1"
    assert found == [
        (
            "example,a)/",
            "20230804123015",
            {
                "url": "http://a.example/",
                "mime": "text/html",
                "status": "200",
                # Over the content without chunking: the same as that of a revisit of it
                "digest": f"sha256:{sha256(b'hi').hexdigest()}",
            },
        ),
        (key, "20230804123015", {"url": url, "mime": "text/html", "status": "200", "digest": digest}),
        (key, "20230805123015", {"url": url, "mime": "warc/revisit", "status": "200", "digest": digest}),
        (key, "20230806123015", {"url": url, "mime": "warc/revisit", "status": "304", "digest": "-"}),
        (
            "example,z)/gone",
            "20230804123015",
            {"url": "http://z.example/gone", "status": "410", "digest": f"sha256:{sha256(b'').hexdigest()}"},
        ),
    ]
    for _, _, values in map(parsed, lines):
        record = read_at(path, int(values["offset"]))
        assert record.target_uri == values["url"]
        assert values["filename"] == path.name


def test_a_line_to_the_byte(tmp_path: Path) -> None:
    """As pywb and cdxj-indexer write it: names, their order, all values as text."""
    made = record("response", url_of(1), answer(page(1)), "WARC-Payload-Digest: sha1:ABC")
    path, _ = write(tmp_path, "a.warc", [*pages(1, first=2), made])
    size = len(pages(1, first=2)[0])
    assert cdxj_lines(path)[0] == (
        b'example,press)/article-1 20230804101500 {"url": "http://press.example/article-1", "mime": "text/html",'
        b' "status": "200", "digest": "sha1:ABC", "length": "%d", "offset": "%d", "filename": "a.warc"}\n'
        % (len(made), size)
    )


def test_an_answer_behind_interim_ones(tmp_path: Path) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nContent-Type: x/y\r\n\r\n"
    path, _ = write(tmp_path, "a.warc", [record("response", url_of(1), hints + answer(b"x"))])
    (line,) = cdxj_lines(path)
    values = parsed(line)[2]
    assert (values["status"], values["mime"]) == ("200", "text/html")
    assert values["digest"] == f"sha256:{sha256(b'x').hexdigest()}"


def test_resources_and_what_tools_say_of_themselves(tmp_path: Path) -> None:
    found = [parsed(line)[2] for line in cdxj_lines(MUSEUM["browsertrix"](tmp_path).path)]
    assert [(each["url"], each["mime"], each.get("status")) for each in found] == [
        ("http://press.example/article-1", "text/html", "200"),
        ("http://press.example/graphql?__wb_method=POST&query=article", "application/json", "200"),
        ("urn:pageinfo:http://press.example/article-1", "application/json", None),
        ("urn:text:http://press.example/article-1", "text/plain", None),
    ]
    own = record("resource", "urn:settings", b"a: b\r\n", mime="application/warc-fields")
    path, _ = write(tmp_path, "b.warc.gz", gz(own))
    assert cdxj_lines(path) == []


@pytest.mark.parametrize("name", sorted(name for name in MUSEUM if not name.startswith("wacz")))
def test_every_file_of_the_museum_can_be_indexed(tmp_path: Path, name: str) -> None:
    shown = MUSEUM[name](tmp_path)
    index = write_cdxj(shown.path)
    for line in index.read_bytes().splitlines(keepends=True):
        _, _, values = parsed(line)
        assert read_at(shown.path, int(values["offset"])).target_uri == values["url"]


def test_the_index_lies_beside_its_file_and_can_be_made_again(tmp_path: Path) -> None:
    path = series_of(tmp_path, response("http://a.example/", NOON, answer(b"x")))
    index = write_cdxj(path)
    assert index == path.with_name(path.name + ".cdxj")
    data = index.read_bytes()
    index.unlink()
    assert write_cdxj(path).read_bytes() == data
    index.write_bytes(b"torn")
    assert write_cdxj(path).read_bytes() == data
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, index.name]


def test_a_file_that_is_open_or_gone_has_no_index(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz.open"
    path.write_bytes(b"".join(gz(*pages(1))))
    with pytest.raises(UsageError, match="still open"):
        write_cdxj(path)
    with pytest.raises(FileNotFoundError):
        write_cdxj(tmp_path / "gone.warc.gz")
    # Where no index can be written: a directory is in its place
    closed = path.rename(tmp_path / "a.warc.gz")
    (tmp_path / "a.warc.gz.cdxj" / "x").mkdir(parents=True)
    with pytest.raises(HemerotecaError):
        write_cdxj(closed)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.warc.gz", "a.warc.gz.cdxj"]
