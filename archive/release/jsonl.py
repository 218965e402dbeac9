"""articles.jsonl.zst: the rows that carry text, one JSON object per line, compressed with zstd."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import zstandard

from archive.release.columns import ARTICLES
from archive.release.tables import Batch
from archive.times import stamp

LEVEL = 9  # one thread: with several the bytes depend on the machine


class Lines:
    """The file at `path`, open for writing; `rows` is how many it holds."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._stream = io.TextIOWrapper(
            zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(self._file, closefd=True),
            encoding="utf-8",
            newline="\n",
        )
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def passing(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Hands the batches on unchanged, and writes those of their rows that carry text."""
        for stem, rows in batches:
            for row in rows:
                if row["text"] is None:
                    continue
                values = {name: row[name] for name in ARTICLES.names}
                self._stream.write(json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain))
                self._stream.write("\n")
                self.rows += 1
            yield stem, rows


def _plain(value: object) -> str | None:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
