"""What each column of corpus.db holds, in a line: for the pages of tables, for whoever opens the file."""

from typing import Any

from archive.schema import DESCRIPTIONS

_OF_ARTICLE = {"article_id": "The article.", "position": "Place in the order of the page, from 0."}
_DATES = {
    "published_at": "When the newspaper says it published, UTC; empty: it does not say.",
    "modified_at": "When the newspaper says it last changed, UTC.",
}
_ACCESS = {
    "access": "free, metered, paywalled or unknown; the signs are in the table evidence.",
    "complete": "Was the whole text in the page that was sent? yes, no or unknown.",
}

COLUMNS: dict[str, dict[str, str]] = {
    "outlets": {
        "name": "Short name, used everywhere.",
        "title": "The newspaper's name.",
        "home": "Its front page.",
    },
    "outlet_languages": {"outlet": "The newspaper.", "language": "A language it publishes in (BCP 47)."},
    "sources": {
        "url": "Where new articles are announced.",
        "outlet": "The newspaper.",
        "kind": "feed, news-sitemap, sitemap, listing or urls.",
    },
    "runs": {
        "id": "The run.",
        "started_at": "Start, UTC.",
        "reason": "Why the run ended; empty where it was killed.",
        "ended_at": "End, UTC; empty: it goes on, or was broken off.",
        "command": "The command as typed.",
        "software": "Program and version.",
        "user_agent": "How the crawl named itself to the servers.",
        "operator": "Who ran it.",
    },
    "captures": {
        "id": "The uuid of the WARC record.",
        "url": "The address asked for.",
        "final_url": "Where a redirect led; else the same.",
        "outlet": "The newspaper.",
        "fetched_at": "When the request was sent, UTC.",
        "status": "HTTP status; empty: no proper answer.",
        "mime": "Media type as sent.",
        "warc_file": "WARC file, relative to the corpus directory.",
        "warc_offset": "Where the record's gzip member begins, in bytes.",
        "warc_length": "Length of that member in bytes.",
        "record_id": "WARC-Record-ID.",
        "kind": "What was asked for: article, feed, sitemap, listing, robots or tdmrep.",
        "truncated": "Why the record is cut; empty: it is whole.",
        "payload_sha256": "SHA-256 of the body without chunking, still coded as sent.",
        "session": "anonymous, or the name of the login that was used.",
        "run_id": "The run.",
        "fidelity": "exact: byte for byte as it came; rebuilt: put together again; empty: others recorded it.",
        "block_sha256": "SHA-256 of the record's block: the answer, head and body.",
        "revisit_of": "The earlier record that holds the body, where the same came again.",
    },
    "rights": {
        "capture_id": "The capture.",
        "outlet": "The newspaper.",
        "robots": "What robots.txt said of this address: allowed, disallowed, unreachable or not_asked.",
        "robots_rule": "Where that was read, or why it could not be read.",
        "robots_meta": "The page's robots meta tag.",
        "x_robots_tag": "The X-Robots-Tag header.",
        "tdm_reservation": "TDMRep: 1 where text and data mining is reserved, 0 where not; empty: not said.",
        "tdm_policy": "Address of the TDM policy.",
        "tdm_source": "Where the reservation stands: file, header or page.",
        "licence": "Licence as the page names it.",
    },
    "leads": {
        "url": "The address.",
        "outlet": "The newspaper.",
        "source": "Where it was announced.",
        "kind": "What it is for.",
        "found_at": "First seen, UTC.",
        "title": "Title as announced.",
        "summary": "Summary as announced.",
        **_DATES,
        "outcome": "What became of it; empty: it waits.",
        "reason": "Why, in a sentence.",
        "run_id": "The last run that dealt with it.",
        "capture_id": "The capture that came of it.",
    },
    "articles": {
        "id": "Permanent and readable: outlet, day, title.",
        "outlet": "The newspaper.",
        "url": "The address asked for.",
        "canonical_url": "The address the page gives as its own.",
        "title": "Headline.",
        "standfirst": "The lines under the headline.",
        "kicker": "The words over the headline.",
        "dateline": "Place at the head of the text, as printed.",
        "section": "Section of the newspaper.",
        "language": "Language of the text (BCP 47).",
        **_DATES,
        "published_day": "Day of publication, where at least that is known.",
        "month": "Month of publication.",
        **_ACCESS,
        "outcome": "What came of reading the newest capture.",
        "text": "The body, its blocks parted by blank lines; no captions, no furniture.",
        "word_count": "Words in the text.",
        "body_quality": "good, doubtful, bad or unknown: how far the page's other signs bear the text out.",
        "first_seen": "First capture, UTC.",
        "last_seen": "Last capture, UTC.",
        "revision_count": "How many versions are kept.",
        "stable_id": "The newspaper's own number for the article.",
        "licence": "Licence as the page names it.",
        "kept": "1: in view, since a topic takes it or there is no topic; 0: read, and met by no topic.",
        "capture_id": "The newest capture.",
    },
    "revisions": {
        "article_id": "The article.",
        "n": "Version, from 1.",
        "capture_id": "The capture that first showed it.",
        "seen_at": "When that was, UTC.",
        "title": "Headline then.",
        "standfirst": "Standfirst then.",
        "text": "Body then.",
        **_DATES,
        **_ACCESS,
        "changed": "The fields that differ from the version before.",
    },
    "authors": {**_OF_ARTICLE, "name": "As printed.", "role": "person, organisation, agency or unknown."},
    "tags": {**_OF_ARTICLE, "tag": "Keyword as the page gives it."},
    "images": {
        **_OF_ARTICLE,
        "url": "Address of the picture, which is not kept.",
        "caption": "Caption as printed.",
        "photographer": "Photographer as printed.",
        "agency": "Agency as printed.",
        "distributor": "Distributor as printed.",
    },
    "links": {
        **_OF_ARTICLE,
        "url": "Where it leads.",
        "text": "Its words.",
        "block": "The block it stands in, from 0.",
    },
    "blocks": {
        **_OF_ARTICLE,
        "kind": "paragraph, subhead, quote or list_item.",
        "start": "First character in the text, from 0.",
        "end": "Behind the last character.",
    },
    "attributions": {
        **_OF_ARTICLE,
        "source": "Whose reporting.",
        "relation": "read_more, republished or with.",
        "evidence": "The sentence or byline that says so.",
        "url": "Where it leads.",
    },
    "candidates": {
        "article_id": "The article.",
        "position": "Order, from 0; the first of a field was chosen.",
        "field": "The field of the article.",
        "reader": "Who gave it: json-ld, meta, dom, url, outlet.",
        "where": "Its place there, such as og:title.",
        "raw": "As printed.",
    },
    "embeds": {
        "article_id": "The article.",
        "position": "Order in the body, from 0.",
        "kind": "post, video, audio, map, document or frame.",
        "url": "What is shown.",
        "title": "As the page names it.",
        "block": "Number of the block that it follows.",
    },
    "quality": {
        "article_id": "The article.",
        "position": "Order, from 0.",
        "where": "What the body was compared with.",
        "says": "What came of it.",
        "verdict": "good, doubtful or bad.",
    },
    "drift": {
        "article_id": "The article.",
        "position": "Order, from 0.",
        "field": "The field that the outlet's own selectors do not find.",
        "says": "What they gave, and what stands in its place.",
    },
    "evidence": {
        **_OF_ARTICLE,
        "where": "Where the sign stands: json-ld, meta, markup, sentence.",
        "says": "What it says.",
        "verdict": "The verdict it speaks for.",
    },
    "fields": {
        "article_id": "The article.",
        "field": "A field of the article.",
        "read_by": "The reader that gave it.",
    },
    "addresses": {"url": "An address of the article.", "article_id": "The article."},
    "topics": {
        "id": "Name of the topic.",
        "version": "Digest of the topic file.",
        "title": "Title.",
        "description": "What it is about.",
        "window_from": "First day of the window.",
        "window_to": "Last day of the window.",
        "toml": "The file as it was.",
        "compiled": "The expression for the search index.",
        "current": "1: the version in force.",
    },
    "matches": {
        "article_id": "The article.",
        "topic": "The topic.",
        "topic_version": "Version of the topic file.",
        "score": "Sum over terms and fields.",
        "decision": "match, maybe, reject or manual. An article without a row does not meet the rule.",
        "reason": "Why, in a sentence; by_hand: a person decided.",
    },
    "match_spans": {
        "article_id": "The article.",
        "topic": "The topic.",
        "concept": "The concept of the topic.",
        "term": "The term as the topic file writes it.",
        "language": "The language it is listed under.",
        "field": "title, standfirst or text.",
        "start": "First character, from 0.",
        "end": "Behind the last character.",
    },
    "labels": {
        "entry": "Line of the journal.",
        "at": "When, UTC.",
        "article_id": "The article.",
        "topic": "The topic.",
        "topic_version": "Version of the topic file at that time.",
        "verdict": "yes, no or unsure.",
        "judged_by": "Who said so; empty: unknown.",
        "stratum": "From which part of the corpus the article was drawn; empty: it was not drawn.",
        "weight": "For how many articles of that part it stands.",
    },
    "kin": {
        "article_id": "One article.",
        "other_id": "The other.",
        "relation": "copy, excerpt, translation or event.",
        "score": "How much they share, 0 to 1.",
        "evidence": "On what the judgement rests.",
    },
    "warcs": {
        "file": "WARC file, relative to the corpus directory.",
        "bytes": "Its size.",
        "sha256": "Its checksum.",
        "indexed": "Bytes whose records are in the tables.",
        "damage": "What is wrong with it; empty: nothing.",
    },
    "events": {
        "n": "Line of the journal.",
        "at": "When, UTC.",
        "kind": "closed, mended, found or imported: of a file; takedown or label: of an article; topic: a new version.",
        "file": "The WARC file.",
        "old_bytes": "Its size before.",
        "new_bytes": "Its size since.",
        "sha256": "Its checksum since.",
        "article_id": "The article.",
        "reason": "Why.",
    },
    "takedowns": {
        "article_id": "The article that was taken down; empty: no article was made of the address.",
        "url": "An address that is not asked for again.",
        "outlet": "The newspaper.",
        "stable_id": "The newspaper's own number for the article.",
        "at": "When, UTC.",
        "reason": "Why.",
        "entry": "Line of the journal.",
    },
    "tombstones": {
        "capture_id": "The uuid of the WARC record.",
        "record_id": "WARC-Record-ID, which the tombstone keeps.",
        "article_id": "The article that was taken down.",
        "url": "The address asked for.",
        "fetched_at": "When the request was sent, UTC.",
        "warc_file": "WARC file, relative to the corpus directory.",
        "warc_offset": "Where the tombstone's gzip member begins, in bytes.",
        "warc_length": "Length of that member in bytes.",
        "block_sha256": "SHA-256 of the block that was removed.",
        "payload_sha256": "SHA-256 of the body that was removed.",
        "entry": "Line of the journal.",
    },
    "health": {
        "run_id": "The run.",
        "outlet": "The newspaper.",
        "outcome": "What became of URLs.",
        "count": "Of how many.",
    },
    "stats": {"name": "What is counted.", "key": "Of what; empty: unknown.", "value": "The count."},
}
_FACETS = {
    "articles": ["outlet", "language", "access"],
    "leads": ["outlet", "outcome"],
    "captures": ["outlet", "kind", "status"],
}
_SORTED = {"articles": "published_at", "captures": "fetched_at", "leads": "found_at", "runs": "started_at"}
_LABELS = {"articles": "title", "outlets": "title", "topics": "title", "runs": "started_at"}
# the search index and its copy: no one reads them as tables
HIDDEN = ("articles_norm", "shingles", "_sqlite_migrations")


def metadata(title: str, description: str) -> dict[str, Any]:
    """Datasette's metadata: titles, descriptions, facets and orders of the tables."""
    tables: dict[str, dict[str, Any]] = {}
    for name in {*COLUMNS, *DESCRIPTIONS, *HIDDEN}:
        table: dict[str, Any] = {"columns": COLUMNS.get(name, {})}
        if name in HIDDEN:
            table["hidden"] = True
        if name in DESCRIPTIONS:
            table["description"] = DESCRIPTIONS[name].replace("`", "")
        if name in _FACETS:
            table["facets"] = _FACETS[name]
        if name in _SORTED:
            table["sort_desc"] = _SORTED[name]
        if name in _LABELS:
            table["label_column"] = _LABELS[name]
        tables[name] = table
    return {
        "title": title,
        "description": description,
        "databases": {
            "corpus": {
                "title": "The tables",
                "description": "Everything the pages show, as tables; each also as JSON and CSV.",
                "tables": tables,
            }
        },
    }
