"""The report on a topic finds what was planted in a made-up corpus: a word that misleads, one that is missing, the
min_score that parts, and the length that misleads.
"""

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive.corpus import Corpus
from crawler.cli import main
from tests.command_line import run
from tests.tuning_corpus import build, write
from tests.verify_corpus import SITE

# "traversier" is missing in it; "pont" misleads, since the market has a bridge; "au" is written as an English one
TOPIC = """\
schema = 1
id = "ferry"
title = "Ferries"

[rule]
min_score = 2.0

[concepts.ferry]
fr = ["bac", "passeur*", "embarcadère", "pont"]
en = ["au"]
"""
FILLING = (
    "Les habitants de la vallée en parlent depuis longtemps.",
    "Le maire promet une réponse avant la fin du mois.",
    "Une réunion se tient samedi dans la salle des fêtes.",
    "Selon un témoin, rien de tel ne se passait autrefois.",
    "On attend la pluie pour la semaine prochaine.",
)
FERRY = ("Le bac attend.", "Le passeur attend.", "On attend à l'embarcadère.", "Une réunion sur le bac.")
MISSED = ("Le traversier attend.", "Selon un témoin, le traversier attend.", "On parle du traversier.")
OTHERS = {
    "market": ("Le marché du pont ouvre.", "Les étals du pont débordent.", "Le pont du marché ferme tôt."),
    "sport": ("Le gardien arrête le ballon.", "Un bac à sable borde le stade.", "L'arbitre siffle la fin."),
    "weather": ("Il pleut sur les collines.", "Le vent tourne au nord.", "La neige tient sur les cols."),
}


def made() -> tuple[dict[str, tuple[str, str]], set[str]]:
    """The articles by their path, and the paths of those on ferries."""
    chance = Random(5)  # noqa: S311 (a made-up corpus)
    articles: dict[str, tuple[str, str]] = {}
    right: set[str] = set()

    def add(kind: str, number: int, *telling: str) -> str:
        path = f"/{kind}-{number}"
        articles[path] = (f"Numéro {len(articles)}", "\n".join((*telling, *chance.sample(FILLING, 3))))
        return path

    for number in range(30):
        right.add(add("ferry", number, *chance.sample(FERRY, 3), *(MISSED[:1] if number % 2 else [])))
    for number in range(12):
        right.add(add("late", number, *chance.sample(MISSED, 2), FERRY[0]))
    for kind, sentences in OTHERS.items():
        for number in range(30):
            add(kind, number, *chance.sample(sentences, 2))
    return articles, right


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    articles, right = made()
    return _judged(tmp_path_factory.mktemp("advice") / "c", articles, right)


def _judged(folder: Path, articles: dict[str, tuple[str, str]], right: set[str], topic: str = TOPIC) -> Corpus:
    """The corpus with sixty verdicts, taken by the loop's own sample."""
    corpus = build(folder, articles, ())
    write(corpus, topic)
    sheet = folder.parent / "sheet.csv"
    _silent("topic", "label", "ferry", "-n", "60", "--sample", sheet, "--corpus", folder)
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        for row in rows:
            table.writerow({**row, "verdict": "yes" if row["url"].removeprefix(SITE) in right else "no"})
    _silent("topic", "label", "ferry", "--from", sheet, "--by", "me", "--corpus", folder)
    return corpus


def _silent(*words: object) -> None:
    with pytest.raises(SystemExit) as ending:
        main([str(word) for word in words])
    assert not ending.value.code


def report(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()  # what was said when the corpus was made
    code, out, _ = run(capsys, "topic", "label", "ferry", "--report", "--json", "--corpus", corpus.folder)
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_what_was_planted_comes_first(judged: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    write(judged, TOPIC)
    found = report(judged, capsys)
    advice = found["advice"]
    first, *others = advice["terms"]
    assert first["term"] == "pont"
    assert first["yes"] == 0 < first["no"]
    assert first["f1_without"] > max(found["f1"], *(each["f1_without"] for each in others))
    assert advice["candidates"][0]["words"] == "traversier"
    assert advice["candidates"][0]["missed"] > 0
    assert {each["language"] for each in advice["languages"]} == {"fr"}
    strays = {each["term"]: each["strays_in_other_languages"] for each in advice["terms"]}
    assert strays["au"] > strays["pont"] == 0
    assert any("pont" in each["terms"] for each in advice["mistakes"] if not each["missed"])
    assert all("bac" in each["terms"] for each in advice["mistakes"] if each["missed"])
    code, out, _ = run(capsys, "topic", "label", "ferry", "--report", "--corpus", judged.folder)
    assert code == 0
    for said in ("terms that mislead", "words that may be missing terms", "taken and judged no", "traversier"):
        assert said in out


def test_what_it_advises_makes_the_topic_right(judged: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    write(judged, TOPIC)
    before = report(judged, capsys)
    mended = TOPIC.replace('"pont"', '"traversier"').replace('en = ["au"]\n', "").replace("2.0", "1.0")
    write(judged, mended)
    low = report(judged, capsys)
    # An article on ferries has three mentions at least; the sandpit by the stadium is one
    assert low["best"]["min_score"] == 3.0
    assert low["now"]["f1"] < low["best"]["f1"] == 1.0
    write(judged, mended.replace("1.0", "3.0"))
    after = report(judged, capsys)
    assert before["f1"] < 0.8
    assert (before["advice"]["judged"], before["advice"]["judged_on_another_version"]) == (60, 0)
    assert after["advice"]["judged_on_another_version"] == 60
    assert after["best"] == after["now"] == low["best"]
    assert after["f1"] == 1.0
    assert after["advice"]["mistakes"] == []


def test_where_long_articles_mislead_the_length_is_advised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = {
        f"/short-{n}": (f"Numéro {n}", " ".join(("Le bac attend.", "Le passeur aussi.", FILLING[n % 5])))
        for n in range(20)
    }
    weeks = " ".join(FILLING[n % 5] for n in range(90))
    long = {f"/long-{n}": (f"La semaine {n}", f"Le bac. {weeks} Le passeur. Un bac.") for n in range(20)}
    topic = TOPIC.replace('en = ["au"]\n', "")
    corpus = _judged(tmp_path / "c", short | long, set(short), topic)
    found = report(corpus, capsys)
    assert found["best"]["f1"] < 0.7
    setting = found["advice"]["setting"]
    assert setting["weights"]["per_words"] == 500
    assert setting["best"]["f1"] == 1.0
    assert setting["now"]["f1"] == found["best"]["f1"]
    code, out, _ = run(capsys, "topic", "label", "ferry", "--report", "--corpus", corpus.folder)
    assert code == 0
    assert "per_words = 500" in out
    least = f"{setting['best']['min_score']:g}"
    write(corpus, topic.replace("2.0", least) + "\n[score]\nper_words = 500\n")
    after = report(corpus, capsys)
    assert (after["f1"], after["advice"]["setting"], after["advice"]["mistakes"]) == (1.0, None, [])


def test_a_corpus_of_which_nothing_was_judged_gets_no_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = build(tmp_path / "c")
    found = report(corpus, capsys)
    assert found["advice"] is None
    code, out, _ = run(capsys, "topic", "label", "ferry", "--report", "--corpus", corpus.folder)
    assert code == 0
    assert "may be missing" not in out
