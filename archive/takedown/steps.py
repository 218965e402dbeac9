"""The order of a takedown, which is what a crash must not break.

    1. `.takedown.json` names the files that are to change and the journal's line that is to come;
    2. each new file is written beside the old one and synced;
    3. the line is added to the journal: from here on the takedown is a fact;
    4. the new files take the places of the old ones, the rows go, the databases are swept;
    5. `.takedown.json` is removed.

A crash before 3 leaves nothing that counts, one after it leaves work: `finish_takedowns` clears up or finishes.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from archive.corpus import Corpus
from archive.errors import HemerotecaError, UsageError
from archive.journal import JournalGrew, Line
from archive.takedown.pending import Pending, announce, announced, clear_half_written, forget, is_pending, line_of
from archive.takedown.rewrite import discard, prepare, put_in_place, replacements
from archive.takedown.rows import keep_rows, sweep_corpus
from archive.takedown.scope import Plan

_TRIES = 5  # to add a line while another process writes to the journal, too


def take_down(corpus: Corpus, plans: Sequence[Plan], reason: str, at: datetime) -> list[Line]:
    """Takes articles down and gives the lines of the journal, one for each.

    The caller holds the corpus' lock and has called `finish_takedowns`. Raises NoRoom, BrokenRecord, DiskFull and its
    kin, DatabaseBusy. Whatever is raised, each article is either as it was or taken down, and what is left to do is
    done by the next `finish_takedowns`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise UsageError("a takedown needs a reason: it stands in the journal and on the article's page")
    try:
        lines = [_take_down(corpus, each, reason, at) for each in plans]
    except HemerotecaError:
        with suppress(HemerotecaError):
            finish_takedowns(corpus)
        raise
    finish_takedowns(corpus)
    return lines


def finish_takedowns(corpus: Corpus) -> bool:
    """Finishes a takedown that a crash broke off, or clears up behind one that had not begun; whether there was one.

    The caller holds the corpus' lock. To be called before anything else is read or written. Raises DiskFull and its
    kin, BrokenJournal, DatabaseBusy where another program still reads an older state of a database.
    """
    clear_half_written(corpus)
    pending = announced(corpus)
    if pending is None:
        return False
    line = line_of(corpus, pending)
    if line is None:
        discard(corpus, pending.files)
    else:
        put_in_place(corpus, line)
    if line is not None or pending.sweep:
        keep_rows(corpus)
        sweep_corpus(corpus)
    forget(corpus)
    return True


def _take_down(corpus: Corpus, plan: Plan, reason: str, at: datetime) -> Line:
    """Steps 1 to 3, and the files and rows of step 4."""
    sweep = is_pending(corpus)
    for tries_left in reversed(range(_TRIES)):
        try:
            line = _entered(corpus, plan, reason, at, sweep=sweep)
            break
        except JournalGrew:
            if not tries_left:
                raise
    put_in_place(corpus, line)
    keep_rows(corpus)
    return line


def _entered(corpus: Corpus, plan: Plan, reason: str, at: datetime, *, sweep: bool) -> Line:
    """The new files beside the old ones, and the journal's line."""
    head = corpus.journal.head
    pending = Pending(head.n + 1, plan.files, sweep)
    members = replacements(corpus, plan, reason, at, pending.line)
    announce(corpus, pending)
    try:
        files = [prepare(corpus, name, members[name]) for name in plan.files]
        return corpus.journal.append(
            "takedown",
            at,
            after=head,
            article_id=plan.article_id,
            outlet=plan.outlet,
            urls=list(plan.urls),
            stable_id=plan.stable_id,
            reason=reason,
            files=files,
            records=[
                {name: value for name, value in asdict(each).items() if value is not None} for each in plan.removals
            ],
            notes=[asdict(each) for each in plan.notes],
        )
    except BaseException:
        if line_of(corpus, pending) is None:
            discard(corpus, plan.files)
        raise
