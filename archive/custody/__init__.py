"""Custody: what can be proven of a corpus, and of one article in it.

`verify` proves the whole, `testify` one row. Both only read: not a byte of the corpus changes, not even a side file of
its database.
"""

from archive.custody.account import Account, Finding, Part
from archive.custody.row import testify
from archive.custody.testimony import Command, Source, Step, Testimony
from archive.custody.whole import verify

__all__ = ["Account", "Command", "Finding", "Part", "Source", "Step", "Testimony", "testify", "verify"]
