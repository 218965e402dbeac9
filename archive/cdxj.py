"""CDXJ: the index that replay tools read, one beside each closed WARC file.

A line is `SURT timestamp {json}`, as pywb (docs, "CDXJ Format") and cdxj-indexer write it; lines are sorted by their
bytes. Derived: what is lost is made again from the WARC file.
"""

import json
from datetime import UTC
from hashlib import sha256
from pathlib import Path

from archive.disk import replacing
from archive.errors import UsageError
from archive.http import Message, content, final_answer, split, status_of
from archive.records import Damage, Found, Record, walk
from archive.surt import surt
from archive.wacz import OPEN

__all__ = ["ENDING", "cdxj_line", "cdxj_lines", "write_cdxj"]

ENDING = ".cdxj"
_INDEXED = frozenset({"response", "revisit", "resource"})
_REVISIT = "warc/revisit"
_UNKNOWN = "-"


def write_cdxj(path: Path) -> Path:
    """Indexes a closed WARC file; gives the file written, `path` with .cdxj behind it.

    Places in the file that are damaged have no line. Raises UsageError for a file that is still open, DiskFull,
    HemerotecaError where it cannot be written, OSError where `path` cannot be read.
    """
    if path.name.endswith(OPEN):
        raise UsageError(f"{path} is still open: an index is made when a file is closed")
    lines = cdxj_lines(path)
    target = path.with_name(path.name + ENDING)
    with replacing(target) as part:
        part.write_bytes(b"".join(lines))
    return target


def cdxj_lines(path: Path) -> list[bytes]:
    """The lines of the index, sorted by their bytes; each once, with its line end.

    Indexed is what can be replayed: response, revisit and resource records. Requests, notes and what tools keep
    about themselves (`application/warc-fields`) are not.
    """
    lines = (cdxj_line(each, path.name) for each in walk(path) if not isinstance(each, Damage))
    return sorted({line for line in lines if line is not None})


def cdxj_line(found: Found, filename: str) -> bytes | None:
    """The line of one record in the file of that name; None for a record that is not indexed."""
    return _line(found, filename) if _is_indexed(found.record) else None


def _is_indexed(record: Record) -> bool:
    about_itself = record.type == "resource" and record.header("Content-Type") == "application/warc-fields"
    return record.type in _INDEXED and not about_itself


def _line(found: Found, filename: str) -> bytes:
    record = found.record
    message = split(final_answer(record.block)) if _is_http(record) else None
    status = status_of(message.start_line) if message else None
    values = {
        "url": record.target_uri,
        "mime": _mime(record, message),
        "status": str(status) if status is not None else None,
        "digest": _digest(record, message),
        "length": str(found.length),
        "offset": str(found.offset),
        "filename": filename,
    }
    known = json.dumps({name: value for name, value in values.items() if value is not None})
    return f"{surt(record.target_uri)} {record.date.astimezone(UTC):%Y%m%d%H%M%S} {known}\n".encode()


def _is_http(record: Record) -> bool:
    return record.type != "resource" and (record.header("Content-Type") or "").lower().startswith("application/http")


def _mime(record: Record, message: Message | None) -> str | None:
    if record.type == "revisit":
        return _REVISIT
    words = ((message or record).header("Content-Type") or "").replace(";", " ").split()
    return words[0] if words else None


def _digest(record: Record, message: Message | None) -> str:
    """The payload's digest: as it is declared, else over the content without chunking, as WARC 1.1 §5.9 has it.

    A revisit without one says nothing about a payload that lies elsewhere, nor does a block that was not read whole.
    """
    declared = record.header("WARC-Payload-Digest")
    if declared:
        return declared.strip()
    if record.type == "revisit" or len(record.block) < record.size:
        return _UNKNOWN
    return f"sha256:{sha256(content(message)[0] if message else record.block).hexdigest()}"
