"""The whole replica web as one function: a request, the stories, a moment and a count in; an answer out."""

from collections.abc import Iterable
from datetime import datetime
from types import ModuleType

from crawler.press import almonitor, fleuve, mediapart
from crawler.press.edition import Edition, Special, edition
from crawler.press.exchange import Answer, Request, answer_text, http_date
from crawler.press.texts import Story

NEWSPAPERS: dict[str, ModuleType] = {"mediapart": mediapart, "almonitor": almonitor, "fleuve": fleuve}
HOSTS: dict[str, str] = {host: name for name, module in NEWSPAPERS.items() for host in module.HOSTS}


def answer(request: Request, stories: Iterable[Story], at: datetime, visit: int = 0) -> Answer | None:
    """What the press answers at `at`; None when the host is none of its own.

    `visit` moves the noise in the pages (boxes, tokens) and nothing that a reader would call the article.
    """
    outlet = HOSTS.get(request.host)
    if outlet is None:
        return None
    if request.method not in {"GET", "HEAD"}:
        refused = answer_text(405, "Only GET and HEAD are answered here.\n")
        return refused.with_headers(("Allow", "GET, HEAD"), ("Date", http_date(at)))
    answered: Answer = NEWSPAPERS[outlet].answer(request, edition(outlet, stories, at, visit))
    return answered.with_headers(("Date", http_date(at)))


def address(story: Story) -> str:
    """The URL of a story in its newspaper."""
    found: str = NEWSPAPERS[story.outlet].address(story)
    return found


def specials(of: Edition) -> tuple[Special, ...]:
    """The announced addresses of a newspaper that are no articles, at the edition's moment."""
    found: tuple[Special, ...] = NEWSPAPERS[of.outlet].specials(of)
    return found
