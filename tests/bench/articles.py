"""A corpus of made-up articles and topics, in five languages: rows as a crawl leaves them, without records behind them.

Words are syllables put together; how often each occurs falls as in a language (Zipf). Each topic has names of its own
and events that it shares with others, written into a share of the articles.
"""

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from archive.corpus import Corpus
from archive.norm import norm
from archive.schema import open_database
from crawler.verbs.init import make

LANGUAGES = {  # syllables
    "fr": ["bar", "con", "dé", "lan", "mi", "ré", "tion", "ver", "ment", "sou", "pré", "gou", "che", "nal", "être"],
    "en": ["ing", "ter", "pol", "con", "dra", "sta", "men", "ber", "wor", "lin", "hap", "ket", "shu", "ed", "ough"],
    "ar": ["با", "تر", "سي", "كم", "لو", "مد", "نا", "ها", "وق", "شر", "عم", "في", "جد", "حن", "طا"],
    "tr": ["lar", "dır", "yön", "şe", "mak", "ün", "göl", "çi", "ba", "ka", "der", "ıl", "iş", "oğ", "ev"],
    "ha": ["ƙas", "mut", "ɗan", "ta", "ruw", "gid", "kuma", "wan", "sar", "ki", "yan", "ɓar", "jan", "ma", "ne"],
}
VOCABULARY, SENTENCES = 20_000, 4_000  # of each language
SHORT, LONG = 200, 1_500  # words of an article
SHARE, OTHERS = 0.02, 0.002  # of the articles are on the first topic, and on each of the others
_BATCH = 1_000


class Language:
    """Sentences of one language, made once: articles are put together from them."""

    def __init__(self, name: str, syllables: list[str], chance: random.Random) -> None:
        self.name = name
        self.words = _words(syllables, VOCABULARY, chance)
        weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
        self.sentences = [
            " ".join(chance.choices(self.words, cum_weights=weights, k=chance.randint(8, 28))).capitalize() + "."
            for _ in range(SENTENCES)
        ]


class Press:
    """All languages, and what topics look for."""

    def __init__(self, seed: int = 1) -> None:
        chance = random.Random(seed)  # noqa: S311 (invented text, no secret)
        self.languages = [Language(name, syllables, chance) for name, syllables in LANGUAGES.items()]

    def names(self, number: int) -> list[list[str]]:
        """By language the names that only topic `number` looks for."""
        chance = random.Random(f"names {number}")  # noqa: S311 (as above)
        return [
            [name.capitalize(), f"{chance.choice(each.words[:500])} {name[:-1]}"]
            for each in self.languages
            for name in [f"{chance.choice(each.words[300:])}{''.join(chance.choices(LANGUAGES[each.name], k=2))}"]
        ]

    def events(self, number: int) -> list[list[str]]:
        """By language the words for what happened, which occur in other articles too."""
        chance = random.Random(f"events {number}")  # noqa: S311 (as above)
        return [
            [*chance.sample(each.words[400:2_000], 3), f"{chance.choice(each.words[2_000:])[:-1]}*"]
            for each in self.languages
        ]

    def topic(self, number: int, *, less: bool = False) -> str:
        """The topic file; `less`: as it was before some words were added and the least score was lowered."""
        names, events = self.names(number), self.events(number)
        if less:
            names, events = [each[:1] for each in names], [each[:2] for each in events]
        lines = [
            f'schema = 1\nid = "topic-{number}"\ntitle = "Topic {number}"',
            f"[window]\nfrom = 2015-01-01\n[rule]\nmin_score = {4.0 if less else 3.0}",
        ]
        for concept, terms in (("place", names), ("event", events)):
            lines.append(f"[concepts.{concept}]")
            lines += [
                f"{each.name} = [{', '.join(repr(word).replace(chr(39), chr(34)) for word in words)}]"
                for each, words in zip(self.languages, terms, strict=True)
            ]
        masked = names[0][0]
        lines.append(f'[[exclude]]\nconcept = "place"\nterms = ["delta {masked}", "{masked} river"]')
        return "\n".join(lines) + "\n"

    def articles(self, count: int, topics: int, seed: int = 2) -> Iterator[tuple[str, str, str, str]]:
        """So many articles: language, title, standfirst, text."""
        chance = random.Random(seed)  # noqa: S311 (as above)
        places = [self.names(number) for number in range(topics)]
        events = [self.events(number) for number in range(topics)]
        for _ in range(count):
            at = chance.randrange(len(self.languages))
            each = self.languages[at]
            wanted = round(chance.triangular(SHORT, LONG, 450))
            sentences = chance.choices(each.sentences, k=wanted // 18)
            on = [0] if chance.random() < SHARE else []
            on += [
                chance.randrange(1, topics) for _ in range(3 * topics) if topics > 1 and chance.random() < OTHERS / 3
            ]
            for number in on:
                for _ in range(chance.randint(2, 9)):
                    said = [*chance.sample(places[number][at], 1), chance.choice(events[number][at]).rstrip("*")]
                    sentences.insert(chance.randrange(len(sentences)), " ".join([*said, *chance.sample(each.words, 9)]))
            title, standfirst = " ".join(sentences[0].split()[:9]), sentences[1]
            yield each.name, title, standfirst, "\n\n".join(" ".join(sentences[n : n + 4]) for n in range(2, wanted, 4))


def _words(syllables: list[str], count: int, chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    for rank in range(count * 4):
        if len(found) == count:
            break
        length = 1 if rank < 15 else 2 if rank < 200 else chance.choice((3, 3, 4, 5))
        found["".join(chance.choices(syllables, k=length))] = None
    return list(found)


def fill(folder: Path, press: Press, articles: int, topics: int) -> Corpus:
    """A new corpus with so many articles; its topic files are still to be written."""
    make(folder, contact="https://archive.example/", title="Benchmark", outlets=(), topic=False)
    corpus = Corpus(folder)
    db = open_database(str(corpus.database_file))
    rows: list[tuple[object, ...]] = []
    made = enumerate(press.articles(articles, topics))

    def put() -> None:
        with db.atomic():
            db.conn.executemany(
                "INSERT INTO articles (id, outlet, url, title, standfirst, text, language, published_at, kept, access,"
                " complete, outcome, first_seen, last_seen, revision_count, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?,"
                " ?, 0, 'free', 'yes', 'ok', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 1, ?)",
                [row[:9] for row in rows],
            )
            db.conn.executemany(
                "INSERT INTO articles_norm (article_id, title, standfirst, text) VALUES (?, ?, ?, ?)",
                [(row[0], *map(norm, row[3:6])) for row in rows],  # type: ignore[arg-type]
            )
        rows.clear()

    for number, (language, title, standfirst, text) in made:
        name = f"{2014 + number % 11}-{norm(title).replace(' ', '-')[:60]}-{number}"
        day = f"{2014 + number % 11}-{1 + number % 12:02}-{1 + number % 28:02}T08:00:00Z"
        outlet = f"paper-{number % 40}"
        url = f"https://{outlet}.example/{name}"
        rows.append((name, outlet, url, title, standfirst, text, language, day, f"c{number}"))
        if len(rows) == _BATCH:
            put()
    put()
    db.close()
    return corpus
