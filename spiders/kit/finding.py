"""What one feed, sitemap or listing announces: leads, further documents, and what was wrong."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archive.model import Kind, Lead
from spiders.kit.addresses import LONGEST, host_of, normalise, resolve, scheme_of, shown
from spiders.kit.announced import line
from spiders.kit.outlet import Outlet


@dataclass(frozen=True, slots=True)
class Child:
    """A document that announces more: a sitemap of an index, or the next page of a listing.

    `modified_at` is the index' lastmod; a bare day there is midnight UTC.
    """

    url: str
    kind: Kind
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A link that was announced and cannot be asked for: another scheme than http(s), or no address.

    `reason` begins with the name of a trap's rule and a colon where one stopped it.
    """

    link: str
    reason: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed says about how often to come.

    `ttl`: RSS, how long it may be kept. `every`: updatePeriod divided by updateFrequency (RSS module
    syndication).
    `skip_hours`: hours of the day in GMT, 0 to 23. `skip_days`: days of the week in GMT, 0 is Monday.
    `hub`, `topic`: WebSub's hub, and the address under which the hub knows the feed.
    """

    ttl: timedelta | None = None
    every: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of reading one answer.

    `leads`: every address announced, once each, in the order of the document, in the outlet's one spelling.
    Addresses that are no article's are among them: the caller decides, and says so in the lead's row.
    `problem`: why the document is bad, in a sentence; what stands in `leads` was read all the same. A
    document with bytes and without entries always has a problem.
    `notes`: what was mended or left aside without loss: no reason to doubt the leads.
    `names_itself`: the document is among the further ones that it names.
    """

    leads: tuple[Lead, ...] = ()
    children: tuple[Child, ...] = ()
    problem: str | None = None
    hints: Hints = field(default_factory=Hints)
    notes: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    names_itself: bool = False


class Notebook:
    """What is being found in one document: takes links as announced, keeps each address once."""

    def __init__(self, url: str, outlet: Outlet) -> None:
        self.url = url
        self.outlet = outlet
        self.entries = 0
        self.names_itself = False
        self._without_link = 0
        self._leads: dict[str, Lead] = {}
        self._children: dict[str, Child] = {}
        self._refused: dict[str, Refused] = {}
        self._addresses: dict[tuple[str, str | None], str | None] = {}
        self._own = normalise(url)
        self._secure_home = host_of(outlet.home) if outlet.home.startswith("https://") else None

    def address(self, link: str, base: str | None = None) -> str | None:
        """The address under which the outlet's pages are kept, or None if it is no web address."""
        key = (link, base)
        if key not in self._addresses:
            self._addresses[key] = self._address(link, base)
        return self._addresses[key]

    def _address(self, link: str, base: str | None) -> str | None:
        url = normalise(link, base or self.url)
        if url is None:
            return None
        if self._secure_home and url.startswith("http://") and host_of(url) == self._secure_home:
            # An old link on a newspaper that has moved to https would cost a redirect each time.
            url = "https" + url.removeprefix("http")
        return self.outlet.one_spelling(url)

    def lead(
        self,
        *links: str | None,
        base: str | None = None,
        title: str | None = None,
        summary: str | None = None,
        published_at: datetime | None = None,
        modified_at: datetime | None = None,
    ) -> None:
        """One entry: the first of the links that is a web address, else the first is refused."""
        self.entries += 1
        given = [link.strip() for link in links if link and link.strip()]
        found = [url for link in given if (url := self.address(link, base))]
        url = next((each for each in found if each != self._own), None)
        if url is None:
            if given and not found:
                self._refused.setdefault(given[0], _refusal(given[0], title))
            else:
                self._without_link += 1  # a link to the document itself is none
            return
        new = Lead(
            url,
            self.outlet.name,
            self.url,
            title=title,
            summary=summary,
            published_at=published_at,
            modified_at=modified_at,
        )
        old = self._leads.get(url)
        self._leads[url] = new if old is None else _joined(old, new)

    def child(self, link: str, kind: Kind, *, base: str | None = None, modified_at: datetime | None = None) -> bool:
        """A document to ask for next; False for one that is no web address or is the document itself."""
        url = resolve(link, base or self.url)
        if url is None:
            if link.strip():
                self._refused.setdefault(link, _refusal(link))
            return False
        if url in (self.url, resolve(self.url)):
            self.names_itself = True
            return False
        self._children.setdefault(url, Child(url, kind, modified_at))
        return True

    def finding(
        self, problems: list[str] | None = None, *, notes: list[str] | None = None, hints: Hints | None = None
    ) -> Finding:
        """What was found. Entries that all have no link are a problem: without it they would be no news."""
        problems = list(problems or ())
        if self.entries and self._without_link == self.entries:
            problems.append(f"none of its {self.entries} entries has a link of its own")
        return Finding(
            leads=tuple(self._leads.values()),
            children=tuple(self._children.values()),
            problem="; ".join(problems) if problems else None,
            hints=hints or Hints(),
            notes=tuple(notes or ()),
            refused=tuple(self._refused.values()),
            names_itself=self.names_itself,
        )


def _refusal(link: str, title: str | None = None) -> Refused:
    scheme = scheme_of(link)
    if len(link) > LONGEST:
        reason = f"long address: it has {len(link)} characters, more than {LONGEST}"
    elif scheme and scheme not in ("http", "https"):
        reason = f"the scheme {scheme[:30]} is not http or https"
    else:
        reason = "this is no web address"
    return Refused(line(shown(link), 500) or "", reason, title)


def _joined(old: Lead, new: Lead) -> Lead:
    """An address announced twice in one document: what the first leaves open comes from the second."""
    return replace(
        old,
        title=old.title or new.title,
        summary=old.summary or new.summary,
        published_at=old.published_at or new.published_at,
        modified_at=max(filter(None, (old.modified_at, new.modified_at)), default=None),
    )
