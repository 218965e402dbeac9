"""Pages of an outlet that a person has looked at: a pointer to the record, and the fields that were accepted.

They lie in `fixtures/NAME/` of the corpus, one JSON file each. The page itself is the record's; a takedown removes the
file with it.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from slugify import slugify

from archive.corpus import Corpus
from archive.disk import replacing
from archive.errors import UsageError
from archive.model import Pointer
from archive.notes import FORM
from archive.times import stamp

FOLDER = "fixtures"


@dataclass(frozen=True, slots=True)
class Fixture:
    """`pointer`: the record of the answer; `same_as`: where its payload lies if that record is a revisit. `fields`: the
    accepted values by the names that `hemeroteca read` prints."""

    outlet: str
    url: str
    captured: datetime
    pointer: Pointer
    record_id: str
    outcome: str
    fields: dict[str, Any]
    same_as: Pointer | None = None


def keep(corpus: Corpus, fixture: Fixture) -> Path:
    """Writes the fixture, over an earlier one of the same address, and gives its file. Raises DiskFull and its kin."""
    folder = corpus.folder / FOLDER / fixture.outlet
    folder.mkdir(parents=True, exist_ok=True)
    parts = urlsplit(fixture.url)
    name = slugify(parts.path, max_length=60) or "page"
    path = folder / f"{name}-{sha256(fixture.url.encode()).hexdigest()[:8]}.json"
    values = {**asdict(fixture), "captured": stamp(fixture.captured)}
    with replacing(path) as part:
        part.write_text(json.dumps({"hemeroteca": FORM, **values}, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return path


def fixtures_of(folder: Path, outlet: str) -> Iterator[tuple[Path, Fixture]]:
    """The fixtures of an outlet in the corpus at `folder`, by name. Raises UsageError for a file that is none."""
    for path in sorted((folder / FOLDER / outlet).glob("*.json")):
        yield path, _fixture(path)


def forget(folder: Path, urls: Collection[str]) -> int:
    """Removes the fixtures of these addresses, and gives how many there were."""
    gone = 0
    for path in sorted((folder / FOLDER).glob("*/*.json")):
        if _fixture(path).url in urls:
            path.unlink()
            gone += 1
    return gone


def _fixture(path: Path) -> Fixture:
    try:
        values = json.loads(path.read_text("utf-8"))
        same_as, at = values.pop("same_as"), datetime.fromisoformat(values.pop("captured"))
        del values["hemeroteca"]
        return Fixture(
            **{**values, "pointer": Pointer(**values["pointer"])},
            captured=at,
            same_as=Pointer(**same_as) if same_as else None,
        )
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UsageError(f"{path} is no fixture: record the page again with `hemeroteca outlet record`") from error
