"""Leads that a rule refused and that today's topics would fetch: they are queued for the next crawl."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.model import Lead
from archive.takedown import taken_down
from archive.topics import Topic
from archive.tuning.leads import refused_leads
from archive.tuning.trial import LeadChange
from crawler.admission import Admission, barred, window_of
from crawler.frontier import Frontier
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """`wanted`: leads that are fetched after all; `unwanted`: those that are not; `homeless`: how many of an outlet
    that this corpus does not watch."""

    wanted: tuple[Lead, ...]
    unwanted: tuple[Lead, ...]
    homeless: int


def watched(corpus: Corpus) -> dict[str, Outlet]:
    """The outlets that corpus.toml names, as far as they are known."""
    known = catalogue(corpus.outlets_folder)
    return {name: known[name] for name in corpus.settings.outlets if name in known}


def reconsider(corpus: Corpus, db: Database, outlets: Mapping[str, Outlet]) -> Reconsidered:
    """The refused leads, judged by the corpus' rules as they are now; `outlets`: those it watches, by name."""
    topics, settings = corpus.topics(), corpus.settings
    admission = Admission(topics, window_of(topics, settings.since, settings.until))
    down = taken_down(db)
    wanted: list[Lead] = []
    unwanted: list[Lead] = []
    homeless = 0
    for lead in refused_leads(db):
        if barred(lead, down) is not None:
            continue
        outlet = outlets.get(lead.outlet)
        if outlet is None:
            homeless += 1
        elif admission.decide(lead, outlet).outcome is None:
            wanted.append(lead)
        else:
            unwanted.append(lead)
    return Reconsidered(tuple(wanted), tuple(unwanted), homeless)


def fetched_for(
    corpus: Corpus, db: Database, outlets: Mapping[str, Outlet], topic: Topic, changes: Iterable[LeadChange]
) -> list[LeadChange]:
    """Of the leads that the topic's prefilter would take, those that a crawl for this topic alone would fetch."""
    settings = corpus.settings
    admission = Admission((topic,), window_of((topic,), settings.since, settings.until))
    down = taken_down(db)
    found = []
    for change in changes:
        lead, outlet = change.lead, outlets.get(change.lead.outlet)
        if outlet and barred(lead, down) is None and admission.decide(lead, outlet).outcome is None:
            found.append(change)
    return found


def queue(corpus: Corpus, found: Reconsidered) -> tuple[int, int]:
    """Makes the wanted ones due, and the unwanted ones due no more; how many of each were not so already. The caller
    holds the corpus' lock.

    Their rows in `leads` keep the refusal until a crawl has asked for them: a rebuild says the same.
    """
    if not found.wanted and not corpus.state_file.is_file():
        return 0, 0
    frontier = Frontier(corpus.state_file)
    try:
        return len(frontier.requeue(found.wanted)), frontier.let_go(found.unwanted)
    finally:
        frontier.close()
