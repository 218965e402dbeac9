"""How a story becomes HTML: templates, dates as newspapers print them, drop capitals, quotes in italics."""

import json
import re
from datetime import datetime, timedelta
from functools import cache
from unicodedata import combining, normalize

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.press.edition import number
from crawler.press.shown import NOTICES, REPLICA
from crawler.press.texts import Story

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.press", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["json"] = json_script
    environment.filters["french"] = french
    environment.filters["quotes"] = quotes
    environment.filters["slug"] = slug
    environment.globals.update(notices=NOTICES, replica=REPLICA)
    return environment


def typeset(template: str, /, **values: object) -> str:
    """The template of that name, filled."""
    return _templates().get_template(template).render(**values)


def json_script(value: object) -> str:
    """JSON for a script element: nothing in it can close the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def french(text: str) -> str:
    """Text with the no-break spaces of French: inside guillemets and before a colon, semicolon, ? and !."""
    return re.sub("(?<=«) | (?=[»:;?!])", "\u00a0", text)


def quotes(html: str) -> str:
    """Escaped text with what stands between guillemets in italics, as French newsrooms set it."""
    # Escaped text comes as a subclass of str that would escape the tags as well.
    return re.sub("«[^»]*»", r"<i>\g<0></i>", str(html))


def dropcap(text: str) -> tuple[str, str, str] | None:
    """First letter, rest of the first word, rest of the paragraph; None when no letter comes first."""
    found = re.match(r"([^\W\d_])(\w*)", text)
    return None if found is None else (found[1], found[2], text[found.end() :])


def slug(text: str) -> str:
    """A name as an address: letters and digits of any script without accents, with dashes between."""
    bare = "".join(sign for sign in normalize("NFKD", text.lower()) if not combining(sign))
    return "-".join(re.findall(r"\w+", bare))


def month(moment: datetime, language: str) -> str:
    """The month's name."""
    return _MONTHS[language].split()[moment.month - 1]


def day(moment: datetime, language: str) -> str:
    """The date in the newspaper's own zone: `4 août 2023`, `August 4, 2023` in the American manner."""
    name = month(moment, language)
    if language == "en":
        return f"{name} {moment.day}, {moment.year}"
    return f"{moment.day} {name} {moment.year}"


def saved(story: Story) -> datetime:
    """When the content system wrote the story last, in the newspaper's zone.

    Never the moment of publication itself: there is always a last correction a minute or some later.
    """
    if story.modified is not None:
        return story.modified.astimezone(story.published.tzinfo)
    return story.published + timedelta(seconds=61 + number(story.key, 480))


def summary(story: Story, first: str) -> str:
    """What a machine is told the story is about: the standfirst, without one the first paragraph."""
    return " ".join((story.standfirst or first).split())


def clipped(text: str, length: int = 160) -> str:
    """The beginning of a text, ended with an ellipsis when something is left out."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"
