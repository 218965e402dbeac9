"""The fields of an article that its page tells only in a script's state, beside the text: who, when, and what it is.

They are as the page's data give them, unread: dates as written, authors as names or as a byline. What is asked is
the object that holds the article's text.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spiders.kit import state
from spiders.kit.words import listed, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_NAMES = {
    "title": listed("headline headlines title titre titel titulo titulo heading"),
    "standfirst": listed("""
        standfirst dek deck chapo subheadline subheadlines subtitle strapline lede description excerpt summary
    """),
    "authors": listed("byline bylines authors author writers contributors credits creator auteurs autores autoren"),
    "published": listed("""
        publishedat datepublished publisheddate publishdate publicationdate publishedtime publishtime
        firstpublishedat firstpublished firstpublishdate displaydate pubdate published date
    """),
    "modified": listed("""
        modifiedat datemodified modifieddate lastmodified lastmodifieddate updatedat dateupdated updateddate
        lastupdated lastupdateddate lastpublishedat modified updated
    """),
}
_INNER = (
    "basic",
    "rendered",
    "default",
    "main",
    "web",
    "title",
    "name",
    "displayname",
    "fullname",
    "text",
    "value",
    "by",
)
_MOST = 20  # authors


def fields(page: "Page", name: str) -> tuple[str, ...]:
    """What the state says of a field (title, standfirst, authors, published, modified); () where it says nothing."""
    told = state.told(page)
    if told is None:
        return ()
    said = {key.replace("-", "").replace("_", "").lower(): value for key, value in told.node.items()}
    for key in _NAMES[name]:
        found = tuple(dict.fromkeys(_texts(said.get(key), told.state, 0)))
        if name not in ("published", "modified"):
            found = tuple(each for each in found if not each.isdigit())  # the number of an author, not a name
        if found:
            return found[:_MOST] if name == "authors" else found[:1]
    return ()


def _texts(value: Any, told: state.State, depth: int) -> Iterator[str]:
    value = told.resolved(value)
    if depth > 4:
        return
    if isinstance(value, str):
        if 2 < len(text := plain(value[:4000])) < 1000:
            yield text
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        yield str(value)
    elif isinstance(value, list):
        for each in value[:_MOST]:
            yield from _texts(each, told, depth + 1)
    elif isinstance(value, Mapping):
        said = {str(key).replace("_", "").lower(): inner for key, inner in value.items()}
        first, last = (told.resolved(said.get(key)) for key in ("firstname", "lastname"))
        if isinstance(first, str) and isinstance(last, str) and "name" not in said:
            yield plain(f"{first} {last}")
            return
        for key in _INNER:
            if found := [*_texts(said.get(key), told, depth + 1)]:
                yield from found
                return
