"""Topics and articles for the tests of matching, in as few words as each needs."""

from pathlib import Path

import archive
from archive.matching import Document
from archive.topics import Topic, load_topic, parse_topic

EXAMPLE = load_topic(Path(archive.__file__).parent / "example" / "niger-coup-2023.toml")


def topic(text: str) -> Topic:
    return parse_topic(text, "topics/test.toml", "test")


def article(text: str = "", **fields: object) -> Document:
    return Document(id="1", text=text, **fields)  # type: ignore[arg-type]


PLACE_AND_EVENT = """
[rule]
min_score = 3.0
[concepts.place]
fr = ["Niger", "nigérien*"]
[concepts.event]
fr = ["coup d'État", "coup", "junte"]
[[exclude]]
concept = "place"
terms = ["delta du Niger"]
"""
