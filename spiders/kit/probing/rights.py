"""What robots.txt says beside its rules: sitemaps, who is named and refused, and terms in its comments."""

import re
from dataclasses import dataclass

from protego import Protego

from spiders.kit.addresses import resolve
from spiders.kit.words import one_line, printable

_FIELD = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#\r\n]*)")
_TERMS = re.compile(
    r"\btdm\b|text[- ]and[- ]data|data[- ]?mining|fouille|licen[cs]|scrap|machine[- ]learning|artificial|\bai\b|\bia\b|"
    r"permission|autoris|prohibit|interdi|copyright|droits|reserv|réserv|terms|conditions",
    re.IGNORECASE,
)
_COMMENTS = 6
_SITEMAPS = 50


@dataclass(frozen=True, slots=True)
class RobotsText:
    """`refused`: the agents to whom everything is closed. `terms`: comment lines that speak of rights and terms.
    `delay`: seconds between two requests that it asks of us. `status` of the answer, None where none came."""

    sitemaps: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    delay: float | None = None
    status: int | None = None


def read_robots(text: str, url: str, agent: str) -> RobotsText:
    """What the robots.txt at `url` says to `agent` beside its rules (RFC 9309 §2.2; sitemaps.org). Never raises."""
    sitemaps: dict[str, None] = {}
    refused: dict[str, None] = {}
    agents: list[str] = []
    in_rules = False
    for line in text[:500_000].splitlines():
        field = _FIELD.match(line)
        if field is None:
            continue
        name, value = field[1].lower(), field[2].strip()
        if name == "sitemap" and (target := resolve(value, url)):
            sitemaps[target] = None
        elif name == "user-agent":
            agents = [value] if in_rules else [*agents, value]
            in_rules = False
        elif name in ("allow", "disallow"):
            in_rules = True
            if name == "disallow" and value in ("/", "/*"):
                refused.update(dict.fromkeys(printable(agent)[:60] for agent in agents))
    said = [one_line(printable(line.lstrip("# \t"))) for line in text.splitlines() if line.lstrip().startswith("#")]
    terms = [line[:200] for line in said if _TERMS.search(line)]
    delay = Protego.parse(text[:500_000]).crawl_delay(agent)
    return RobotsText(tuple(sitemaps)[:_SITEMAPS], tuple(refused), tuple(terms[:_COMMENTS]), delay)
