"""Topics on labelled news: how well files of at most twenty terms a language find what editors put under a heading.

MasakhaNEWS (masakhane-io/masakhane-news) in English, French and Hausa. The news are other people's text: they are
measured with and are no part of the project. Measured is one half of them, by a digest of the text; the files in
topics/ were tuned on the other half, and on some forty English articles of this one.
"""

import csv
import hashlib
from collections import Counter
from pathlib import Path

from archive.matching import TAKEN, Document, match
from archive.topics import load_topic
from tests.quality.corpora import RECORDED

NEWS = "masakhanews"  # the folder, and what the set is called
TOPICS = Path(__file__).with_name("topics")
_LANGUAGES = {"eng": "en", "fra": "fr", "hau": "ha"}
_HEADINGS = {"sport": "sports"}  # where the heading is not called like the topic


def there() -> list[str]:
    """The set, where the news lie beside the checkout."""
    return [NEWS] if (RECORDED / NEWS).is_dir() else []


def measured() -> dict[str, float]:
    """F1 by topic and language."""
    topics = [load_topic(path) for path in sorted(TOPICS.glob("*.toml"))]
    counts: Counter[tuple[str, str]] = Counter()
    for file, language in _LANGUAGES.items():
        documents, headings = _half(RECORDED / NEWS / f"{file}.tsv", language)
        for found in match(topics, documents):
            heading = _HEADINGS.get(found.topic, found.topic)
            right, taken = headings[found.document_id] == heading, found.decision in TAKEN
            counts[f"{found.topic}_{language}", "right"] += right and taken
            counts[f"{found.topic}_{language}", "either"] += right + taken
    return {
        name: 2 * counts[name, "right"] / either for (name, what), either in sorted(counts.items()) if what == "either"
    }


def _half(path: Path, language: str) -> tuple[list[Document], dict[str, str]]:
    """The articles of the half that is measured, and the heading of each by its id."""
    documents, headings = [], {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            digest = hashlib.sha256(row["text"].encode()).digest()
            if digest[0] % 2:
                documents.append(Document(digest.hex(), title=row["headline"], text=row["text"], language=language))
                headings[digest.hex()] = row["category"]
    return documents, headings
