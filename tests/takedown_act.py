"""Taking articles of the small corpus down, and what cannot be proven of it then."""

from contextlib import closing

from archive.corpus import Corpus
from archive.custody import verify
from archive.journal import Line
from archive.rebuild import one_by_one
from archive.takedown import Plan, finish_takedowns, plan, take_down
from tests.takedown_corpus import DOWN, HOME, REASON, read

ID = "gazette-marmaladegate-at-the-ferry"
JAM, SHORT = f"{HOME}/jam", f"{HOME}/short"


def planned(corpus: Corpus, *asked: str) -> list[Plan]:
    with closing(corpus.database()) as db:
        return [plan(corpus, db, each) for each in asked]


def down(corpus: Corpus, *asked: str) -> list[Line]:
    with corpus.lock():
        finish_takedowns(corpus)
        return take_down(corpus, planned(corpus, *asked or (JAM,)), REASON, DOWN)


def proven(corpus: Corpus) -> list[str]:
    """What cannot be proven of the corpus."""
    account = verify(corpus, one_by_one(read, corpus.folder))
    return [f"{each.part} {each.place}: {each.what}" for each in account.findings if each.fault]
