"""Outlets as TOML files: the words of `Outlet`, no Python.

Every mistake is an error that names file, line and key, and the key that was probably meant.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from archive.tomlfile import Section, TomlFile, nearest
from spiders.kit.addresses import resolve, shown
from spiders.kit.login import Login
from spiders.kit.markup import selector
from spiders.kit.outlet import KINDS, LONGEST_DELAY, Feed, Listing, NewsSitemap, Outlet, Sitemap, Source, Urls

KEYS: Final = (
    "name",
    "title",
    "home",
    "languages",
    "articles",
    "same",
    "delay",
    "proven",
    "waits",
    "sources",
    "login",
)
"""Keys at the top of the file: the fields of Outlet, without those that hold a class."""


_CLASSES = ("page", "layouts")
_SOURCE_KEYS = {
    "feed": ("kind", "url"),
    "news-sitemap": ("kind", "url"),
    "sitemap": ("kind", "url", "only"),
    "listing": ("kind", "url", "links", "first_page", "pages"),
    "urls": ("kind", "urls"),
}
_LOGIN_KEYS = ("page", "form", "user_field", "password_field", "check")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What an outlet may be called: its name is a file's and a folder's, too."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def load_outlet(path: Path) -> Outlet:
    """The outlet that a TOML file describes. Raises BadCorpusFile with file, line, key and what to do."""
    file = TomlFile.read(path)
    for key in _CLASSES:
        if key in file.table:
            file.fail((key,), "needs a class: write this outlet in Python")
    top = Section(file, (), file.table, KEYS)
    facts: dict[str, Any] = {
        "name": _name(top, path.stem),
        "title": top.required("title"),
        "home": _address(top, "home"),
        "languages": _languages(top),
        "sources": tuple(_source(table) for table in top.sections("sources", None)),
        "articles": _pattern(top, "articles"),
        "same": _same(top),
        "delay": _delay(top),
        "proven": top.text("proven") or None,
        "waits": top.text("waits") or None,
    }
    if "login" in top.table:
        facts["login"] = _login(top.section("login", _LOGIN_KEYS))
    return Outlet(**facts)


def _name(top: Section, stem: str) -> str:
    name = top.required("name")
    if not NAME.fullmatch(name):
        top.fail("name", f"cannot be {name!r}: use letters, digits, dots, - and _ only")
    if name != stem:
        top.fail("name", f"must be the file's name: write {stem!r}, or rename the file")
    return name


def _languages(top: Section) -> tuple[str, ...]:
    languages = _several(top, "languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            top.fail("languages", f"has {language!r}, which is no language code such as fr, en or ar", language)
    return languages


def _delay(top: Section) -> float:
    delay = top.number("delay", Outlet.delay)
    if not 0 < delay <= LONGEST_DELAY:
        top.fail("delay", "must be the seconds between two requests, above 0; 2.0 is a polite value")
    return delay


def _same(top: Section) -> tuple[tuple[str, str], ...]:
    pairs = top.table.get("same", [])
    if not isinstance(pairs, list):
        top.fail("same", "must be a list of pairs, such as [['^http:', 'https:']]")
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            top.fail("same", "must hold pairs of a pattern and its replacement, such as ['^http:', 'https:']")
        try:
            re.compile(pair[0]).sub(pair[1], "")
        except (re.error, IndexError) as error:
            top.fail("same", f"has {pair!r}, no regular expression and its replacement: {error}", pair[0])
    return tuple((pair[0], pair[1]) for pair in pairs)


def _source(table: Section) -> Source:
    kind = table.required("kind")
    if kind not in KINDS.values():
        table.fail("kind", f"cannot be {kind!r}; {nearest(kind, KINDS.values())}")
    table.only(_SOURCE_KEYS[kind])
    return _MAKE[kind](table)


def _listing(table: Section) -> Listing:
    url = table.required("url")
    _check_address(table, "url", _filled(url))
    first, pages = table.count("first_page", 1), table.count("pages", 1, least=1)
    return Listing(url, _css(table, "links"), first, pages)


def _urls(table: Section) -> Urls:
    urls = _several(table, "urls")
    for url in urls:
        _check_address(table, "urls", url)
    return Urls(urls)


_MAKE: dict[str, Callable[[Section], Source]] = {
    "feed": lambda table: Feed(_address(table, "url")),
    "news-sitemap": lambda table: NewsSitemap(_address(table, "url")),
    "sitemap": lambda table: Sitemap(_address(table, "url"), _pattern(table, "only")),
    "listing": _listing,
    "urls": _urls,
}


def _login(table: Section) -> Login:
    facts: dict[str, Any] = {key: _css(table, key) for key in ("form", "check")}
    if "user_field" in table.table:
        one = isinstance(table.table["user_field"], str)
        facts["user_field"] = (table.required("user_field"),) if one else _several(table, "user_field")
    if "password_field" in table.table:
        facts["password_field"] = table.required("password_field")
    return Login(_address(table, "page"), **facts)


def _several(table: Section, key: str) -> tuple[str, ...]:
    texts = table.texts(key)
    if not texts or not all(text.strip() for text in texts):
        table.fail(key, 'must be a list of texts that are not empty, such as ["one", "two"]')
    return texts


def _address(table: Section, key: str) -> str:
    url = table.required(key)
    _check_address(table, key, url)
    return url


def _check_address(table: Section, key: str, url: str) -> None:
    if resolve(url) is None:
        table.fail(key, f"has {shown(url)!r}, which is no http or https address: write it out in full", url)


def _pattern(table: Section, key: str) -> str | None:
    pattern = table.text(key) or None
    try:
        re.compile(pattern or "")
    except re.error as error:
        table.fail(key, f"is no regular expression: {error}")
    return pattern


def _css(table: Section, key: str) -> str | None:
    css = table.text(key) or None
    if css is not None:
        try:
            selector(css)
        except ValueError as error:
            table.fail(key, f"cannot be used: {error}")
    return css


def _filled(url: str) -> str:
    """A listing's address with something in its blanks."""
    return url.replace("{page}", "1").replace("{year}", "2023").replace("{month}", "07")
