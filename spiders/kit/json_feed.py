"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): the newest articles, as leads."""

import json
import re
from typing import Any

from spiders.kit.addresses import resolve
from spiders.kit.announced import LONGEST_SUMMARY, line, moment, plain
from spiders.kit.finding import Finding, Hints, Notebook
from spiders.kit.inert_xml import Bounds
from spiders.kit.outlet import Outlet
from spiders.kit.packed import plain_text

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_COMMA = re.compile(r"[\s,]*")


def read_json_feed(
    body: bytes, *, url: str, outlet: Outlet, bounds: Bounds | None = None, content_type: str | None = None
) -> Finding:
    """What a JSON Feed announces. Never raises; of a document that breaks off the whole items are used."""
    bounds = bounds or Bounds()
    notebook = Notebook(url, outlet)
    text, problems = plain_text(body, bounds.size, content_type)
    if text is None:
        return notebook.finding(problems)
    text = text.lstrip("\ufeff \t\r\n")
    about: dict[str, Any] = {}
    try:
        document = json.loads(text)
        about = document if isinstance(document, dict) else {}
        items = about.get("items")
    except (ValueError, RecursionError) as fault:
        problems.append(f"it is not well-formed JSON: {fault}"[:300])
        items = _whole_items(text, bounds.entries)
    items = items if isinstance(items, list) else []
    if len(items) > bounds.entries:
        problems.append(f"it has more than {bounds.entries} entries; the rest was not read")
    for item in items[: bounds.entries]:
        if isinstance(item, dict):
            _item(notebook, item)
    if not notebook.entries:
        problems.append("the feed has no entry")
    return notebook.finding(
        problems, hints=Hints(hub=_hub(about, url), topic=resolve(_text(about, "feed_url") or "", url))
    )


def _item(notebook: Notebook, item: dict[str, Any]) -> None:
    html = _text(item, "content_html")
    identity = _text(item, "id")
    notebook.lead(
        _text(item, "url"),
        _text(item, "external_url"),
        identity if identity and identity.startswith(("http://", "https://")) else None,
        title=plain(_text(item, "title")),
        summary=plain(_text(item, "summary"), LONGEST_SUMMARY)
        or line(_text(item, "content_text"), LONGEST_SUMMARY)
        or plain(html, LONGEST_SUMMARY),
        published_at=moment(_text(item, "date_published")),
        modified_at=moment(_text(item, "date_modified")),
    )


def _text(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    return value if isinstance(value, str) else None


def _hub(about: dict[str, Any], url: str) -> str | None:
    hubs = about.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and str(hub.get("type")).lower() == "websub":
            return resolve(_text(hub, "url") or "", url)
    return None


def _whole_items(text: str, most: int) -> list[Any]:
    begin = _ITEMS.search(text)
    items: list[Any] = []
    at = begin.end() if begin else len(text)
    decoder = json.JSONDecoder()
    while len(items) <= most:
        blank = _COMMA.match(text, at)
        try:
            item, at = decoder.raw_decode(text, blank.end() if blank else at)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return items
