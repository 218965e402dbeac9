"""robots.txt as RFC 9309 reads it: groups, rules, and what a group says of the pace.

Pure: text in, verdicts out. Lines that are no rule are passed over and end no group (§2.2.4). Crawl-delay and
Request-rate are not in the RFC; here they belong to their group like its rules.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

READ: Final = 500 * 1024
"""Bytes that are read (§2.5)."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_STARS = re.compile(r"\*+")
_PLAIN = re.compile(r"[A-Za-z0-9._~/?&=-]*")  # most paths and patterns
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?|[.,]\d+)")
_RATE = re.compile(r"(\d{1,9})\s*/\s*(\d+(?:[.,]\d+)?)\s*([smh]?)", re.IGNORECASE)
_UNIT = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
# As people write them (§2.2.4: "crawlers MAY be lenient")
_FIELDS: Final = {
    "user-agent": "agent", "useragent": "agent", "user agent": "agent",
    "allow": "allow",
    "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
    "diasllow": "disallow", "disallaw": "disallow",
    "crawl-delay": "delay", "crawldelay": "delay", "crawl delay": "delay",
    "request-rate": "rate", "request rate": "rate",
}  # fmt: skip


class Rule(NamedTuple):
    """One allow or disallow line: `line` as it was written, `parts` of the pattern between its stars, `anchored` at the
    end of the path, `length` in octets with the special characters."""

    allows: bool
    line: str
    parts: tuple[str, ...]
    anchored: bool
    length: int

    def matches(self, path: str) -> bool:
        """Whether the pattern fits the path from its beginning; path as `_spelled` gives it."""
        first, *rest = self.parts
        if not rest:
            return path == first if self.anchored else path.startswith(first)
        if not path.startswith(first):
            return False
        at = len(first)
        *between, last = rest
        for part in between:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return len(path) - len(last) >= at and path.endswith(last) if self.anchored else path.find(last, at) >= 0


@dataclass(slots=True)
class Group:
    """The rules that a file has for one product token, wherever they stand in it (§2.2.1)."""

    rules: list[Rule] = field(default_factory=list)
    delay: float = 0.0  # seconds between two requests


class RobotsTxt:
    """A robots.txt file. Any text is one; without rules it allows everything."""

    def __init__(self, text: str) -> None:
        self._groups: dict[str, Group] = {}
        current: list[Group] = []
        open_to_agents = False
        for raw in _LINE_END.split(text):
            line = raw.partition("#")[0].strip()
            name, value = _field(line)
            if name == "agent":
                if not open_to_agents:
                    current, open_to_agents = [], True
                token = _product_token(value)
                if token is not None:
                    current.append(self._groups.setdefault(token, Group()))
                continue
            if name is None:
                continue
            open_to_agents = False
            for group in current:
                _enter(group, name, value, line)
        for group in self._groups.values():
            group.rules.sort(key=lambda rule: (rule.length, rule.allows), reverse=True)

    def rule_for(self, url: str, token: str) -> Rule | None:
        """The rule that decides about the address for this product token: the longest that matches, and of two alike
        the one that allows (§2.2.2). None: everything is allowed that no rule forbids."""
        parts = urlsplit(url)
        path = _spelled((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return None
        return next((rule for rule in self._group(token).rules if rule.matches(path)), None)

    def delay(self, token: str) -> float:
        """Seconds between two requests that this product token is asked for; 0 where nothing is said."""
        return self._group(token).delay

    def _group(self, token: str) -> Group:
        return self._groups.get(token.lower()) or self._groups.get("*") or Group()


def decoded(body: bytes) -> str:
    """The text of a robots.txt: UTF-8 (§2.3), or UTF-16 where its first bytes say so; without NULs."""
    body = body[:READ]
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = body.decode("utf-16", errors="replace")
    elif len(body) > 3 and body[0] and not body[1] and body[2] and not body[3]:
        text = body.decode("utf-16-le", errors="replace")
    elif len(body) > 3 and not body[0] and body[1] and not body[2] and body[3]:
        text = body.decode("utf-16-be", errors="replace")
    else:
        text = body.decode("utf-8", errors="replace")
    if len(body) == READ:
        # A rule that is cut says something else than the whole one
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    return text.lstrip("\ufeff").replace("\x00", "")


def _field(line: str) -> tuple[str | None, str]:
    name, colon, value = line.partition(":")
    known = _FIELDS.get(" ".join(name.lower().split())) if colon else None
    if known is None:
        name, _, value = line.partition(" ")
        known = _FIELDS.get(name.lower())
        if known == "agent" and ":" in name:
            known = None
    return known, value.strip()


def _product_token(value: str) -> str | None:
    """`*`, or the product token with which the value begins, in lower case (§2.2.1); a version behind it is none."""
    if value[:1] == "*":
        return "*"
    found = _TOKEN.match(value)
    return found[0].lower() if found else None


def _enter(group: Group, name: str, value: str, line: str) -> None:
    if name == "delay":
        found = _NUMBER.match(value)
        group.delay = max(group.delay, float(found[1].replace(",", ".")) if found else 0.0)
    elif name == "rate":
        rate = _RATE.match(value)
        if rate and int(rate[1]):
            group.delay = max(group.delay, float(rate[2].replace(",", ".")) * _UNIT[rate[3].lower()] / int(rate[1]))
    elif value:
        group.rules.append(_rule(value, line, allows=name == "allow"))


def _rule(pattern: str, line: str, *, allows: bool) -> Rule:
    anchored = pattern.endswith("$")
    pattern = pattern.removesuffix("$") if anchored else pattern
    if pattern[:1] not in ("/", "*"):
        pattern = f"/{pattern}"  # what was meant, since no path begins otherwise
    parts = tuple(map(_spelled, _STARS.split(pattern))) if "*" in pattern else (_spelled(pattern),)
    length = sum(map(len, parts)) + pattern.count("*") + anchored
    return Rule(allows, line, parts, anchored, length)


def _spelled(path: str) -> str:
    """A path or a pattern in one spelling (§2.2.2): octets outside ASCII escaped, escapes of unreserved characters
    not, and the two special characters escaped where they stand for themselves (§2.2.3)."""
    if _PLAIN.fullmatch(path):
        return path
    return quote(_ESCAPE.sub(_one_escape, path), safe="/%?&=+,;:@!'()[]|")


def _one_escape(found: re.Match[str]) -> str:
    if not found[1]:
        return "%25"
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"
