"""The bytes of an answer while it comes: in memory, those of a long one in a file without a name.

Many hosts may each send as much as one answer may have, all at once; in memory that would be more than a crawl has.
"""

import os
import tempfile
from io import BytesIO
from typing import IO

IN_MEMORY = 1 << 20  # bytes


class Received:
    """What has come, in its order. What the disk does not take stays in memory: the recorder will tell of the disk."""

    def __init__(self) -> None:
        self._memory = BytesIO()  # gives its bytes away without a copy, which a join of pieces would not
        self._file: IO[bytes] | None = None
        self._on_disk = 0
        self._refused = False

    def add(self, data: bytes) -> None:
        self._memory.write(data)
        if self._memory.tell() > IN_MEMORY and not self._refused:
            self._to_disk()

    def all(self) -> bytes:
        if self._file is None:
            return self._memory.getvalue()
        return b"".join((os.pread(self._file.fileno(), self._on_disk, 0), self._memory.getbuffer()))

    def close(self) -> None:
        """The end of it; nothing is left of the file."""
        self._memory.close()
        if self._file is not None:
            self._file.close()

    def _to_disk(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed by `close`)
            view, end = self._memory.getbuffer(), self._on_disk
            while view:
                written = os.pwrite(self._file.fileno(), view, end)
                view, end = view[written:], end + written
        except OSError:
            self._refused = True  # a part may be there already, and counts for nothing
            return
        self._memory, self._on_disk = BytesIO(), end
