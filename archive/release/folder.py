"""The folder of a release: written beside its place, checksummed, put there in one step when it is whole."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from archive.errors import DiskFull, UsageError

FORM = 1  # of manifest.json
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
DATA = ("data/", "hydrate/", "corpus.sqlite")  # what makes two releases differ; the rest only tells of it

Files = dict[str, tuple[int, str]]  # name → (bytes, SHA-256)
Held = dict[str, tuple[Any, Any]]  # article → (when captured, digest)


class NotARelease(UsageError):
    """The place of the release is taken by something else."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The release that stands at the place of the new one."""

    data_digest: str | None = None
    removed: frozenset[str] = frozenset()
    changes: str = ""
    held: Held = field(default_factory=dict)


def standing(out: Path) -> Earlier | None:
    """The release at `out`; None where nothing stands there, or an empty folder.

    Raises NotARelease for anything else, and for a release in which somebody has put files of their own: they
    would be gone with it.
    """
    if not out.exists():
        return None
    if not out.is_dir():
        raise NotARelease(f"{out} is a file: name a folder that does not exist yet")
    if not any(out.iterdir()):
        return None
    try:
        manifest = json.loads((out / MANIFEST).read_bytes())
        files = manifest["files"]
        if manifest["hemeroteca_release"] != FORM:
            raise NotARelease(f"{out} holds a release of another version of hemeroteca: name another folder")
        held = held_in(out)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotARelease(f"{out} is not a release and not empty: name a folder that does not exist yet") from error
    own = {*files, MANIFEST, SUMS}
    strangers = sorted(name for name in _names(out) if name not in own)
    if strangers:
        raise NotARelease(f"{out} holds {strangers[0]!r}, which is not of the release: move it away first")
    changes = out / "CHANGES.md"
    return Earlier(
        manifest.get("data_digest"),
        frozenset(manifest.get("removed", ())),
        changes.read_text(encoding="utf-8") if changes.is_file() else "",
        held,
    )


def held_in(folder: Path) -> Held:
    """The articles of a release, from its hydrate/ids.parquet."""
    rows = pq.read_table(folder / "hydrate" / "ids.parquet", columns=["id", "captured", "digest"]).to_pylist()
    return {row["id"]: (row["captured"], row["digest"]) for row in rows}


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A new folder beside `out`; takes its place when the block ends well, and is removed when it does not.

    Raises DiskFull where the disk is full.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    _sweep(out)
    part.mkdir()
    try:
        yield part
        _replace(part, out)
    except (OSError, sqlite3.OperationalError) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error)
        if full:
            raise DiskFull(f"the disk of {out.parent} is full: make room and export again") from error
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Removes what exports of processes that are no more have left behind."""
    for left in out.parent.glob(f".{out.name}.*.part"):
        number = left.name.split(".")[-2]
        if number.isdecimal() and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return process != os.getpid()


def _replace(part: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.old.{os.getpid()}.part")
    if out.exists():
        out.rename(old)
    try:
        part.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    _sync(out.parent)
    shutil.rmtree(old, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder with its checksums: how many files, and how many bytes."""

    files: int
    bytes: int


def digests(folder: Path, skip: Container[str] = ()) -> Files:
    """Size and SHA-256 of the files that are not in `skip`; they are on the disk when this returns."""
    found = {}
    for name in _names(folder):
        if name in skip:
            continue
        with (folder / name).open("rb") as stream:
            digest = sha256()
            while piece := stream.read(1 << 20):
                digest.update(piece)
            os.fsync(stream.fileno())
            found[name] = (stream.tell(), digest.hexdigest())
    return found


def data_digest(files: Files) -> str:
    """One digest for the data of a release: SHA-256 over its sorted lines of SHA256SUMS."""
    lines = (_line(name, digest) for name, (_, digest) in sorted(files.items()) if name.startswith(DATA))
    return sha256("".join(lines).encode()).hexdigest()


def seal(folder: Path, manifest: dict[str, Any], rows: dict[str, int], files: Files) -> Sealed:
    """Writes manifest.json and SHA256SUMS over `files`, which are all that is in `folder`."""
    listed = {
        name: {"bytes": size, "sha256": digest} | ({"rows": rows[name]} if name in rows else {})
        for name, (size, digest) in sorted(files.items())
    }
    body = {"hemeroteca_release": FORM, **manifest, "files": listed}
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    files = files | digests(folder, skip=files)
    sums = "".join(_line(name, digest) for name, (_, digest) in sorted(files.items()))
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    _sync(folder / SUMS)
    _sync(folder)
    return Sealed(len(files) + 1, sum(size for size, _ in files.values()) + len(sums))


def _line(name: str, digest: str) -> str:
    return f"{digest}  {name}\n"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
