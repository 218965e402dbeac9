"""Where reading takes a shorter way, the long way says the same."""

import subprocess
import sys
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from parsel.csstranslator import HTMLTranslator
from trafilatura import core, external

from crawler.press.exchange import Request
from crawler.press.proxy import START
from crawler.press.texts import load
from crawler.press.truth import truth
from crawler.press.web import answer
from spiders.kit.addresses import web_link
from spiders.kit.markup import parse, select
from spiders.kit.page import Page
from spiders.kit.words import fold, one_line

STORIES = load()
ADDRESSES = [each.url for each in truth(STORIES, START).articles][:12]
FILLING = "<p>La commission a remis son rapport mardi, après six mois d'enquête dans les ports du pays.</p>" * 6


@given(
    st.text("/abc.~-_%?#;:@ é\t\\", max_size=12).map(lambda path: "/" + path),
    st.sampled_from(
        ["https://a.example/b/c?d", "http://u:p@a.example:8080/", "HTTP://A.example", "mailto:x", "/b", "//a/"]
    ),
)
def test_a_link_leads_where_rfc_3986_says(link: str, base: str) -> None:
    try:
        joined = urljoin(base.replace("u:p@", ""), link.strip())
    except ValueError:
        joined = ""
    found = web_link(link, base)
    if "@" not in link:
        assert found == (joined if joined.startswith(("http://", "https://")) else None)
    else:
        assert found is None or "u:p@" not in found


CLASSES = st.lists(st.text("ab- \t\nA", max_size=6), min_size=1, max_size=5)


@given(CLASSES, st.sampled_from(["a", "ab", "a-b", "A", "b"]))
def test_a_class_selector_takes_what_css_says(classes: list[str], name: str) -> None:
    body = "".join(f'<p class="{each}"><b class="{each}">x</b></p>' for each in classes)
    doc = parse(f"<html><body>{body}</body></html>").doc
    assert select(doc, f".{name}") == etree.XPath(HTMLTranslator().css_to_xpath(f".{name}"))(doc)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line) == " ".join(line.split())
    if not text.isascii():
        assert not set(line) & set("\u00ad\u200b\u200c\u2060\ufeff\u034f\u180e\x00\x08\x7f")


@pytest.mark.parametrize("text", ["‘a’ “b” — c", "'a' \"b\" - c", "«a» `b´ ‑ c", "„A‟ ‚B‛ − C"])
def test_quotes_and_dashes_do_not_tell_texts_apart(text: str) -> None:
    assert fold(text) == "a b c"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_second_opinion_is_left_out_only_where_it_says_the_same(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answer(Request("GET", address), STORIES, START, 0)
    assert page is not None
    short = Page(page.body, url=address).blocks()
    monkeypatch.setattr(core, "compare_extraction", external.compare_extraction)
    assert Page(page.body, url=address).blocks() == short


@pytest.mark.parametrize(
    "furniture",
    [
        "<p><a href='/x'>À <i>lire</i>\n aussi : un autre article</a></p>",
        "<p><b>LIRE AUSSI un autre article du journal</b></p>",
        "<div role='dialog'><p>Votre compte attend un autre article depuis ce matin.</p></div>",
    ],
)
def test_what_trafilatura_takes_for_text_is_taken_out_first(furniture: str) -> None:
    html = f"<html><body><article><h1>Titre</h1>{FILLING}{furniture}{FILLING}</article></body></html>"
    blocks = Page(html, url="https://a.example/").blocks()
    assert blocks
    assert not any("autre article" in block.text for block in blocks)


def test_a_language_is_told_where_no_file_can_be_written() -> None:
    text = "La junte au pouvoir a parlé hier soir à la télévision nationale. " * 5
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        f"from spiders.kit.language import language; print(language({text!r}, 'en'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "fr"
