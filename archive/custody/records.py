"""Every record against its digests, whole files and damaged ones; what is damaged is named as well as it can be."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.cdxj import ENDING, cdxj_line
from archive.custody.account import Account, Finding, Part
from archive.custody.chain import Chain, Word
from archive.custody.frames import odd_frames
from archive.model import Pointer
from archive.records import OWN_SOFTWARE, Damage, Found, Record, walk
from archive.wacz import OPEN

_FIELD = re.compile(rb"^(WARC-Record-ID|WARC-Target-URI):[ \t]*([^\r\n]*)\r\n", re.MULTILINE | re.IGNORECASE)
_ID = re.compile(r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
_HEAD = 64 * 1024
_AS_THEY_CAME = frozenset({"imported", "found", "mended"})  # files that may have come with damage in them


@dataclass(slots=True)
class Walked:
    """One file on the walk. `own`: recorded by this software; `damaged`: where nothing can be read.

    `word`: what the journal says of it, where its checksum is that of the journal; else None.
    """

    name: str
    path: Path
    word: Word | None = None
    own: bool = False
    last: Found | None = None
    damaged: list[Damage] = field(default_factory=list)
    lines: set[bytes] = field(default_factory=set)  # that its CDXJ file should have

    @property
    def is_open(self) -> bool:
        return self.path.name.endswith(OPEN)

    @property
    def came_so(self) -> str | None:
        """Why damage in this file is no fault of custody, in words; None where it is one."""
        if self.word is None or self.word.kind not in _AS_THEY_CAME:
            return None
        return f"it was so when line {self.word.n} of the journal was written ({self.word.kind})"


def examine(
    walked: Walked, chain: Chain, account: Account, told: Callable[[int], object]
) -> Iterator[tuple[Pointer, Record]]:
    """Every whole record of the file, its digests checked on the way; faults go into the account.

    `told`: is given the bytes read so far. Raises OSError where the file cannot be opened.
    """
    faults = account.faults[Part.RECORDS]
    behind: list[Damage] = []
    for each in walk(walked.path):
        if isinstance(each, Damage):
            walked.damaged.append(each)
            behind.append(each)
            continue
        _damaged(walked, behind, each, account)
        behind = []
        if walked.last is None:
            _begun(walked, each, chain, account)
        walked.last = Found(_bare(each.record), each.offset, each.length)
        _digests(walked, each, account)
        if walked.own and (line := cdxj_line(each, walked.path.name)) is not None:
            walked.lines.add(line)
        told(each.offset + each.length)
        yield Pointer(walked.name, each.offset, each.length), each.record
    _damaged(walked, behind, None, account)
    if walked.word is None and not walked.is_open and walked.own and account.faults[Part.RECORDS] == faults:
        for each in odd_frames(walked.path):
            why = "its content is whole, but the bytes around it are not those that were written"
            _fault(account, walked, each.offset, f"{_named(each.record)}: {why}", each.record)
    if not walked.is_open:
        _check_cdxj(walked, account)


def _begun(walked: Walked, found: Found, chain: Chain, account: Account) -> None:
    """The warcinfo of a file of ours: the name it was begun under, the journal's line at that time."""
    record = found.record
    if found.offset or record.type != "warcinfo" or not record.block.startswith(OWN_SOFTWARE):
        return
    walked.own = True
    own_name, name = record.header("WARC-Filename"), walked.path.name.removesuffix(OPEN)
    if own_name != name:
        account.fault(
            Part.FILES,
            walked.name,
            f"it was recorded under the name {own_name}: give it that name again",
            file=walked.name,
        )
    said = field_of(record, "journal")
    if said is None:
        return
    if why := chain.unlike(said):
        account.fault(Part.JOURNAL, walked.name, why, file=walked.name)
    else:
        account.count(Part.JOURNAL, "lines named by WARC files")


def field_of(warcinfo: Record, name: str) -> str | None:
    """The value of a field in a warcinfo record's block (WARC 1.1 §6.2); None where there is none."""
    for line in warcinfo.block.decode("utf-8", "replace").splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() == name:
            return value.strip()
    return None


def _digests(walked: Walked, found: Found, account: Account) -> None:
    record = found.record
    account.count(Part.RECORDS, "records")
    account.count(Part.RECORDS, "bytes", found.length)
    if problem := record.digest_problem():
        _fault(account, walked, found.offset, f"{_named(record)}: {problem}", record)
        return
    block, payload = record.header("WARC-Block-Digest"), record.header("WARC-Payload-Digest")
    if block is None and walked.own:
        _fault(account, walked, found.offset, f"{_named(record)} has no WARC-Block-Digest", record)
    account.count(Part.RECORDS, "block digests", block is not None)
    account.count(Part.RECORDS, "payload digests", payload is not None and record.type != "revisit")


