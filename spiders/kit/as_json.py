"""An Article as the line that `hemeroteca read` prints."""

from typing import Any

from archive.model import Article, Outcome


def as_json(article: Article, *, outcome: Outcome | None = None, reason: str | None = None) -> dict[str, Any]:
    """The article as plain values for JSON. Times carry the offset as printed; a day without a time is a day alone;
    what is not known is None, [] or "unknown". `reader` says which reader gave each field."""
    return {
        "url": article.url,
        "outlet": article.outlet,
        "outcome": outcome.value if outcome else None,
        "reason": reason,
        "title": article.title,
        "standfirst": article.standfirst,
        "kicker": article.kicker,
        "authors": [{"name": author.name, "role": author.role.value} for author in article.authors],
        "published": _when(article),
        "modified": article.modified.isoformat() if article.modified else None,
        "language": article.language,
        "section": article.section,
        "tags": list(article.tags),
        "text": article.text,
        "paragraphs": list(article.paragraphs),
        "images": [
            {
                "url": image.url,
                "caption": image.caption,
                "photographer": image.photographer,
                "agency": image.agency,
                "distributor": image.distributor,
            }
            for image in article.images
        ],
        "dateline": article.dateline,
        "access": article.access.value,
        "access_evidence": [
            {"where": sign.where, "says": sign.says, "verdict": sign.verdict} for sign in article.access_evidence
        ],
        "complete": article.complete.value,
        "attributions": [
            {"source": said.source, "relation": said.relation, "evidence": said.evidence, "url": said.url}
            for said in article.attributions
        ],
        "links": [{"url": link.url, "text": link.text, "block": link.block} for link in article.links],
        "canonical_url": article.canonical_url,
        "stable_id": article.stable_id,
        "licence": article.licence,
        "robots_meta": article.robots_meta,
        "tdm_reservation": article.tdm_reservation,
        "tdm_policy": article.tdm_policy,
        "reader": dict(article.read_by),
        "candidates": [
            {"field": each.field, "reader": each.reader, "where": each.where, "raw": each.raw}
            for each in article.candidates
        ],
        "embeds": [
            {"kind": each.kind, "url": each.url, "title": each.title, "block": each.block} for each in article.embeds
        ],
        "body_quality": article.body_quality.value,
        "quality_evidence": [
            {"where": sign.where, "says": sign.says, "verdict": sign.verdict} for sign in article.quality_evidence
        ],
        "drift": [{"field": each.field, "says": each.says} for each in article.drift],
    }


def _when(article: Article) -> str | None:
    if article.published:
        return article.published.isoformat()
    return article.published_day.isoformat() if article.published_day else None
