"""What a run says to people holds no secret: log, terminal, and the reasons that go into rows.

Taken out: user names and passwords in addresses, the values of credential headers, and the secrets of the
environment (HEMEROTECA_LOGIN_*, passwords of proxies) in every spelling that a message may give them. `install`
does so for all log records of a process, whichever handler writes them, and leaves tracebacks out: a log is read by
people, and HEMEROTECA_DEBUG=1 brings the tracebacks back.
"""

import logging
import os
import re
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import permutations
from pathlib import PurePath
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from archive.withhold import MARKER
from crawler.spellings import PERCENT, SHORTEST, both_alphabets, in_base64, looks_drawn, loosely, struck

SHOWN = MARKER.decode()
LOGIN = "HEMEROTECA_LOGIN_"
DEBUG = "HEMEROTECA_DEBUG"
LEARNED = 60  # secrets of sessions that are known at a time, the newest

log = logging.getLogger(__name__)
_learned: dict[str, None] = {}

# The upper bounds keep the time linear; no name and no password is longer.
_USERS = (
    # A password with a slash in it, written as it is: what follows the colon is no port
    (re.compile(r"//[^\s/?#:@\[]{1,300}:(?!\d*(?:[/?#\s\"'<>)\],]|$))[^\s@]{0,300}@"), f"//{SHOWN}@"),
    (
        re.compile(rf"((?:\\*/){{2}}|\bhttps?:[/\\]+)[^\s/?#]{{0,1000}}(@|{PERCENT}40)", re.IGNORECASE),
        rf"\1{SHOWN}\2",
    ),
    (re.compile(r"\b(https?:)[^\s/?#\\]{1,200}@", re.IGNORECASE), rf"\1{SHOWN}@"),
    (
        re.compile(
            rf"((?:{PERCENT}2f){{2}})(?:(?!{PERCENT}(?:2f|3f|23))[^\s/?#&]){{0,1000}}({PERCENT}40|@)", re.IGNORECASE
        ),
        rf"\1{SHOWN}\2",
    ),
)
_QUOTED = r"""b?(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")"""
_HEADER = re.compile(
    # Name and separator as in a message, a dict, a list of pairs; then quoted values, or the rest of the line
    r"""(?:\b|(?<=\\[nr]))((?:proxy-)?authorization|(?:set-)?cookie2?)((?:["']\s*,|["']?\s*[:=])\s*)"""
    rf"""(?:[\[(]\s*(?:{_QUOTED}\s*,?\s*)++[\])]|{_QUOTED}|[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)""",
    re.IGNORECASE,
)
_TRACE = re.compile(r"[^\n]*Traceback \(most recent call last\):(?:\n(?:[ \t|+][^\n]*|--- <[^\n]*|(?=\n)))*\n?")


def clean(text: str) -> str:
    """The text with a marker in place of each secret."""
    for pattern, shown in _USERS:
        text = pattern.sub(shown, text)
    text = _HEADER.sub(rf"\1\2{SHOWN}", text)
    values = secrets_of(os.environ)
    text = _pattern(values).sub(SHOWN, text) if values else text
    if not _learned:
        return text
    return struck(text.encode("utf-8", "surrogatepass"), _learned).decode("utf-8", "surrogatepass")


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets that an environment holds, each once, in a fixed order."""
    return tuple(sorted(set(_secrets(environment))))


def secret_values() -> tuple[bytes, ...]:
    """The secrets of this process' logins as they may stand in a request: for `withhold`.

    Those of fewer than 6 bytes are left out, since they may stand there by chance; fields and bodies of a login are
    withheld by their place.
    """
    return tuple(data for value in of_sessions() if len(data := value.encode()) >= SHORTEST)


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        value = value.strip()
        if name.startswith(LOGIN) and value:
            yield value
            yield from _parts(name, value)
        elif name.lower().endswith("_proxy"):
            user, colon, password = value.rpartition("@")[0].rpartition("//")[2].partition(":")
            if colon and password:
                yield from (password, unquote(password), f"{unquote(user)}:{unquote(password)}")


def _parts(name: str, value: str) -> Iterator[str]:
    """Of a whole Cookie or Authorization field its parts, which are secrets by themselves: not the words among them,
    such as Bearer, which any page may hold."""
    if not re.search("COOKIE|HEADER|AUTH", name):
        return
    if "HEADER" in name:
        value = value.partition(":")[2].strip() or value
        yield value
        yield from filter(None, _basic(value))
    pieces = [piece for piece in re.split(r"[;\s]\s*", value) if piece]
    if "COOKIE" in name:
        pieces = [piece.partition("=")[2] or piece for piece in pieces]
    yield from (each for each in pieces if len(each) >= SHORTEST and (len(pieces) == 1 or looks_drawn(each)))


def _basic(value: str) -> tuple[str, ...]:
    """User and password in a field of the scheme Basic (RFC 7617 §2); () for any other."""
    scheme, _, coded = value.partition(" ")
    if scheme.lower() != "basic":
        return ()
    try:
        user, _, password = b64decode(coded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return ()
    return user, password


@lru_cache(maxsize=4)
def _pattern(values: tuple[str, ...]) -> re.Pattern[str]:
    """Finds each value in any of its spellings, the longest first."""
    spelled = [(len(value), loosely(value)) for value in values]
    coded = {form for value in values for form in in_base64(value.encode())}
    for a, b in permutations(values, 2):
        coded.add(b64encode(f"{a}:{b}".encode()).decode().rstrip("="))
    spelled += [(len(form), re.escape(each)) for form in coded for each in both_alphabets(form)]
    return re.compile("|".join(pattern for _, pattern in sorted(spelled, reverse=True)))


def learn(values: Iterable[str]) -> None:
    """From now on these are secrets, too: what a newspaper gave a session, such as its cookies."""
    for value in values:
        _learned.pop(value, None)
        _learned[value] = None
    while len(_learned) > LEARNED:
        del _learned[next(iter(_learned))]


def of_sessions() -> tuple[str, ...]:
    """The secrets of this process' logins: those of the environment, and what was learned."""
    logins = {name: value for name, value in os.environ.items() if name.startswith(LOGIN)}
    return tuple({**dict.fromkeys(secrets_of(logins)), **_learned})


