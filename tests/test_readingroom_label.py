"""A topic's sample judged in the reading room: one article at a time, kept at once and once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html

from archive.corpus import Corpus
from archive.readingroom.desk import Judge
from archive.readingroom.serve import room
from archive.topics import load_topic
from archive.tuning.sample import draw, strata_of
from archive.tuning.verdicts import report
from crawler.clock import utc_now
from tests.command_line import run
from tests.readingroom_browser import seen_in_browser
from tests.readingroom_desk import Visitor, at_the_desk, form_of
from tests.readingroom_visit import words
from tests.tuning_corpus import TOPIC, again, article, build, decisions, proven, table, write
from tests.verify_corpus import SITE, copied

PAGE = "/topic/ferry/label"
MATCHED = {"/one": "match", "/two": "match", "/three": "maybe", "/four": "reject", "/five": "reject", "/six": "reject"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("label") / "c")


@pytest.fixture
def corpus(whole: Corpus, tmp_path: Path) -> Corpus:
    return copied(whole, tmp_path / "c")


@pytest.fixture
def me(corpus: Corpus) -> Iterator[Visitor]:
    with at_the_desk(corpus) as visitor:
        yield visitor


def shown(document: html.HtmlElement) -> str:
    """The id of the article that is asked about."""
    return str(form_of(document, "yes")[1]["article"])


def said(corpus: Corpus) -> list[tuple[str, str]]:
    lines = [line.values for line in corpus.journal.lines() if line.kind == "label"]
    return [(line["article"], line["verdict"]) for line in lines]


def text(document: html.HtmlElement) -> str:
    return words(document.cssselect("main")[0])


def test_the_sample_is_that_of_the_terminal_and_each_verdict_is_kept_at_once(corpus: Corpus, me: Visitor) -> None:
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    with closing(corpus.database()) as db:
        drawn = draw(strata_of(db.conn, topic), 60)
    document = me.open(PAGE)
    for at, each in enumerate(drawn):
        assert shown(document) == each.article_id
        assert f"{at} of 6 judged" in text(document)
        for hint in ("score", "matcher", "stratum", "taken", "rejected"):
            assert hint not in text(document)
        document = me.press(document, ("yes", "no", "unsure")[at % 3])
        line = [line.values for line in corpus.journal.lines()][-1]
        assert (line["article"], line["by"], line["stratum"], line["weight"], line["topic_version"]) == (
            each.article_id,
            "me",
            each.stratum,
            each.weight,
            topic.version,
        )
    assert "All 6 are judged." in text(document)
    with closing(corpus.database()) as db:
        due = report(db, topic, strata_of(db.conn, topic))
    assert due.estimate.precision is not None
    assert f"Precision{due.estimate.precision.value:.2f} with 95 % confidence" in text(document)
    rows = [[words(cell) for cell in line] for line in document.cssselect("table.strata tbody tr")]
    assert [row[1:] for row in rows] == [
        [str(size), str(due.judged[name, "yes"]), str(due.judged[name, "no"])] for name, size in due.sizes.items()
    ]
    assert proven(corpus) == []


def test_a_verdict_decides_and_undo_gives_the_word_back_to_the_matcher(corpus: Corpus, me: Visitor) -> None:
    before = table(corpus, "SELECT name, key, value FROM stats ORDER BY 1, 2")
    one = article(corpus, "/one")
    document = me.press(me.open(f"{PAGE}?article={one}"), "no")
    assert decisions(corpus) == {**MATCHED, "/one": "reject"}
    assert table(corpus, "SELECT name, key, value FROM stats ORDER BY 1, 2") != before
    assert "Last: no for" in text(document)
    form = form_of(document, "withdrawn")
    document = me.led(me.post(*form))
    assert shown(document) == one
    assert decisions(corpus) == MATCHED
    assert table(corpus, "SELECT name, key, value FROM stats ORDER BY 1, 2") == before
    assert table(corpus, "SELECT * FROM labels") == []
    me.led(me.post(*form))
    assert said(corpus) == [(one, "no"), (one, "withdrawn")]
    again(corpus)
    assert decisions(corpus) == MATCHED
    assert proven(corpus) == []


def test_twice_two_windows_and_the_back_button_are_one_verdict(corpus: Corpus, me: Visitor) -> None:
    first, second = me.open(PAGE), me.open(PAGE)
    one = shown(first)
    following = shown(me.press(first, "yes"))
    assert shown(me.press(first, "yes")) == following
    assert shown(me.press(second, "yes")) == following
    assert said(corpus) == [(one, "yes")]
    document = me.press(second, "no")  # the other window does not know what was said in this one
    assert said(corpus) == [(one, "yes")]
    assert "has been judged meanwhile: yes" in text(document)
    me.press(document, "no")
    assert said(corpus) == [(one, "yes"), (one, "no")]


def test_skipped_articles_wait_until_the_rest_is_done(me: Visitor) -> None:
    document = me.open(PAGE)
    one = shown(document)
    for _ in range(6):
        (skip,) = document.cssselect("a[data-key=s]")
        document = me.open(skip.get("href"))
    assert "0 of 6 judged" in text(document)
    (left,) = document.cssselect("a[data-key=s]")
    assert shown(me.open(left.get("href"))) == one


def test_a_room_only_reads_unless_it_is_told_who_judges(corpus: Corpus) -> None:
    with at_the_desk(corpus) as me:
        form = form_of(me.open(PAGE), "yes")
    with at_the_desk(corpus, None) as other:
        document = other.open(PAGE)
        assert "hemeroteca serve --label NAME" in text(document)
        assert "How good the topic is" in text(document)
        assert not document.cssselect("form[method=post], script")
        answer = other.post(*form)
        assert (answer.status_code, "Nobody judges in this room" in answer.text) == (403, True)
    assert said(corpus) == []


def test_nobody_judges_in_a_room_that_others_can_reach(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("10.0.0.1", "192.0.2.7", "::", "archive.example"):
        code, _, err = run(capsys, "serve", "--corpus", corpus.folder, "--host", host, "--label", "me")
        assert (code, f"whoever reaches {host} could judge in the name of me" in err) == (2, True)
    code, _, err = run(capsys, "serve", "--corpus", corpus.folder, "--label", " ")
    assert (code, "--label needs the name" in err) == (2, True)


def test_under_the_name_of_a_proxy_the_room_only_reads(corpus: Corpus) -> None:
    with at_the_desk(corpus, names=("archive.example",)) as me:
        form = form_of(me.open(PAGE), "yes")
        document = html.document_fromstring(me.get(PAGE, Host="archive.example").text)
        assert not document.cssselect("form[method=post], script")
        assert "ask for this room by its address on its own machine" in text(document)
        sent = {"Host": "archive.example", "Origin": "http://archive.example"}
        assert me.post(*form, **sent).status_code == 403
    assert said(corpus) == []


def test_no_page_of_another_site_can_judge(corpus: Corpus, me: Visitor) -> None:
    path, fields = form_of(me.open(PAGE), "yes")
    without = {name: value for name, value in fields.items() if name != "csrftoken"}
    for sent, headers in (
        (fields, {"Origin": "https://evil.example"}),
        (fields, {"Origin": "http://127.0.0.1:9000"}),
        (fields, {"Origin": "http://localhost:8001"}),
        (fields, {"Origin": "null"}),
        (fields, {"Origin": ""}),
        (fields, {"Host": "evil.example", "Origin": "http://evil.example"}),
        (fields, {"Host": "192.0.2.7:8001", "Origin": "http://192.0.2.7:8001"}),
        (without, {}),
        (without, {"Cookie": ""}),
        (fields, {"Cookie": "ds_csrftoken=other"}),
        (without, {"Authorization": "Bearer x"}),
        ({**fields, "csrftoken": "x"}, {"Authorization": "Bearer x"}),
        (fields, {"Content-Type": "application/json"}),
        ({**fields, "verdict": "perhaps"}, {}),
    ):
        assert me.post(path, sent, **headers).status_code in (403, 421), (sent, headers)
    assert me.get(f"{PAGE}?verdict=yes&article={fields['article']}&csrftoken={fields['csrftoken']}").status_code == 200
    assert said(corpus) == []
    assert me.post(path, {**fields, "article": "nobody"}).status_code == 404
    assert said(corpus) == []
    assert me.post(path, fields).status_code == 303


def test_the_page_runs_no_script_but_the_rooms_own(me: Visitor) -> None:
    answer = me.get(PAGE)
    (script,) = html.document_fromstring(answer.text).iter("script")
    assert (script.get("src"), script.text) == ("/room/keys.js", None)
    policy = answer.headers["content-security-policy"]
    assert f"script-src 'nonce-{script.get('nonce')}'" in policy
    assert "unsafe" not in policy
    assert script.get("nonce") != me.open(PAGE).cssselect("script")[0].get("nonce")
    assert "no-store" in answer.headers["cache-control"]
    # Under no-referrer browsers would not say where the form comes from
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "script-src" not in me.get("/topic/ferry").headers["content-security-policy"]


def test_a_verdict_waits_for_its_rows_where_another_process_writes(corpus: Corpus, me: Visitor) -> None:
    document = me.open(PAGE)
    with closing(sqlite3.connect(corpus.database_file)) as crawl:
        crawl.execute("BEGIN IMMEDIATE")
        document = me.press(document, "yes")
        assert len(said(corpus)) == 1
        assert "1 of 6 judged" in text(document)
        assert "1 verdict is safe in the journal and not in the tables yet" in text(document)
        document = me.press(document, "withdrawn")
        assert "0 of 6 judged" in text(document)
        document = me.press(document, "no")
        assert "3 verdicts are safe" in text(document)
    assert table(corpus, "SELECT verdict FROM labels") == []
    assert proven(corpus) == []
    document = me.press(document, "yes")
    assert "safe in the journal" not in text(document)
    assert table(corpus, "SELECT verdict FROM labels ORDER BY entry") == [("no",), ("yes",)]
    assert proven(corpus) == []


def test_a_journal_that_cannot_be_written_is_a_sentence(corpus: Corpus, me: Visitor) -> None:
    form = form_of(me.open(PAGE), "yes")
    corpus.journal.path.rename(corpus.folder / "away")
    corpus.journal.path.mkdir()
    answer = me.post(*form)
    assert answer.status_code == 503
    assert "journal.jsonl cannot be used" in answer.text
    assert str(corpus.folder) not in answer.text
    assert decisions(corpus) == MATCHED


def test_a_topic_file_that_cannot_be_used_is_told_and_the_figures_stay(corpus: Corpus, me: Visitor) -> None:
    form = form_of(me.open(PAGE), "yes")
    path = write(corpus, TOPIC.replace("min_score = 4.0", "min_score = 'many'"))
    document = me.open(PAGE)
    alert = words(document.cssselect("[role=alert]")[0])
    assert alert.startswith("Nothing can be judged: topics/ferry.toml:6: ")
    assert "How good the topic is" in text(document)
    assert not document.cssselect("form[method=post]")
    assert me.post(*form).status_code == 503
    path.unlink()
    assert "put topics/ferry.toml back" in words(me.open(PAGE).cssselect("[role=alert]")[0])
    write(corpus, TOPIC.replace('"ferry"', '"boat"').replace("4.0", "'many'"), "boat")
    assert me.get("/topic/boat/label").status_code == 400
    assert me.get("/topic/nothing/label").status_code == 404
    assert said(corpus) == []


def test_a_changed_topic_file_is_judged_as_it_is_now(corpus: Corpus, me: Visitor) -> None:
    changed = load_topic(write(corpus, TOPIC.replace("4.0", "1.0")))
    document = me.open(PAGE)
    assert "hemeroteca topic apply ferry" in text(document)
    me.press(document, "yes")
    assert table(corpus, "SELECT topic_version FROM labels") == [(changed.version,)]


def test_a_topic_that_never_came_into_force_can_be_judged(corpus: Corpus, me: Visitor) -> None:
    write(corpus, TOPIC.replace('"ferry"', '"boat"'), "boat")
    document = me.open("/topic/boat/label")
    assert "The topic is not in force yet." in text(document)
    me.press(document, "yes")
    assert table(corpus, "SELECT topic, verdict FROM labels") == [("boat", "yes")]
    assert decisions(corpus) == MATCHED


def test_a_topic_that_lets_no_article_in_has_nothing_to_judge(corpus: Corpus, me: Visitor) -> None:
    write(corpus, TOPIC + "\n[window]\nfrom = 1990-01-01\nto = 1990-12-31\n[outlets]\ninclude = ['b']\n")
    document = me.open(PAGE)
    assert "There is no article to judge" in text(document)
    assert "Precisionunknown" in text(document)


def test_long_and_turned_texts_stay_in_their_place(corpus: Corpus, me: Visitor) -> None:
    with closing(corpus.database()) as db:
        db.execute(
            "UPDATE articles SET title = ?, standfirst = ?, text = ?, language = 'ar' WHERE url = ?",
            ["bac " + "mot " * 250_000, "\u202eegnaro " * 9000, "Amberlo " * 100 + "mot " * 199_800, SITE + "/one"],
        )
    answer = me.get(f"{PAGE}?article={article(corpus, '/one')}")
    document = html.document_fromstring(answer.text)
    (candidate,) = document.cssselect("article.candidate")
    assert (candidate.get("lang"), candidate.get("dir")) == ("ar", "rtl")
    assert "\u202e" not in answer.text
    assert len(answer.content) < 300_000
    assert "first 20,000 of 800,000 characters" in text(document)


def test_the_page_has_a_name_for_everything_that_is_pressed(corpus: Corpus, me: Visitor) -> None:
    document = me.press(me.open(PAGE), "yes")
    assert [each.tag for each in document.cssselect("main :is(h1, h2, h3, h4)")] == ["h1", "h2", "h3"]
    assert document.cssselect("fieldset > legend")
    for each in document.cssselect("main button, main a"):
        assert words(each), html.tostring(each)
    for each in document.cssselect("progress, svg[role=img], [role=region]"):
        assert each.get("aria-label")
    assert {each.get("data-key") for each in document.cssselect("[data-key]")} == {"y", "n", "?", "s", "u"}


@pytest.mark.browser
def test_the_keys_work_in_a_real_browser(corpus: Corpus, tmp_path: Path) -> None:
    datasette = room(corpus, judge=Judge("me", utc_now))
    (document,) = seen_in_browser(datasette.app(), [PAGE], tmp_path)
    (keys,) = document.cssselect("p.keys")
    assert keys.get("hidden") is None  # the script shows it
    for database in datasette.databases.values():
        database.close()
