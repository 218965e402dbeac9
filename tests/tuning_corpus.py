"""A corpus for tuning a topic: invented articles on a ferry and on other things, recorded and read as by a crawl."""

from collections.abc import Sequence
from pathlib import Path

from archive.corpus import Corpus
from archive.custody import verify
from archive.model import Lead, Outcome
from archive.notes import Decision, LeadsNote
from archive.rebuild import rebuild
from archive.recovery import index_closed
from archive.times import stamp
from tests.verify_corpus import AT, SITE, Press, readers

TOPIC = """\
schema = 1
id = "ferry"
title = "The ferry of Amberlo"

[rule]
min_score = 4.0
prefilter = "summary"

[concepts.place]
fr = ["Amberlo", "delta"]

[concepts.event]
fr = ["bac", "naufrage*"]

[[exclude]]
concept = "place"
terms = ["marché d'Amberlo"]
"""
ARTICLES = {
    "/one": ("Le bac d'Amberlo", "Le bac d'Amberlo traverse encore. Le bac est lent."),
    "/two": ("Naufrages au delta", "Deux naufrages en un mois, et le delta attend un bac."),
    "/three": ("Une ville", "À Amberlo on attend le bac."),
    "/four": ("Un marché", "Le marché d'Amberlo ferme, le bac reste."),
    "/five": ("Du sport", "Rien que des buts et un arbitre."),
    "/six": ("Le temps", "Il pleut sur Amberlo."),
}
REFUSED = ("/refused-ferry", "Le passeur d'Amberlo"), ("/refused-soup", "La soupe de poisson")


def build(
    folder: Path, articles: dict[str, tuple[str, str]] = ARTICLES, refused: Sequence[tuple[str, str]] = REFUSED
) -> Corpus:
    """The corpus with its rows; `refused`: leads that were announced and not fetched."""
    (folder / "topics").mkdir(parents=True)
    (folder / "outlets").mkdir()
    (folder / "corpus.toml").write_text(
        'title = "A test"\ncontact = "https://archive.example/"\noutlets = ["a"]\n', encoding="utf-8"
    )
    (folder / "outlets" / "a.toml").write_text(
        f'name = "a"\ntitle = "A newspaper"\nhome = "{SITE}/"\nlanguages = ["fr"]\n'
        f'[[sources]]\nkind = "feed"\nurl = "{SITE}/feed"\n',
        encoding="utf-8",
    )
    corpus = Corpus(folder)
    write(corpus, TOPIC)
    press = Press(corpus, "20230804T120000Z-aaaa", AT)
    for path, (title, text) in articles.items():
        press.answer(path, f"{title}\n{text}".encode())
    press.tell(
        LeadsNote(
            press.run,
            stamp(AT) or "",
            tuple(
                Decision(
                    Lead(SITE + path, "a", f"{SITE}/feed", title=title),
                    Outcome.SKIPPED,
                    "announced with no word of the topic ferry (no_term_in_summary)",
                )
                for path, title in refused
            ),
        )
    )
    press.end()
    again(corpus)
    return corpus


def write(corpus: Corpus, topic: str, name: str = "ferry") -> Path:
    path = corpus.folder / "topics" / f"{name}.toml"
    path.write_text(topic, encoding="utf-8")
    return path


def again(corpus: Corpus) -> None:
    """A rebuild."""
    rebuild(corpus, readers(corpus))
    index_closed(corpus)


def proven(corpus: Corpus) -> list[str]:
    """What cannot be proven of the corpus."""
    return [f"{each.place}: {each.what}" for each in verify(corpus, readers(corpus)).findings if each.fault]


def decisions(corpus: Corpus, topic: str = "ferry") -> dict[str, str]:
    """What the topic in force says, by the path of the article's address. It rejects what has no row."""
    db = corpus.database()
    rows = db.execute(
        "SELECT url, coalesce(decision, 'reject') FROM articles JOIN topics LEFT JOIN matches"
        " ON articles.id = article_id AND topics.id = topic AND version = topic_version"
        " WHERE current = 1 AND topics.id = ?",
        [topic],
    ).fetchall()
    db.close()
    return {url.removeprefix(SITE): decision for url, decision in rows}


def article(corpus: Corpus, path: str) -> str:
    """The id of the article at that path."""
    db = corpus.database()
    row = db.execute("SELECT article_id FROM addresses WHERE url = ?", [SITE + path]).fetchone()
    db.close()
    return str(row[0])


def table(corpus: Corpus, sql: str) -> list[tuple[object, ...]]:
    db = corpus.database()
    rows = db.execute(sql).fetchall()
    db.close()
    return rows
