"""Where an article comes from, and what the pages of tables say, down to the record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.corpus import Corpus
from tests.readingroom_corpus import build
from tests.readingroom_visit import EDITED, Ask, asking, page, words


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("kolonda") / "corpus")


@pytest.fixture(scope="module")
def ask(corpus: Corpus) -> Iterator[Ask]:
    with asking(corpus) as asked:
        yield asked


def test_the_chain_goes_from_the_address_to_the_file(ask: Ask) -> None:
    article = ask(f"/article/{EDITED}.json").json()
    chain = words(page(ask(f"/article/{EDITED}")).cssselect(".provenance")[0])
    capture, warc = article["capture"], article["warc"]
    assert warc["file"] == capture["warc_file"]
    assert capture["record_id"] in chain
    assert (warc["sha256"] or "unknown: the file is still open") in chain
    assert "without a login" in chain
    assert "free to read, by 1 sign: json-ld: isAccessibleForFree: true, so free to read" in chain


def test_what_was_not_recorded_is_unknown(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    for table in ("rights", "evidence"):
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE captures SET session = NULL")
    db.execute("UPDATE articles SET access = 'unknown'")
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        chain = words(page(ask_it(f"/article/{EDITED}")).cssselect(".provenance")[0])
    assert "session unknown" in chain
    assert "unknown: the page bears no sign of it" in chain
    assert "unknown: nothing was recorded with this capture" in chain


def test_pictures_without_words_are_counted_not_listed(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    picture = "https://cdn.rivage.example/bac.jpg"
    db.execute("INSERT INTO images (article_id, position, url) VALUES (?, 1, ?)", [EDITED, picture])
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        pictures = page(ask_it(f"/article/{EDITED}")).cssselect(".pictures")[0]
    assert len(pictures.cssselect("li")) == 1
    assert "1 picture without caption or credit." in words(pictures)


def test_days_outside_the_window_are_one_reason(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    for day in range(1, 10):
        reason = f"of 2022-05-0{day}, outside the window 2023-01-01 to 2023-12-31"
        row = {"url": f"https://rivage.example/{day}", "outlet": "rivage", "kind": "article", "reason": reason}
        db.table("leads").insert({**row, "outcome": "skipped", "found_at": f"2023-09-0{day}T00:00:00Z"})
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        document = page(ask_it("/outlet/rivage"))
    assert "outside the window 2023-01-01 to 2023-12-31 9" in [words(li) for li in document.cssselect(".reasons li")]
    assert "The 12 found last of 13" in words(document)


def test_words_that_were_met_are_those_of_articles_on_topic(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    with asking(corpus) as ask_it:
        assert "péage*" in words(page(ask_it("/topic/bridge-2023")).cssselect("[aria-labelledby=terms]")[0])
    db = corpus.database()
    db.execute("UPDATE matches SET decision = 'reject'")
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        assert "No word yet." in words(page(ask_it("/topic/bridge-2023")).cssselect("[aria-labelledby=terms]")[0])


def test_a_row_says_what_each_column_holds_and_leads_to_its_page(ask: Ask) -> None:
    document = page(ask(f"/corpus/articles/{EDITED}"))
    rows = {words(row.cssselect("th code")[0]): row for row in document.cssselect(".record-row tr")}
    assert "Permanent and readable" in words(rows["id"])
    assert rows["id"].cssselect(f"td a[href='/article/{EDITED}']")
    (to_replay,) = rows["capture_id"].cssselect("td a")
    capture = page(ask(f"/corpus/captures/{to_replay.get('href').rpartition('/')[2]}"))
    assert capture.cssselect(f"td.col-id a[href='{to_replay.get('href')}']")


def test_every_field_of_a_table_s_filters_has_a_name(ask: Ask) -> None:
    document = page(ask("/corpus/leads?outcome=skipped"))
    fields = document.cssselect("form.filters select, form.filters input[type=text]")
    assert len(fields) >= 6
    assert all(field.get("aria-label") for field in fields)
    assert not document.cssselect("[style]")


def test_a_table_asked_for_a_column_it_has_not_is_the_reader_s_error(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    document = page(ask("/corpus/articles?_sort=nothing"), status=400)
    assert "Cannot sort table by nothing" in words(document)
    assert "Traceback" not in "".join(capsys.readouterr())


def test_few_months_keep_their_labels_on_a_telephone(ask: Ask) -> None:
    labels = page(ask("/search?q=pont&since=2023-06-01&until=2023-11-30")).cssselect(".chart text.across")
    assert labels
    assert not [each for each in labels if "minor" in each.get("class").split()]


def test_what_a_text_is_worth_and_what_else_the_page_gives_is_told(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    db.execute("UPDATE articles SET body_quality = 'doubtful' WHERE id = ?", [EDITED])
    for table, values in (
        ("quality", {"where": "json-ld wordCount", "says": "400 words, 120 read", "verdict": "doubtful"}),
        ("drift", {"field": "blocks", "says": "the outlet's selector gave nothing"}),
        ("embeds", {"kind": "video", "url": "https://video.example/1", "title": "The <b>ferry</b>", "block": 1}),
        ("candidates", {"field": "title", "reader": "meta", "where": "og:title", "raw": "A <script> title"}),
    ):
        db.table(table).insert({"article_id": EDITED, "position": 0, **values})
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        document = page(ask_it(f"/article/{EDITED}"))
        data = ask_it(f"/article/{EDITED}.json").json()
    chain = words(document.cssselect(".provenance")[0])
    assert "doubtful, by 1 sign: json-ld wordCount: 400 words, 120 read, so doubtful" in chain
    assert "blocks: the outlet's selector gave nothing" in chain
    assert "video: The <b>ferry</b>" in chain
    assert "A <script> title (og:title)" in chain
    assert not document.cssselect(".provenance script, .provenance b")
    assert (data["candidates"][0]["where"], data["embeds"][0]["kind"]) == ("og:title", "video")
