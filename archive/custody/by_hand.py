"""The same proof with standard tools: sha256sum, tail, head, gzip and a shell. Run in the corpus directory."""

from pathlib import Path
from shlex import quote

from archive.custody.chain import NAME
from archive.custody.testimony import Command
from archive.http import split
from archive.members import CutShortError, SpoiltError, member_at
from archive.records import Record
from archive.wacz import open_warc

_HEAD = 256 * 1024
# Each line without its digest gives that digest, and names the digest of the line before
_CHAIN = r"""
previous=
while IFS= read -r line; do
  digest=$(printf '%s}' "${line%,\"digest\":*}" | sha256sum | cut -c 1-64)
  case $line in
    *",\"previous\":\"$previous\",\"digest\":\"$digest\"}") previous=$digest ;;
    *) echo "broken: $line" ;;
  esac
done < journal.jsonl
echo "$previous"
""".strip()


def file_checksum(file: str, sha256: str) -> Command:
    """The checksum of a file, as the journal has it."""
    package, _, inside = file.partition("!/")
    if inside:
        return Command("The file's checksum", f"unzip -p {quote(package)} {quote(inside)} | sha256sum", sha256)
    return Command("The file's checksum", f"sha256sum {quote(file)}", sha256)


def journal_line(n: int, digest: str) -> Command:
    """One line of the journal: what it says, and that it gives its digest."""
    return Command(f"Line {n} of the journal", f"sed -n {n}p {NAME}", digest)


def journal_chain(digest: str) -> Command:
    """The whole chain, in a few lines of shell; the last printed is the head's digest."""
    return Command("The journal's chain from the first line to the last", _CHAIN, digest)


def record_commands(
    path: Path, file: str, offset: int, length: int, record: Record, block_sha256: str | None = None
) -> list[Command]:
    """The record itself, the digest of its block, and of its payload where that needs no more than cutting.

    `block_sha256`: what the row says of the block of a record that has no digest of its own.
    """
    unpacked = _unpacked(path, file, offset, length)
    head = _head(path, offset)
    if unpacked is None or head is None:
        return []
    found = [Command("The head of the record", f"{unpacked} | head -c {head}", record.record_id)]
    block = (record.header("WARC-Block-Digest") or block_sha256 or "").removeprefix("sha256:")
    if len(block) == 64:
        cut = f"{unpacked} | tail -c +{head + 1} | head -c {record.size} | sha256sum"
        found.append(Command("The digest of its block", cut, block))
    payload = (record.header("WARC-Payload-Digest") or "").removeprefix("sha256:")
    if len(payload) == 64 and record.type == "response":
        begin = head + len(record.block) - len(split(record.block).raw_body)
        cut = f"{unpacked} | tail -c +{begin + 1} | head -c {head + record.size - begin} | sha256sum"
        found.append(Command("The digest of its payload", cut, payload))
    return found


def _unpacked(path: Path, file: str, offset: int, length: int) -> str | None:
    package, _, inside = file.partition("!/")
    source = f"unzip -p {quote(package)} {quote(inside)} | tail" if inside else "tail"
    named = "" if inside else f" {quote(file)}"
    with open_warc(path) as stream:
        first = stream.read(4)
    if first.startswith(b"\x1f\x8b"):
        unpack = " | gzip -dc"
    elif first.startswith(b"WARC"):
        unpack = ""
    elif first == b"\x28\xb5\x2f\xfd":
        unpack = " | zstd -dc"
    else:
        return None
    return f"{source} -c +{offset + 1}{named} | head -c {length}{unpack}"


def _head(path: Path, offset: int) -> int | None:
    """The length of the record's head with the blank line behind it, in bytes."""
    try:
        with open_warc(path) as stream:
            data = member_at(stream, offset, _HEAD).data
    except (OSError, CutShortError, SpoiltError):
        return None
    end = data.find(b"\r\n\r\n")
    return end + 4 if end >= 0 and data.startswith(b"WARC/") else None
