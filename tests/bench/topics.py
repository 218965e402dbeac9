"""Topics over a large corpus: a dry run beside a plain search, matching at one to hundreds of topics, and `apply`."""

import json
import re
import shutil
import sys
import time
from contextlib import closing
from pathlib import Path

import click

from archive.corpus import Corpus
from archive.matching import Document, meeting
from archive.norm import norm
from archive.topics import load_topic, parse_topic
from archive.tuning.named import database_to_look_in
from tests.bench.account import Account, spent
from tests.bench.articles import Press, fill
from tests.bench.screen import Screen
from tests.bench.slope import VERB

TOPICS = (1, 10, 100, 300)
BATCHES = (20, 1)  # articles that come at once: of a crawl, and by themselves
SAMPLE = 1_000  # articles that are matched
DRY_RUN, ONE, HUNDRED = 5.0, 1.0, 1.5  # the targets: seconds, ms at one topic, ms at a hundred
MB = 1_000_000
_OURS = (sys.executable, "-m", "tests.bench.topics")


def measure(folder: Path, articles: int, screen: Screen) -> None:
    """Makes the corpus, runs everything on it and prints the tables. The corpus is most of the work."""
    place, press = folder / "topics", Press()
    with screen.progress("topics", 2 + 3 + 2 + len(TOPICS) * len(BATCHES)) as step:
        corpus = step(fill(place, press, articles, max(TOPICS)))
        earlier = place / "earlier.toml"
        earlier.write_text(press.topic(0, less=True))
        file = corpus.folder / "topics" / "topic-0.toml"
        file.write_text(earlier.read_text())
        first = step(_verb(corpus, "apply"))
        file.write_text(press.topic(0))
        searches = {
            "topic test": step(_verb(corpus, "test", "topic-0")),
            "plain search, folded text": step(spent((*_OURS, "search", str(place), "folded"))),
            "plain search, text as it is": step(spent((*_OURS, "search", str(place), "text"))),
        }
        changed = step(_verb(corpus, "apply"))
        shutil.rmtree(place)
        matched = {
            (topics, batch): step(spent((*_OURS, "match", str(topics), str(batch))))
            for topics in TOPICS
            for batch in BATCHES
        }
    screen.table(
        f"A changed topic over {articles} articles",
        ("", "s", "CPU s", "MB"),
        [
            *(_row(name, each) for name, each in searches.items()),
            _row("topic apply, the first version", first),
            _row("topic apply, the second", changed),
        ],
    )
    dry, folded, plain = searches.values()
    screen.figure(f"seconds for a dry run over {articles} articles", dry.wall, most=DRY_RUN)
    screen.ratio("the dry run, to a plain search of the folded text", dry.wall / folded.wall, most=1)
    screen.ratio("the dry run, to a plain search of the text as it is", dry.wall / plain.wall, most=1)
    costs = {key: json.loads(each.said) for key, each in matched.items()}
    screen.table(
        "Matching an article, ms of CPU",
        ("topics", *(f"{batch} at once" for batch in BATCHES), "folded before", "MB"),
        [
            (
                str(topics),
                *(f"{costs[topics, batch]['whole']:.2f}" for batch in BATCHES),
                f"{costs[topics, BATCHES[0]]['folded']:.2f}",
                f"{matched[topics, BATCHES[0]].peak / MB:.0f}",
            )
            for topics in TOPICS
        ],
    )
    for topics, most in ((1, ONE), (100, HUNDRED)):
        worst = max(costs[topics, batch]["whole"] for batch in BATCHES)
        screen.figure(f"ms of CPU an article at {topics} topics", worst, most=most)


def _verb(corpus: Corpus, verb: str, *words: str) -> Account:
    return spent((*VERB, "topic", verb, *words, "--corpus", str(corpus.folder), "--json"))


def _row(name: str, each: Account) -> tuple[str, ...]:
    return name, f"{each.wall:.1f}", f"{each.cpu:.1f}", f"{each.peak / MB:.0f}"


def search(folder: Path, where: str) -> None:
    """Every article searched for all terms of the topic by one regular expression, as one would without us."""
    corpus = Corpus(folder)
    topic = load_topic(folder / "topics" / "topic-0.toml")
    said = [norm(each.text) if where == "folded" else each.text.rstrip("*") for each in topic.terms]
    # A prefix goes on to the end of its word
    words = [
        re.escape(each) + (r"\w*" if term.text.endswith("*") else "")
        for each, term in zip(said, topic.terms, strict=True)
    ]
    sought = re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b", re.IGNORECASE)
    table = "articles_norm" if where == "folded" else "articles"
    found = 0
    with closing(database_to_look_in(corpus)) as db:
        for fields in db.conn.execute(f"SELECT title, standfirst, text FROM {table}"):
            found += any(sought.search(each or "") for each in fields)
    click.echo(found)


def match(count: int, batch: int) -> None:
    """Prints ms of CPU for an article, with its folding and without, the best of three rounds after a first."""
    press = Press()
    topics = [parse_topic(press.topic(n), f"topic-{n}.toml", f"topic-{n}") for n in range(count)]
    made = enumerate(press.articles(SAMPLE, max(TOPICS)))
    documents = [Document(str(n), None, *each[:1], None, *each[1:]) for n, each in made]
    ready = [
        Document(
            each.id,
            language=each.language,
            title=each.title,
            standfirst=each.standfirst,
            text=each.text,
            folded=(norm(each.title), norm(each.standfirst), norm(each.text)),
        )
        for each in documents
    ]
    costs = {}
    for name, articles in (("whole", documents), ("folded", ready)):
        rounds = []
        for _ in range(4):
            began = time.process_time()
            for at in range(0, SAMPLE, batch):
                for _found in meeting(topics, articles[at : at + batch]):
                    pass
            rounds.append((time.process_time() - began) * 1000 / SAMPLE)
        costs[name] = min(rounds[1:])
    click.echo(json.dumps(costs))


if __name__ == "__main__":
    if sys.argv[1] == "search":
        search(Path(sys.argv[2]), sys.argv[3])
    else:
        match(int(sys.argv[2]), int(sys.argv[3]))
