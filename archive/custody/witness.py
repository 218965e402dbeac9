"""The links that all testimony shares: files against the journal, the journal against itself."""

from collections.abc import Iterator
from pathlib import Path

from archive.corpus import Corpus
from archive.custody.account import Account, Part
from archive.custody.by_hand import file_checksum, journal_chain, journal_line
from archive.custody.chain import Chain, read_chain
from archive.custody.exchange import warcinfo_of
from archive.custody.files import checksum_of
from archive.custody.records import field_of
from archive.custody.testimony import Command, Step
from archive.journal import Line
from archive.wacz import OPEN

_DAY = slice(0, 10)


class Witness:
    """Answers about one corpus; what it has computed once it keeps, so that many records of a file cost one reading."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._account = Account()
        self.chain: Chain = read_chain(corpus.journal, self._account)
        self._files: dict[str, tuple[list[Step], list[Command]]] = {}

    def path_of(self, file: str) -> Path:
        """Where the file lies that rows know as `file`."""
        return self.corpus.folder / file if "!/" in file else self.corpus.path_of(file)

    def file(self, file: str) -> tuple[list[Step], list[Command]]:
        """The steps about a WARC file: its checksum against the journal, and the line that it names itself."""
        if file not in self._files:
            self._files[file] = self._of_file(file)
        return self._files[file]

    def _of_file(self, file: str) -> tuple[list[Step], list[Command]]:
        known = next((name for name in (file, file.partition("!/")[0]) if name in self.chain.files), None)
        path = self.path_of(known or file)
        try:
            digest, size = checksum_of(path)
        except OSError as error:
            why = f"it cannot be read ({error.strerror or error})"
            return [Step("file checksum", f"The record lies in the file {file}.", why)], []
        steps = [self._checksum(known or file, path, digest, size)]
        commands = []
        if known:
            word = self.chain.files[known]
            commands = [file_checksum(known, word.sha256), journal_line(word.n, word.sha256)]
        info = warcinfo_of(self.path_of(file))
        said = field_of(info, "journal") if info else None
        if said is not None:
            n = said.partition(" ")[0]
            last = "was still empty" if n == "0" else f"ended with line {n}, whose digest it names"
            says = f"When the file was begun, the journal {last}."
            steps.append(Step("journal line in the file", says, self.chain.unlike(said)))
        return steps, commands

    def _checksum(self, name: str, path: Path, digest: str, size: int) -> Step:
        says = f"The file {name} has {size} bytes and the SHA-256 {digest}."
        word = self.chain.files.get(name)
        if word is None:
            why = "the journal does not know the file"
            if path.name.endswith(OPEN):
                why = "the file was left open by a crash and has no checksum yet: the next crawl closes it"
            return Step("file checksum", says, why)
        origin = {
            "closed": "when the file was closed",
            "mended": "when it was mended after a crash",
            "imported": "when it was taken over from others",
            "takedown": "when something in it was taken down",
            "found": "when it was found in the directory; nothing is proven of the time before",
        }.get(word.kind, f"({word.kind})")
        says += f" That is what line {word.n} of the journal of {word.at[_DAY]} says, written {origin}."
        return Step("file checksum", says, None if word.sha256 == digest else f"the journal has {word.sha256}")

    def lines(self) -> Iterator[Line]:
        """The lines of the journal that are as they were written."""
        return (each for each in self.corpus.journal.examine() if isinstance(each, Line))

    def journal(self) -> tuple[Step, list[Command]]:
        """The step about the journal's chain."""
        chain, head = self.chain, self.chain.at(self.chain.head)
        says = f"Each of the journal's {chain.head} lines names the digest of the line before, up to the head {head}."
        broken = [each for each in self._account.findings if each.fault and each.part is Part.JOURNAL]
        why = "; ".join(f"{each.place}: {each.what}" for each in broken[:5]) or None
        return Step("journal chain", says, why), [journal_chain(head)]