def _damaged(walked: Walked, places: list[Damage], following: Found | None, account: Account) -> None:
    """Names each damaged place by what can still be read there, else by its neighbours."""
    for damage in places:
        last = walked.last.record if walked.last else None
        record_id, url = _remains(walked.path, damage.offset)
        told = _told_by_neighbours(last, following.record if following else None)
        if record_id and told is None:
            which = f"record {record_id} about {url or 'an unknown URL'}, as far as it can be read"
        else:
            record_id = told
            before = f"behind {_named(last)}" if last else "the first one"
            after = f", before {_named(following.record)}" if following else ", the last one"
            which = f"record {record_id or 'of unknown id'}, {before}{after}"
        what = f"{which}: {damage.why}"
        place = f"{walked.name}@{damage.offset}"
        known = {"file": walked.name, "offset": damage.offset, "record_id": record_id, "url": url}
        if walked.is_open and following is None:
            account.remark(Part.RECORDS, place, f"{what}; the next crawl cuts the file here", **known)
        elif walked.came_so:
            account.remark(Part.RECORDS, place, f"{what}; {walked.came_so}", **known)
        else:
            account.fault(Part.RECORDS, place, what, **known)


def _told_by_neighbours(before: Record | None, behind: Record | None) -> str | None:
    """The id of a record between two others, where one of them names it.

    Of an exchange note and request name the answer, which comes last; the answer names the request.
    """
    if before is None and behind is not None:
        return behind.header("WARC-Warcinfo-ID")
    for record, types in ((before, ("request", "metadata")), (behind, ("response", "revisit"))):
        if record is not None and record.type in types:
            known = {each.record_id for each in (before, behind) if each is not None}
            if found := [each for each in record.concurrent_to if each not in known]:
                return found[0]
    return None


def _remains(path: Path, offset: int) -> tuple[str | None, str | None]:
    """The id and the URL in what can be unpacked of a damaged gzip member."""
    if path.suffix != ".gz" and not path.name.endswith(f".gz{OPEN}"):
        return None, None
    try:
        with path.open("rb") as file:
            file.seek(offset)
            packed = file.read(_HEAD)
    except OSError:
        return None, None
    # The gzip header is passed over: it may be what is damaged
    for start, wbits in ((0, zlib.MAX_WBITS + 16), (10, -zlib.MAX_WBITS)):
        stream, data = zlib.decompressobj(wbits), b""
        try:
            for at in range(start, len(packed), 16):
                data += stream.decompress(packed[at : at + 16])
                if stream.eof or b"\r\n\r\n" in data:
                    break
        except zlib.error:
            pass
        if data.startswith(b"WARC/"):
            break
    else:
        return None, None
    head, end, _ = data.partition(b"\r\n\r\n")
    found = {name.lower(): value.decode("utf-8", "replace") for name, value in _FIELD.findall(head + end[:2])}
    record_id = found.get(b"warc-record-id", "")
    return record_id if _ID.fullmatch(record_id) else None, found.get(b"warc-target-uri")


def _check_cdxj(walked: Walked, account: Account) -> None:
    """The lines beside a closed file of ours against those that its records give."""
    if not walked.own:
        return
    beside = walked.path.with_name(walked.path.name + ENDING)
    name = f"{walked.name}{ENDING}"
    try:
        found = beside.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        account.remark(Part.RECORDS, name, "it is missing: the next crawl makes it again", file=name)
        return
    wanted = sorted(walked.lines)
    if found == wanted:
        account.count(Part.RECORDS, "CDXJ files")
        return
    number = next((n for n, (one, two) in enumerate(zip(found, wanted, strict=False), 1) if one != two), None)
    if number is None:
        why, number = f"it has {len(found)} lines and should have {len(wanted)}", min(len(found), len(wanted)) + 1
    else:
        why = f"line {number} is not what the records give"
    account.fault(
        Part.RECORDS, f"{name} line {number}", f"{why}: delete the file, the next crawl makes it again", file=name
    )


def _named(record: Record) -> str:
    about = f" about {record.target_uri}" if record.target_uri else ""
    return f"{record.type} {record.record_id}{about}"


def _fault(account: Account, walked: Walked, offset: int, what: str, record: Record) -> None:
    account.found(
        Finding(
            Part.RECORDS,
            f"{walked.name}@{offset}",
            f"{what}; {walked.came_so}" if walked.came_so else what,
            fault=walked.came_so is None,
            file=walked.name,
            offset=offset,
            record_id=record.record_id,
            url=record.target_uri or None,
        )
    )


def _bare(record: Record) -> Record:
    return Record(record.type, record.target_uri, record.date, record.record_id, record.headers, b"", record.size)
