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
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import permutations
from pathlib import PurePath
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from archive.withhold import MARKER

SHOWN = MARKER.decode()
LOGIN = "HEMEROTECA_LOGIN_"
DEBUG = "HEMEROTECA_DEBUG"

log = logging.getLogger(__name__)

_PERCENT = "%(?:25)*"  # a percent sign, encoded once more or not
# The upper bounds keep the time linear; no name and no password is longer.
_USERS = (
    # A password with a slash in it, written as it is: what follows the colon is no port
    (re.compile(r"//[^\s/?#:@\[]{1,300}:(?!\d*(?:[/?#\s\"'<>)\],]|$))[^\s@]{0,300}@"), f"//{SHOWN}@"),
    (
        re.compile(rf"((?:\\*/){{2}}|\bhttps?:[/\\]+)[^\s/?#]{{0,1000}}(@|{_PERCENT}40)", re.IGNORECASE),
        rf"\1{SHOWN}\2",
    ),
    (re.compile(r"\b(https?:)[^\s/?#\\]{1,200}@", re.IGNORECASE), rf"\1{SHOWN}@"),
    (
        re.compile(
            rf"((?:{_PERCENT}2f){{2}})(?:(?!{_PERCENT}(?:2f|3f|23))[^\s/?#&]){{0,1000}}({_PERCENT}40|@)", re.IGNORECASE
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
    return _pattern(values).sub(SHOWN, text) if values else text


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets that an environment holds, each once, in a fixed order."""
    return tuple(sorted(set(_secrets(environment))))


def secret_values() -> tuple[bytes, ...]:
    """The secrets of this process' logins as they may stand in a request: for `withhold`.

    Those of fewer than 6 bytes are left out, since they may stand there by chance; fields and bodies of a login are
    withheld by their place.
    """
    logins = {name: value for name, value in os.environ.items() if name.startswith(LOGIN)}
    return tuple(data for value in secrets_of(logins) if len(data := value.encode()) >= 6)


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        value = value.strip()
        if name.startswith(LOGIN) and value:
            yield value
            # A whole Cookie or Authorization header: its parts are the secret
            for piece in re.split(r"[;\s]\s*", value) if re.search("COOKIE|HEADER|AUTH", name) else ():
                part = piece.partition("=")[2] or piece
                if len(part) >= 6:
                    yield part
        elif name.lower().endswith("_proxy"):
            user, colon, password = value.rpartition("@")[0].rpartition("//")[2].partition(":")
            if colon and password:
                yield from (password, unquote(password), f"{unquote(user)}:{unquote(password)}")


@lru_cache(maxsize=4)
def _pattern(values: tuple[str, ...]) -> re.Pattern[str]:
    """Finds each value in any of its spellings, the longest first."""
    spelled = [(len(value), _loosely(value)) for value in values]
    coded = {form for value in values for form in _base64_inside(value.encode())}
    for a, b in permutations(values, 2):
        coded.add(b64encode(f"{a}:{b}".encode()).decode().rstrip("="))
    spelled += [(len(form), re.escape(each)) for form in coded for each in {form, form.translate(_URL_SAFE)}]
    return re.compile("|".join(pattern for _, pattern in sorted(spelled, reverse=True)))


_URL_SAFE = str.maketrans("+/", "-_")


def _loosely(value: str) -> str:
    """A pattern for the value as it is, percent-encoded, or escaped as in JSON, Python and HTML."""
    whole = "".join(map(_any_spelling, value))
    # A short one is looked for as a word, or every second message would be unreadable
    return whole if len(value) >= 6 else rf"(?<![^\W_]){whole}(?![^\W_])"


def _any_spelling(character: str) -> str:
    forms = [re.escape(character)]
    forms.append("".join(rf"(?i:{_PERCENT}{byte:02x})" for byte in character.encode("utf-8", "surrogateescape")))
    if character == " ":
        forms.append(r"\+")
    if character in "\"'\\":
        forms.append(rf"\\+{re.escape(character)}")
    if not character.isascii():
        forms += [
            "".join(rf"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape")),
            "".join(rf"(?i:\\u{unit:04x})" for unit in _utf16(character)),
            rf"(?i:\\U{ord(character):08x})",
            rf"(?i:\\x{ord(character):02x})",
        ]
    if character in "&<>\"'":
        forms.append("&(?:amp|lt|gt|quot|apos|#x?[0-9a-fA-F]{2});")
    return f"(?:{'|'.join(forms)})"


def _utf16(character: str) -> Iterator[int]:
    """The units of which JSON escapes a character, one or two."""
    data = character.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _base64_inside(value: bytes) -> Iterator[str]:
    """The characters that a value leaves in base64 whatever stands before and behind it, for each of three places."""
    for before in range(3):
        coded = b64encode(bytes(before) + value).decode()
        found = coded[(0, 2, 3)[before] : (before + len(value)) * 8 // 6]
        if len(found) >= 8:
            yield found


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
