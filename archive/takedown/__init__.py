"""Taking an article down: its text leaves the WARC files, the rows and the search, and what was done stays on record.

`plan` says what would be touched (scope.py; condemned.py for one file). `take_down` does it and `finish_takedowns`
makes up for a crash, both in the order that steps.py promises: what is to come is announced (pending.py), each answer
is replaced by a tombstone in its own room (tombstone.py, rewrite.py), the rows go (rows.py) and the databases are swept
(sweep.py). There is no way back: whoever needs one has a backup, and whoever has a backup or an earlier export has the
article still.
"""

from archive.takedown.condemned import NotToBeRewritten
from archive.takedown.pending import is_pending
from archive.takedown.rows import taken_down
from archive.takedown.scope import NothingKnown, Plan, plan
from archive.takedown.steps import finish_takedowns, take_down
from archive.takedown.tombstone import NoRoom

__all__ = [
    "NoRoom",
    "NotToBeRewritten",
    "NothingKnown",
    "Plan",
    "finish_takedowns",
    "is_pending",
    "plan",
    "take_down",
    "taken_down",
]
