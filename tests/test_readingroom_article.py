"""The page of an article: its parts, its record, its versions, and how it is cited."""

import json
from collections.abc import Iterator

import pytest

from tests.readingroom_corpus import build
from tests.readingroom_visit import EDITED, WIRE, Ask, asking, page, words


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with asking(build(tmp_path_factory.mktemp("kolonda") / "corpus")) as asked:
        yield asked


def test_an_article_is_set_with_its_parts(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    sheet = document.cssselect("article.sheet")[0]
    assert sheet.get("lang") == "fr"
    assert words(sheet.cssselect("h1")[0]).endswith("(actualisé)")
    assert "les comptes de la ville basse" in words(sheet.cssselect(".standfirst")[0])
    assert "Mireille Imaginaire, Awa Fictive" in words(sheet.cssselect(".byline")[0])
    assert len(sheet.cssselect(".body p")) == 6
    assert [words(each) for each in sheet.cssselect(".body h2, .body blockquote")] == [
        "Ce qui reste",
        "Le pont attend.",
    ]
    assert "Jean Inventé / Agence du Fleuve / Images Imaginaires" in words(sheet)
    assert not document.cssselect("img")


def test_an_article_names_its_record(ask: Ask) -> None:
    article = ask(f"/article/{EDITED}.json").json()
    capture = article["capture"]
    margin = words(page(ask(f"/article/{EDITED}")).cssselect(".provenance")[0])
    assert capture["warc_file"] in margin
    assert f"offset {capture['warc_offset']:,}" in margin
    assert f"{capture['warc_length']:,} bytes" in margin
    assert capture["payload_sha256"] in margin
    assert "reserved, by the file" in margin
    assert "robots" in margin.lower()


def test_the_words_that_met_a_topic_are_marked_and_explained(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    marked = {mark.text: mark.get("title") for mark in document.cssselect(".sheet mark")}
    assert marked["péage"] == "bridge-2023: event, by the term “péage*”"
    assert "Kolonda" in marked
    assert "Why it is here" in words(document)
    searched = page(ask(f"/article/{EDITED}?q=délégation"))
    assert {mark.text.lower() for mark in searched.cssselect("mark.hit")} == {"délégation"}


def test_versions_and_copies_lead_to_each_other(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    assert f"/article/{EDITED}/diff?from=1&to=2" in [a.get("href") for a in document.cssselect(".versions a")]
    wire = page(ask(f"/article/{WIRE}"))
    copies = {a.get("href") for a in wire.cssselect(".kin a")}
    assert "/article/rivage-2023-08-02-a-kolonda-le-pont-ferme-sans-prevenir" in copies


def test_the_difference_is_by_word(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}/diff?from=1&to=2"))
    gone = [words(each) for each in document.cssselect(".sheet del")]
    new = [words(each) for each in document.cssselect(".sheet ins")]
    assert gone == ["midi", "tôt, faute de glace"]
    assert new == [
        "(actualisé)",
        "l’aube",
        "tard",
        "Ce qui reste",
        "Le pont attend.",
        "La délégation est repartie sans un mot.",
    ]
    assert ask(f"/article/{EDITED}/diff?from=1&to=9").status_code == 404
    assert ask(f"/article/{EDITED}/diff?from=one").status_code == 400


def test_a_paywalled_article_says_what_is_missing_and_why(ask: Ask) -> None:
    document = page(ask("/article/rivage-2023-09-20-les-plans-oublies-du-pont-de-kolonda"))
    assert "Behind a paywall. The page that was sent holds only a part" in words(document)
    assert "Pour lire la suite, abonnez-vous." in words(document)


def test_arabic_runs_from_right_to_left(ask: Ask) -> None:
    listed = ask("/search.json?q=الجسر").json()["articles"]
    assert [each["language"] for each in listed] == ["ar"]
    sheet = page(ask(f"/article/{listed[0]['id']}")).cssselect("article.sheet")[0]
    assert (sheet.get("lang"), sheet.get("dir")) == ("ar", "rtl")
    assert sheet.cssselect(".verdict")[0].get("dir") == "ltr"
    assert {"الجسر", "إغلاق"} <= {mark.text for mark in sheet.cssselect("mark")}


def test_an_attribution_gives_its_sentence(ask: Ask) -> None:
    document = page(ask("/article/meridian-2023-08-09-a-river-town-and-its-shut-bridge"))
    assert "Read more of this report from The Invented Times." in words(document.cssselect(".attributions")[0])


def test_citations_in_three_formats(ask: Ask) -> None:
    bibtex = ask(f"/article/{EDITED}.bib")
    assert bibtex.headers["content-type"].startswith("application/x-bibtex")
    assert bibtex.text.startswith(f"@article{{{EDITED},")
    assert "author = {Mireille Imaginaire and Awa Fictive}," in bibtex.text
    ris = ask(f"/article/{EDITED}.ris").text
    assert ris.startswith("TY  - NEWS\r\n")
    assert "DA  - 2023/08/04\r\n" in ris
    (item,) = json.loads(ask(f"/article/{EDITED}.csl").text)
    assert item["issued"] == {"date-parts": [[2023, 8, 4]]}
    assert item["container-title"] == "Le Rivage"
    undated = ask("/search.json?month=unknown").json()["articles"][0]["id"]
    assert "year" not in ask(f"/article/{undated}.bib").text
    assert "(n.d.)." in words(page(ask(f"/article/{undated}")))
