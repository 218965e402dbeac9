"""The corpus directory: the one object that users hold.

niger/
  corpus.toml            name, contact, outlets, limits
  topics/*.toml          topic files
  outlets/*.toml         outlets written without Python
  warc/2023/08/*.warc.gz the truth
  warc-private/          what was recorded with a login
  journal.jsonl          what people decided and what happened to files: part of the truth
  corpus.db              derived
  state.db               frontier, runs, and the pace at each host
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from sqlite_utils import Database

from archive.errors import CorpusLocked, NotACorpus, UsageError
from archive.journal import Journal
from archive.schema import open_database
from archive.tomlfile import Section, TomlFile
from archive.topics import Topic, load_topic
from archive.wacz import OPEN, VOLUME_ENDINGS, warcs_in

CORPUS_FILE = "corpus.toml"
TABLES = ("network", "pace", "limits", "rights")
LIMITS = ("pages", "sources", "leads", "same_text", "walls", "warc_bytes")
KEYS = ("title", "description", "contact", "operator", "outlets", "since", "until", *TABLES)


@dataclass(frozen=True)
class Settings:
    """What corpus.toml says. `contact` is an address or URL for the user agent; None: public hosts are refused.

    `delay`: seconds between two request starts at one host, instead of the outlets' own; never 0.
    `allow`: "address:port" pairs of private networks that may be reached.
    `pages`: at most so many article requests per outlet and run; None: no limit.
    `sources`: sitemaps and listing pages per outlet and run; `leads`: announcements, above which no further source is
    asked for; `same_text`: pages of one text, and `walls`: walls, pages of nothing, requests without an answer,
    after which the rest is not asked for.
    `text_allowed`: outlets whose text may leave in an export by an agreement that the operator has.
    """

    title: str
    description: str = ""
    contact: str | None = None
    operator: str | None = None
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    allow: tuple[str, ...] = ()
    delay: float | None = None
    pages: int | None = None
    sources: int = 200
    leads: int = 100_000
    same_text: int = 10
    walls: int = 15
    warc_bytes: int = 256_000_000
    text_allowed: tuple[str, ...] = field(default=())


class Corpus:
    """A corpus directory. Raises NotACorpus where `folder` holds no corpus.toml, BadCorpusFile for an error in it."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.file = self.folder / CORPUS_FILE
        if not self.file.is_file():
            raise NotACorpus(
                f"{self.folder} is not a corpus: it has no {CORPUS_FILE}; make one with"
                " `hemeroteca init DIR`, or name one with --corpus DIR"
            )

    @cached_property
    def settings(self) -> Settings:
        return _read_settings(self.file)

    @property
    def warc_folder(self) -> Path:
        return self.folder / "warc"

    @property
    def private_folder(self) -> Path:
        """Records made with a login: never in an export unless it is named."""
        return self.folder / "warc-private"

    @property
    def journal(self) -> Journal:
        return Journal(self.folder / "journal.jsonl")

    @property
    def database_file(self) -> Path:
        return self.folder / "corpus.db"

    @property
    def state_file(self) -> Path:
        return self.folder / "state.db"

    @property
    def outlets_folder(self) -> Path:
        return self.folder / "outlets"

    def topics(self) -> tuple[Topic, ...]:
        """The topics in topics/, by file; raises BadCorpusFile for one that has an error, or the id of another."""
        found: dict[str, Topic] = {}
        for path in sorted((self.folder / "topics").glob("*.toml")):
            topic = load_topic(path)
            if topic.id in found:
                said = f"is {topic.id!r} in another file of {path.parent} too: give one of them another"
                TomlFile(topic.toml, str(path)).fail(("id",), said)
            found[topic.id] = topic
        return tuple(found.values())

    def database(self) -> Database:
        """corpus.db, opened for writing at the newest schema."""
        return open_database(str(self.database_file))

    def warc_files(self) -> list[Path]:
        """Every WARC file in the corpus directory, closed or not, by name; those inside a WACZ one by one."""
        return sorted(
            inner
            for folder in (self.warc_folder, self.private_folder)
            for path in folder.rglob("*")
            if path.name.endswith(VOLUME_ENDINGS) and path.is_file()
            for inner in _warcs_in(path)
        )

    def volumes(self) -> dict[str, Path]:
        """Every WARC file by the name that rows know it by: those in the directory, then those that were imported and
        stay where they are."""
        found = {self.name_of(path): path for path in self.warc_files()}
        for line in self.journal.lines():
            if line.kind == "imported" and not line.values.get("copied"):
                for path in _warcs_in(Path(line.values["file"])):
                    found.setdefault(path.as_posix(), path)
        return found

    def imports(self) -> dict[str, datetime]:
        """When files of others were taken over, by the names that rows know them by."""
        found: dict[str, datetime] = {}
        for line in self.journal.lines():
            if line.kind == "imported":
                for path in _warcs_in(self.folder / line.values["file"]):
                    name = path.as_posix() if not line.values.get("copied") else self.name_of(path)
                    found.setdefault(name, datetime.fromisoformat(line.at))
        return found

    def name_of(self, path: Path) -> str:
        """The name under which rows know a WARC file: relative to the corpus, without `.open`."""
        return path.relative_to(self.folder).as_posix().removesuffix(OPEN)

    def path_of(self, warc_file: str) -> Path:
        """The WARC file that a row names: as it is, or still open."""
        return warc_path(self.folder, warc_file)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One writer per corpus. Raises CorpusLocked where another process holds it; a kernel lock is never stale."""
        descriptor = os.open(self.folder / ".run.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 100, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise CorpusLocked(
                f"another process writes to {self.folder} ({holder or 'unknown'}): wait until it ends"
            ) from error
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
            yield
        finally:
            os.close(descriptor)


def _warcs_in(path: Path) -> list[Path]:
    """The WARC files in an imported file; the file itself where it cannot be looked into any more."""
    try:
        return warcs_in(path)
    except (OSError, UsageError):
        return [path]


def warc_path(folder: Path, warc_file: str) -> Path:
    """The WARC file of that name in the corpus at `folder`: as it is, or still open."""
    path = folder / warc_file
    return path if "!/" in warc_file or path.exists() else path.with_name(path.name + OPEN)


def _read_settings(path: Path) -> Settings:
    file = TomlFile.read(path)
    top = Section(file, (), file.table, KEYS)
    network, pace = top.section("network", ("allow",)), top.section("pace", ("delay",))
    limits, rights = top.section("limits", LIMITS), top.section("rights", ("text",))
    delay = pace.number("delay", 0.0) if "delay" in pace.table else None
    if delay is not None and not 0 < delay <= 86_400:
        pace.fail("delay", "must be above 0, and a day at most: newsrooms are not data centres")
    return Settings(
        title=top.text("title") or path.parent.resolve().name,
        description=top.text("description") or "",
        contact=top.text("contact") or None,
        operator=top.text("operator") or None,
        outlets=top.texts("outlets") or (),
        since=top.day("since"),
        until=top.day("until"),
        allow=network.texts("allow") or (),
        delay=delay,
        pages=limits.count("pages", 0, least=1) if "pages" in limits.table else None,
        sources=limits.count("sources", Settings.sources, least=1),
        leads=limits.count("leads", Settings.leads, least=1),
        same_text=limits.count("same_text", Settings.same_text, least=3),
        walls=limits.count("walls", Settings.walls, least=3),
        warc_bytes=limits.count("warc_bytes", 256_000_000, least=1_000_000),
        text_allowed=rights.texts("text") or (),
    )
