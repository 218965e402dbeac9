"""Files against the checksums that the journal has of them."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from archive.cdxj import ENDING
from archive.corpus import Corpus
from archive.custody.account import Account, Part, Progress
from archive.custody.chain import Chain, Word
from archive.wacz import OPEN, open_warc, warc_size

_READ = 1 << 20


def check_files(corpus: Corpus, chain: Chain, account: Account, progress: Progress) -> set[str]:
    """Takes the checksum of every file that the journal knows, and looks for files that it does not know.

    Gives the names of the files whose bytes are those that the journal has.
    """
    there = _there(corpus, account)
    due = {name: there.get(name, corpus.folder / name) for name in chain.files}
    total, done = sum(map(_size, due.values())), 0
    owner = {word.sha256: name for name, word in chain.files.items()}
    sound: set[str] = set()
    for name, path in due.items():
        word, before = chain.files[name], done
        try:
            digest, size = checksum_of(path, partial(_add, progress, before, total))
        except OSError as error:
            account.fault(Part.FILES, name, f"{_gone(error)}; {told_by(word)}", file=name)
            continue
        done += size
        if digest == word.sha256:
            sound.add(name)
            account.count(Part.FILES, "files")
            account.count(Part.FILES, "bytes", size)
            if path.name.endswith(OPEN):
                why = "closed in all but its name when a crash came: the next crawl gives it its name"
                account.remark(Part.FILES, f"{name}{OPEN}", why, file=name)
        elif path.name.endswith(OPEN):
            _unknown(name, path, account)
        else:
            account.fault(Part.FILES, name, _unlike(word, digest, size, owner.get(digest)), file=name)
    for name, path in there.items():
        if name not in chain.files:
            _unknown(name, path, account)
    return sound


def checksum_of(path: Path, told: Callable[[int], object] = lambda _: None) -> tuple[str, int]:
    """SHA-256 and size in bytes of a file, also of one inside a WACZ. Raises OSError.

    `told`: is given the number of bytes read so far, now and then.
    """
    digest, size = sha256(), 0
    with open_warc(path) as file:
        while piece := file.read(_READ):
            digest.update(piece)
            size += len(piece)
            told(size)
    return digest.hexdigest(), size


def _add(progress: Progress, before: int, total: int, read: int) -> None:
    progress("checksums", before + read, total)


def told_by(word: Word) -> str:
    """Where the journal has a checksum, in words."""
    return f"line {word.n} of the journal ({word.kind}, {word.at}) gives it the checksum {word.sha256}"


def _there(corpus: Corpus, account: Account) -> dict[str, Path]:
    """WARC files and packages in the directory by the names that the journal has. Strays go into the account."""
    warcs = {Path(str(path).partition("!/")[0]) for path in corpus.warc_files()}
    found: dict[str, Path] = {}
    for path in sorted(warcs):
        name = corpus.name_of(path)
        if name in found:
            why = f"{found[name].name} and {path.name} are both there: keep one of them under another name"
            account.fault(Part.FILES, name, why, file=name)
        found.setdefault(name, path)
    for folder in (corpus.warc_folder, corpus.private_folder):
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path in warcs:
                continue
            name = path.relative_to(corpus.folder).as_posix()
            if path.name.endswith((".part", ".takedown")):
                account.remark(
                    Part.FILES, name, "half written when a crash came: the next crawl clears it up", file=name
                )
            elif not (path.name.endswith(ENDING) and path.with_name(path.name.removesuffix(ENDING)) in warcs):
                account.fault(Part.FILES, name, "it is no file of the archive: move it elsewhere", file=name)
    return found


def _size(path: Path) -> int:
    try:
        return warc_size(path)
    except OSError:
        return 0


def _gone(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is missing: put back a copy"
    return f"the file cannot be read ({error.strerror or error})"


def _unlike(word: Word, digest: str, size: int, owner: str | None) -> str:
    if digest == word.before:
        return f"the takedown of line {word.n} was not carried out on it: the next crawl or takedown finishes it"
    if owner is not None:
        return f"these are the bytes of {owner}; {told_by(word)}"
    if word.bytes is not None and size != word.bytes:
        return f"it has {size} bytes and should have {word.bytes}; its checksum is {digest}; {told_by(word)}"
    return f"its checksum is {digest}; {told_by(word)}"


def _unknown(name: str, path: Path, account: Account) -> None:
    if path.name.endswith(OPEN):
        why = f"left open by a crash with {_size(path)} bytes: the next crawl keeps its whole records and closes it"
        account.remark(Part.FILES, f"{name}{OPEN}", why, file=name)
        return
    why = (
        "the journal does not know this file, so nothing tells where it came from: if it belongs here, the next crawl"
        " or rebuild enters it as found; else move it elsewhere"
    )
    account.fault(Part.FILES, name, why, file=name)
