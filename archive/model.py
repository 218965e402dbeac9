"""The words of the archive as values: Lead, Capture, Article and what they are made of.

All are frozen: an Article is what a page says, read twice it is equal to itself. Nothing here knows a clock, a
network or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How a URL ended. The list is closed; every URL ends in exactly one."""

    OK = "ok"  # whole answer, used as intended
    NOT_MODIFIED = "not_modified"  # 304, the earlier capture stands
    REDIRECTED = "redirected"  # the target has a row of its own
    SKIPPED = "skipped"  # announced, not fetched by a rule of ours
    NOT_HTML = "not_html"  # a kind of answer that we do not read
    EMPTY = "empty"  # whole answer, no usable text
    TEXT_INCOMPLETE = "text_incomplete"  # text that is in the bytes is missing from the result
    PARSE_FAILED = "parse_failed"  # the reader was killed or failed; the record stays
    UNDECODABLE = "undecodable"  # content coding or character set is not what it claims
    PAYWALLED = "paywalled"  # an offer or a cut stands in place of the text
    WALL = "wall"  # consent wall, bot challenge or login page with status 200
    SOFT_404 = "soft_404"  # "not found" with status 200
    HTTP_ERROR = "http_error"  # 4xx or 5xx after the retries allowed
    DEFERRED = "deferred"  # told to wait longer than the limit, or the budget ended
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"  # fewer bytes than promised; never taken for whole
    TOO_LARGE = "too_large"
    BAD_HTTP = "bad_http"
    CONNECT_ERROR = "connect_error"
    TLS_ERROR = "tls_error"
    REDIRECT_LOOP = "redirect_loop"
    BLOCKED_ROBOTS = "blocked_robots"
    BLOCKED_ADDRESS = "blocked_address"
    TRAP = "trap"
    BAD_FEED = "bad_feed"


class Kind(StrEnum):
    """What a request was made for."""

    ARTICLE = "article"
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    ROBOTS = "robots"
    TDMREP = "tdmrep"
    LOGIN = "login"  # the form of an account, and where it leads


class Access(StrEnum):
    FREE = "free"
    METERED = "metered"
    PAYWALLED = "paywalled"
    UNKNOWN = "unknown"


class Complete(StrEnum):
    """Is the whole text in the page that was sent?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Role(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    AGENCY = "agency"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lead:
    """A URL that an outlet announced, with what came with it, before any fetch.

    `modified_at` is the announced change (sitemap lastmod, Atom updated): a later one makes the URL due again.
    `source` is the URL of the feed, sitemap, listing or redirect that announced it; "corpus" for a URL a person gave.
    """

    url: str
    outlet: str
    source: str
    kind: Kind = Kind.ARTICLE
    title: str | None = None
    summary: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a record lies: a WARC file's name relative to the corpus, the offset of its gzip member and its length."""

    warc_file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange as stored. Field by field the row of `captures`; see archive/schema/."""

    url: str
    outlet: str | None
    fetched_at: datetime
    status: int | None
    mime: str | None
    pointer: Pointer
    record_id: str
    kind: Kind
    final_url: str
    truncated: str | None = None
    payload_sha256: str | None = None
    session: str = "anonymous"
    run_id: str | None = None
    fidelity: str | None = None  # exact | rebuilt | withheld; None: not recorded by us
    block_sha256: str | None = None
    revisit_of: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    role: Role = Role.UNKNOWN


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body in reading order. `kind`: paragraph, subhead, quote or list_item."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article with its caption and credits, each as printed; None where the page does not say."""

    url: str | None
    caption: str | None = None
    photographer: str | None = None
    agency: str | None = None
    distributor: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the body: where it points, its words, and the index of the block it stands in."""

    url: str
    text: str
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose reporting the article rests on.

    `relation`: "read_more" (a closing line that names another article), "republished" (an agency's text),
    "with" (written with an agency's material). `evidence` is the sentence or byline that says so.
    """

    source: str
    relation: str
    evidence: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign for a verdict: where it stands, what it says, and the verdict it speaks for."""

    where: str
    says: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that the page gives for a field, as printed. `reader` as in `read_by`, `where` the place of it there,
    such as "og:title", "headline" or "h1"."""

    field: str
    reader: str
    where: str
    raw: str


@dataclass(frozen=True, slots=True)
class Embed:
    """What another site shows inside the body. `kind`: post, video, audio, map, document or frame; `title` as the page
    names it; `block` is the index of the block that it follows, None before the first."""

    kind: str
    url: str
    title: str | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A field for which the outlet's own selectors gave nothing, or much less than the generic reader, which won."""

    field: str
    says: str


class Quality(StrEnum):
    """How far the page's other signs bear the body out."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says. A value that the page does not give is None, empty or `unknown`.

    `text` is the body's blocks joined by blank lines; standfirst, captions and furniture are not in it.
    `stable_id` is the outlet's own id for the article, which survives changes of slug and date in the URL.
    `read_by` names for each field the reader that gave it ("outlet", "json-ld", "meta", "dom", "trafilatura").
    `candidates` has for each field what the page gives, the chosen one first. `body_quality` compares the text with
    the page's other signs, which are in `quality_evidence`.
    """

    url: str
    outlet: str | None
    canonical_url: str | None = None
    title: str | None = None
    standfirst: str | None = None
    kicker: str | None = None
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    published_day: date | None = None  # set where the page gives a day and no time
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    dateline: str | None = None
    access: Access = Access.UNKNOWN
    access_evidence: tuple[Evidence, ...] = ()
    complete: Complete = Complete.UNKNOWN
    attributions: tuple[Attribution, ...] = ()
    links: tuple[Link, ...] = ()
    stable_id: str | None = None
    licence: str | None = None
    robots_meta: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    read_by: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    embeds: tuple[Embed, ...] = ()
    body_quality: Quality = Quality.UNKNOWN
    quality_evidence: tuple[Evidence, ...] = ()
    drift: tuple[Drift, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one capture: the outcome, why, and the article where there is one.

    An article without blocks is "metadata only": what the head of the page says is kept, the body is unavailable.
    """

    outcome: Outcome
    reason: str | None = None
    article: Article | None = None
