"""A topic by the name that a person gives it: its id in a corpus, or a path to a file, such as a draft."""

import sqlite3
import tomllib
from difflib import get_close_matches
from pathlib import Path

from sqlite_utils import Database

from archive.corpus import CORPUS_FILE, Corpus
from archive.errors import UsageError, as_error
from archive.norm import register


def corpus_at(folder: Path) -> Corpus | None:
    """The corpus at `folder`; None where the current directory is meant and is none. Raises NotACorpus."""
    if folder == Path() and not (folder / CORPUS_FILE).is_file():
        return None
    return Corpus(folder)


def files_of(corpus: Corpus) -> list[Path]:
    """The topic files of a corpus."""
    return sorted((corpus.folder / "topics").glob("*.toml"))


def topic_file(corpus: Corpus | None, name: str) -> Path:
    """The file of the topic. Raises UsageError, which names the nearest, where there is none."""
    if name.endswith(".toml") or "/" in name:
        if not Path(name).is_file():
            raise UsageError(f"there is no file {name}: name a topic file, or a topic of the corpus by its id")
        return Path(name)
    usual = corpus.folder / "topics" / f"{name}.toml" if corpus else None
    if usual is not None and usual.is_file() and _id(usual) == name:
        return usual
    known = {_id(path): path for path in files_of(corpus)} if corpus else {}
    if name in known:
        return known[name]
    if corpus is None:
        raise UsageError(f"no corpus is here to hold a topic {name!r}: name one with --corpus DIR, or a file")
    near = get_close_matches(name, list(known), n=3) or sorted(known)
    hint = f"known are {', '.join(near)}" if near else "this corpus has no topics"
    raise UsageError(f"there is no topic {name!r} in {corpus.folder / 'topics'}: {hint}")


def database_to_look_in(corpus: Corpus) -> Database:
    """corpus.db, which cannot be written to this way. Raises UsageError where there is none."""
    path = corpus.database_file
    if not path.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db yet: run `hemeroteca crawl` or `hemeroteca rebuild` first")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("SELECT 1 FROM articles LIMIT 1")
    except sqlite3.Error as error:
        raise as_error(error, path) from error
    register(connection)
    return Database(connection)


def article_named(db: Database, asked: str) -> str:
    """The id of the article that `asked` names by its id or an address. Raises UsageError where there is none."""
    row = db.execute(
        "SELECT id FROM articles WHERE id = ?1 UNION SELECT article_id FROM addresses WHERE url = ?1", [asked]
    ).fetchone()
    if row is None:
        raise UsageError(f"the corpus has no article {asked!r}: name it by its id or by an address it was captured at")
    return str(row[0])


def _id(path: Path) -> str:
    """The id that the file gives its topic, whatever else is wrong with it."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("id")
    except (OSError, ValueError, RecursionError):
        written = None
    return written if isinstance(written, str) else path.stem