def holds_secret(text: str) -> bool:
    """Whether a secret of a login stands in the text, in any spelling."""
    data = text.encode("utf-8", "surrogateescape")
    return struck(data, of_sessions()) != data


class Record(logging.LogRecord):
    """A log record whose text is clean and tells of an exception in one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fault: BaseException | None = None
        if self.exc_info:
            self._fault = self.exc_info[1]
        if self.exc_info or self.stack_info:
            # Formatters would write them below the message, out of our reach
            self._trace = self._traced() if os.environ.get(DEBUG) else ""
            self.exc_info = self.stack_info = None

    def getMessage(self) -> str:  # noqa: N802 (logging's name)
        try:
            text = super().getMessage()
        except Exception:  # noqa: BLE001 (a message with a wrong number of places is still a message)
            text = f"{self.msg} {self.args}"
        if self._fault is not None:
            text = f"{text}: {told(self._fault)}"
        if os.environ.get(DEBUG):
            return clean(f"{text}\n{getattr(self, '_trace', '')}".rstrip())
        return clean(untraced(text))

    def _traced(self) -> str:
        formatter = logging.Formatter()
        whole = formatter.formatException(self.exc_info) if self.exc_info and self.exc_info[0] else ""
        return "\n".join(filter(None, (whole, self.stack_info)))


def untraced(text: str) -> str:
    """The text without the tracebacks in it; what was raised stays."""
    if "Traceback" not in text:
        return text
    return _TRACE.sub("", text).replace("Traceback", "trace").strip()


def told(error: BaseException) -> str:
    """An exception in one line: its type, what it says, where it was raised, and what it came from."""
    lines = []
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen and len(seen) < 3:
        seen.append(each)
        said = " ".join(str(each).split())
        lines.append(f"{type(each).__name__}{f': {said}' if said else ''}{_place(each.__traceback__)}")
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "; from ".join(lines)


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return f" ({'/'.join(PurePath(code.co_filename).parts[-2:])}:{trace.tb_lineno}, {code.co_name})"


def install() -> None:
    """From now on this process logs clean records only, and a log that cannot be written is nobody's traceback.

    Holds for handlers that are there and for those that come later. Exceptions that Python would print by itself
    (in threads, in destructors) are logged.
    """
    from twisted.logger import globalLogBeginner

    if logging.getLogRecordFactory() is not Record:
        # Twisted prints what is critical by itself, until somebody begins; Scrapy only listens
        globalLogBeginner.beginLoggingTo((), discardBuffer=True, redirectStandardIO=False)
    logging.setLogRecordFactory(Record)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    threading.excepthook = _in_thread
    sys.unraisablehook = _unraisable


def _in_thread(hook: threading.ExceptHookArgs) -> None:
    if hook.exc_value is not None and not isinstance(hook.exc_value, SystemExit):
        log.error("a thread ended", exc_info=hook.exc_value)


def _unraisable(hook: Any) -> None:
    if hook.exc_value is not None:
        log.warning("%s", hook.err_msg or "ignored", exc_info=hook.exc_value)
