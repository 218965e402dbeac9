"""The columns of the Parquet files: types and what they hold. The data card is printed from here."""

from typing import Any

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
IMAGE = ("url", "caption", "photographer", "agency", "distributor")
ATTRIBUTION = ("source", "relation", "url")
WITHHELD = "null unless text_status is included or internal"


def _schema(*columns: tuple[str, Any, str]) -> Any:
    return pa.schema([pa.field(name, kind, metadata={"description": says}) for name, kind, says in columns])


def _strings(*names: str) -> Any:
    return pa.struct([(name, pa.string()) for name in names])


def description(field: Any) -> str:
    """What a column holds."""
    return str(field.metadata[b"description"].decode())


_TEXT_STATUS = (
    "text_status",
    pa.string(),
    "included; withheld: it may not travel; internal: it may not leave your house; none: there was no text",
)
_TEXT_REASON = ("text_reason", pa.string(), "why the text may travel or may not")
_WHERE = (
    ("captured", TIME, "when the exchange was recorded"),
    ("record_id", pa.string(), "WARC-Record-ID"),
    ("warc_file", pa.string(), "WARC file, relative to the corpus"),
    ("warc_offset", pa.int64(), "byte at which the record begins"),
    ("payload_sha256", pa.string(), "SHA-256 of the payload, in hex"),
)

ARTICLES = _schema(
    ("id", pa.string(), "readable permanent id"),
    ("outlet", pa.string(), "newspaper, as in the table outlets"),
    ("url", pa.string(), "address under which it was first captured"),
    ("canonical_url", pa.string(), "address that the page calls its own"),
    ("title", pa.string(), "headline"),
    ("kicker", pa.string(), "words above the headline"),
    ("authors", pa.list_(_strings("name", "role")), "bylines, in the page's order"),
    ("published_at", TIME, "publication, as the page says; null: it does not give a time"),
    ("published_day", pa.date32(), "day of publication, also where only the day is known"),
    ("modified_at", TIME, "last change, as the page says"),
    ("language", pa.string(), "ISO 639-1"),
    ("section", pa.string(), "section or rubric"),
    ("tags", pa.list_(pa.string()), "keywords of the page"),
    ("dateline", pa.string(), "place from which it was reported, as printed"),
    ("access", pa.string(), "free, metered, paywalled or unknown, as judged from the page"),
    ("complete", pa.string(), "is the whole text in the page that was sent: yes, no, unknown"),
    ("outcome", pa.string(), "how the capture ended: ok, paywalled, text_incomplete, empty"),
    ("word_count", pa.int32(), "words in the text, also where it is withheld"),
    ("topics", pa.list_(pa.string()), "topics that it meets (decision match or manual)"),
    ("images", pa.list_(_strings(*IMAGE)), f"pictures; the caption is {WITHHELD}"),
    ("links", pa.list_(pa.string()), "addresses of the links in the body"),
    (
        "attributions",
        pa.list_(_strings(*ATTRIBUTION)),
        "whose reporting it rests on: read_more, republished, with",
    ),
    ("first_seen", TIME, "first capture"),
    ("last_seen", TIME, "newest capture that showed it"),
    ("revision_count", pa.int32(), "revisions kept; see the table revisions"),
    ("stable_id", pa.string(), "the outlet's own id"),
    *_WHERE,
    ("licence", pa.string(), "licence that the page names"),
    _TEXT_STATUS,
    _TEXT_REASON,
    ("standfirst", pa.string(), f"standfirst; {WITHHELD}"),
    ("text", pa.string(), f"paragraphs of the body, parted by blank lines; {WITHHELD}"),
)
REVISIONS = _schema(
    ("article_id", pa.string(), "the article"),
    ("n", pa.int32(), "1 is the first"),
    ("seen_at", TIME, "capture in which it was first seen"),
    ("changed", pa.list_(pa.string()), "fields that differ from the revision before"),
    ("title", pa.string(), "headline then"),
    ("published_at", TIME, "publication as the page said then"),
    ("modified_at", TIME, "last change as the page said then"),
    ("access", pa.string(), "access then"),
    ("complete", pa.string(), "completeness then"),
    *_WHERE,
    _TEXT_STATUS,
    _TEXT_REASON,
    ("standfirst", pa.string(), f"standfirst then; {WITHHELD}"),
    ("text", pa.string(), f"body then; {WITHHELD}"),
)
TOPIC_MATCHES = _schema(
    ("article_id", pa.string(), "the article"),
    ("topic", pa.string(), "the topic's id"),
    ("topic_version", pa.string(), "version of the topic file, a digest"),
    ("score", pa.float64(), "score by the topic's weights"),
    ("decision", pa.string(), "match, maybe, reject, or manual where a person decided"),
    ("mentions", pa.int32(), "places that met the topic, also where the text is withheld"),
    ("concepts", pa.list_(pa.string()), "concepts that were met"),
)
KIN = _schema(
    ("article_id", pa.string(), "one article"),
    ("other_id", pa.string(), "the other"),
    ("relation", pa.string(), "copy, excerpt, translation or event"),
    ("score", pa.float64(), "0 to 1: share of the text in common"),
)
OUTLETS = _schema(
    ("name", pa.string(), "short name, as in articles.outlet"),
    ("title", pa.string(), "the newspaper's name"),
    ("home", pa.string(), "home page"),
    ("languages", pa.list_(pa.string()), "languages in which it publishes"),
    ("articles", pa.int64(), "articles in this release"),
    ("with_text", pa.int64(), "of these, with text"),
)
IDS = _schema(
    ("id", pa.string(), "the article"),
    ("url", pa.string(), "where to fetch it again"),
    ("captured", TIME, "when our text was recorded"),
    (
        "digest",
        pa.string(),
        "sha256: and the payload's digest in hex; pages carry noise, so a new fetch may differ",
    ),
    ("warc_file", pa.string(), "WARC file of our record, relative to the corpus"),
    ("offset", pa.int64(), "byte at which the record begins"),
)
# Name → (schema, what a row is). Each is a folder in data/.
TABLES = {
    "articles": (ARTICLES, "one row per article, as its newest capture shows it"),
    "revisions": (REVISIONS, "one row per capture in which an article had changed"),
    "topic_matches": (TOPIC_MATCHES, "one row per article and topic"),
    "kin": (KIN, "pairs of articles with a text in common"),
    "outlets": (OUTLETS, "one row per newspaper"),
}
