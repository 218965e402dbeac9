"""Outlets written as TOML, and the sentences that a person gets for mistakes in them."""

from pathlib import Path

import pytest

from archive.errors import BadCorpusFile, UnknownOutlet
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.login import Login
from spiders.kit.outlet import Feed, Listing, NewsSitemap, Sitemap, Urls
from spiders.kit.toml_outlet import KEYS, load_outlet

FACTS = """\
name = "gazette"
title = "La Gazette"
home = "https://www.gazette.example/"
languages = ["fr", "zh-Hant"]
"""
SOURCES = """\
articles = '^https://www\\.gazette\\.example/journal/'
same = [['^http://', 'https://'], ['(\\?|&)x=\\d', '']]
delay = 5

[[sources]]
kind = "feed"
url = "https://www.gazette.example/feed"

[[sources]]
kind = "news-sitemap"
url = "https://www.gazette.example/news.xml"

[[sources]]
kind = "sitemap"
url = "https://www.gazette.example/map.xml"
only = '/2023-0[789]'

[[sources]]
kind = "listing"
url = "https://www.gazette.example/archive?page={page}"
links = "h3 a"
first_page = 0
pages = 12

[[sources]]
kind = "urls"
urls = ["https://www.gazette.example/journal/1"]
"""


def written(folder: Path, text: str, name: str = "gazette.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(BadCorpusFile) as caught:
        load_outlet(written(folder, text))
    said = str(caught.value)
    assert "gazette.toml" in said
    assert "\n" not in said
    return said


def test_the_words_are_those_of_the_outlet(tmp_path: Path) -> None:
    outlet = load_outlet(written(tmp_path, FACTS + SOURCES))
    assert (outlet.name, outlet.title, outlet.languages) == ("gazette", "La Gazette", ("fr", "zh-Hant"))
    assert outlet.sources == (
        Feed("https://www.gazette.example/feed"),
        NewsSitemap("https://www.gazette.example/news.xml"),
        Sitemap("https://www.gazette.example/map.xml", "/2023-0[789]"),
        Listing("https://www.gazette.example/archive?page={page}", "h3 a", 0, 12),
        Urls(("https://www.gazette.example/journal/1",)),
    )
    assert outlet.delay == 5.0
    assert outlet.is_article("https://www.gazette.example/journal/1") is True
    assert outlet.one_spelling("http://www.gazette.example/a?x=1") == "https://www.gazette.example/a"


def test_what_is_left_out_has_the_outlets_own_default(tmp_path: Path) -> None:
    outlet = load_outlet(written(tmp_path, "\ufeff" + FACTS))
    assert (outlet.sources, outlet.articles, outlet.delay) == ((), None, 2.0)
    assert (outlet.proven, outlet.waits) == (None, None)


def test_a_login_is_kept_as_a_value(tmp_path: Path) -> None:
    login = '[login]\npage = "https://www.gazette.example/login"\nuser_field = ["mail"]\ncheck = ".menu"\n'
    outlet = load_outlet(written(tmp_path, FACTS + login))
    assert outlet.login == Login("https://www.gazette.example/login", user_field=("mail",), check=".menu")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (FACTS.replace("title", "titel"), 2, "'titel' is not a key of the top of the file; did you mean 'title'?"),
        (FACTS.replace('title = "La Gazette"\n', ""), 1, "'title' is missing"),
        (FACTS.replace('"La Gazette"', "7"), 2, "'title'"),
        (FACTS.replace('"gazette"', '"gazete"'), 1, "write 'gazette'"),
        (FACTS.replace('"gazette"', '"../gazette"'), 1, "letters"),
        (FACTS.replace("https://www.gazette.example/", "www.gazette.example"), 3, "'home'"),
        (FACTS.replace('["fr", "zh-Hant"]', '"fr"'), 4, "list"),
        (FACTS.replace('"fr"', '"French"'), 4, "French"),
        (FACTS + "delay = 0\n", 5, "above 0"),
        (FACTS + "delay = true\n", 5, "'delay'"),
        (FACTS + "delay = nan\n", 5, "'delay'"),
        (FACTS + "articles = '('\n", 5, "regular expression"),
        (FACTS + "same = [['(', '']]\n", 5, "regular expression"),
        (FACTS + "same = [['a', '\\3']]\n", 5, "replacement"),
        (FACTS + "same = ['a']\n", 5, "pattern and its replacement"),
        (FACTS + 'page = "x"\n', 5, "Python"),
        (FACTS + 'sources = "x"\n', 5, "[[sources]]"),
        (FACTS + 'sources = ["x"]\n', 5, "must be a table: write it as [[sources]]"),
        (FACTS + SOURCES.replace('"feed"', '"Feed"'), 10, "did you mean 'feed'?"),
        (FACTS + SOURCES.replace("/journal/1", '/1",\n  "mailto:a@b.example'), 32, "'mailto:a@b.example'"),
        (
            FACTS + SOURCES.replace('"news-sitemap"', '"newsitemap"'),
            14,
            "'sources.kind' cannot be 'newsitemap'; did you mean 'news-sitemap'?",
        ),
        (
            FACTS + SOURCES.replace("only =", "olny ="),
            20,
            "'sources.olny' is not a key of [sources]; did you mean 'only'?",
        ),
        (FACTS + SOURCES.replace("h3 a", "h3 >>"), 25, "CSS"),
        (FACTS + SOURCES.replace("pages = 12", "pages = 0"), 27, "'sources.pages'"),
        (FACTS + SOURCES.replace('"https://www.gazette.example/news.xml"', '"file:///news.xml"'), 15, "file:///"),
        (FACTS + SOURCES.replace('kind = "urls"\n', ""), 29, "'sources.kind' is missing"),
        (FACTS + SOURCES.replace('["https://www.gazette.example/journal/1"]', "[]"), 31, "'sources.urls'"),
        (FACTS + '[login]\nform = "form"\n', 5, "'login.page' is missing"),
        (
            FACTS + '[login]\npage = "https://a.example/"\npasword_field = "p"\n',
            7,
            "'login.pasword_field' is not a key of [login]; did you mean 'password_field'?",
        ),
        (FACTS + "[[sources]\n", 5, "not TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_line_and_key(tmp_path: Path, text: str, line: int, said: str) -> None:
    complained = complaint(tmp_path, text)
    assert f"gazette.toml:{line}: " in complained
    assert said in complained


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "gazette.toml"
    with pytest.raises(BadCorpusFile):
        load_outlet(path)
    path.write_bytes(FACTS.encode() + b'proven = "\xe9"')
    with pytest.raises(BadCorpusFile, match=r"gazette\.toml:5: .*UTF-8"):
        load_outlet(path)


def test_every_key_of_the_outlet_is_a_key_of_the_file_or_needs_python() -> None:
    from dataclasses import fields

    from spiders.kit.outlet import Outlet

    assert {each.name for each in fields(Outlet)} - {"page", "layouts"} == set(KEYS)


def test_the_catalogue_holds_both_kinds_and_the_corpus_goes_first(tmp_path: Path) -> None:
    written(tmp_path, FACTS)
    written(tmp_path, FACTS.replace("gazette", "mediapart").replace("La Gazette", "Ours"), "mediapart.toml")
    written(tmp_path, "not read", "notes.txt")
    known = catalogue(tmp_path)
    assert list(known) == sorted(known)
    assert known["gazette"].title == "La Gazette"
    assert known["mediapart"].home == "https://www.mediapart.example/"
    assert "almonitor" in known
    assert "gazette" not in catalogue(tmp_path / "absent")


def test_names_are_chosen_or_the_nearest_are_named() -> None:
    known = catalogue()
    assert [outlet.name for outlet in choose(["mediapart", "almonitor", "mediapart"], known)] == [
        "mediapart",
        "almonitor",
    ]
    with pytest.raises(UnknownOutlet, match="mediapart"):
        choose(["Mediapar"], known)
    with pytest.raises(UnknownOutlet, match="known are"):
        choose(["zzzzzz"], known)
