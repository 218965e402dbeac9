"""CSV that a spreadsheet cannot take for formulas (OWASP, "CSV injection"; CWE-1236).

A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front. Datasette
writes such cells as they are.
"""

import re

_CELL = re.compile(rb'("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)')
_STARTS = (b"=", b"+", b"-", b"@", b"\t", b"\r")


class Guard:
    """Takes a CSV stream in pieces and gives it back with its cells made safe, whole lines at a time."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """The lines that are complete by now."""
        held = self._held + piece
        end = _last_line_end(held)
        self._held = held[end:]
        return safe(held[:end])

    def close(self) -> bytes:
        """What is left at the end of the stream."""
        held, self._held = self._held, b""
        return safe(held)


def safe(lines: bytes) -> bytes:
    """Whole CSV lines with an apostrophe before each cell that a spreadsheet would compute."""
    return _CELL.sub(lambda cell: _guarded(cell[1]) + cell[2], lines)


def _guarded(cell: bytes) -> bytes:
    if cell.startswith(b'"') and cell[1:2] in _STARTS:
        return b"\"'" + cell[1:]
    return b"'" + cell if cell.startswith(_STARTS) else cell


def _last_line_end(text: bytes) -> int:
    """Behind the last line feed that stands outside quotes."""
    quoted, end = False, 0
    for piece in re.finditer(rb'"|\n', text):
        if piece[0] == b'"':
            quoted = not quoted
        elif not quoted:
            end = piece.end()
    return end
