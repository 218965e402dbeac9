"""Logins at newspapers of every temper, all in one crawl: what is sent where, how often, and what is said of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from archive.corpus import Corpus
from tests.listening_site import run
from tests.secrets_search import SECRETS, forms
from tests.subscribers_paper import (
    MENU,
    PASSWORD,
    USER,
    Answer,
    Asked,
    Paper,
    Subscription,
    corpus_with,
    crawled,
    environment,
    outcomes,
    paper,
)

FOUR = ("/story/1", "/story/2", "/story/3", "/story/4")
TWO = FOUR[:2]
TOKEN = f"Bearer {SECRETS['TOKEN']}"


@dataclass
class Done:
    """After the crawl."""

    corpus: Corpus
    papers: dict[str, Paper]
    elsewhere: Paper
    environment: dict[str, str]
    said: dict[str, Any]

    def posts(self, name: str) -> int:
        return len(self.papers[name].paths("POST"))


def of_header(asked: Asked) -> Answer:
    shown = MENU if asked.headers.get("Authorization") == TOKEN else ""
    return Answer(
        f"<html><body>{shown}<h1>A</h1><p>{'Words of an article that is long enough. ' * 20}</p></body></html>"
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with ExitStack() as opened:
        elsewhere = opened.enter_context(paper())

        def made(paths: tuple[str, ...] = TWO, *, lives: int | None = None, **more: Any) -> Subscription:
            each = Subscription(opened.enter_context(paper()), paths, **more)
            each.paper.lives = lives
            return each

        outlets = {
            "whole": made(("/story/1", "/logout", "/private/2", "/away", "/story/3"), lives=50),
            "ends": made(("/story/1", "/story/2", "/story/3", "/story/4", "/story/5"), lives=2),
            "wrong": made(values={"USER": USER, "PASSWORD": "another word"}),
            "two_forms": made(login='[login]\npage = "{home}/login"\ncheck = ".account"\n'),
            "away": made(),
            "sent_on": made(),
            "captcha": made(),
            "scripted": made(),
            "robots": made(),
            "busy": made(),
            "bare": made(("/story/1", "/plain", "/story/2")),
            "cookie": made(
                login='[login]\nkind = "cookie"\ncheck = ".account"\n', values={"COOKIE": "PAPERSESS=c00kie77aa; a=b"}
            ),
            "header": made(
                ("/api/1",), login='[login]\nkind = "header"\n', values={"HEADER": f"Authorization: {TOKEN}"}
            ),
            "half": made(values={"USER": USER}),
            "renamed": made(),
            "unchecked": made(login='[login]\npage = "{home}/login"\nform = "form#login"\n', lives=1),
        }
        papers = {name: each.paper for name, each in outlets.items()}
        papers["whole"].pages["/away"] = lambda _: Answer(
            status=302, headers=(("Location", f"{elsewhere.home}/story/9"),)
        )
        form = Paper.form
        register = '<form id="new" method="post"><input name="email"><input type="password" name="password"></form>'
        papers["two_forms"].pages["/login"] = lambda _: Answer(
            str(form(papers["two_forms"]).body).replace("<script>", f"{register}<script>")
        )
        papers["away"].pages["/login"] = lambda _: Answer(
            str(form(papers["away"]).body).replace('action="/login_check"', f'action="{elsewhere.home}/login_check"')
        )
        papers["sent_on"].pages["/login_check"] = lambda _: Answer(
            status=307, headers=(("Location", f"{elsewhere.home}/login_check"),)
        )
        papers["captcha"].pages["/login"] = lambda _: form(papers["captcha"], '<div class="g-recaptcha"></div>')
        papers["scripted"].pages["/login"] = lambda _: Answer('<div id="app"></div><script src="/app.js"></script>')
        papers["robots"].pages["/robots.txt"] = lambda _: Answer("User-agent: *\nDisallow: /login\n")
        papers["busy"].pages["/login_check"] = lambda _: Answer(status=503)
        papers["bare"].pages["/plain"] = lambda _: Answer(
            f"<h1>Plain</h1><p>{'No menu stands on this page. ' * 30}</p>"
        )
        papers["cookie"].sessions.add("c00kie77aa")
        papers["header"].pages["/api/1"] = of_header
        papers["renamed"].user_field = "identifiant"
        corpus = corpus_with(tmp_path_factory.mktemp("logins") / "c", [elsewhere], **outlets)
        said = environment(**outlets)
        yield Done(corpus, papers, elsewhere, said, crawled(corpus, code=1, **said))


def test_subscribers_read_whole_articles(done: Done) -> None:
    found = outcomes(done.corpus, "whole")
    assert found["/story/1"] == found["/story/3"] == "ok"
    assert found["/logout"] == "skipped"
    assert found["/private/2"] == "blocked_robots"
    assert "/logout" not in done.papers["whole"].paths()
    assert done.posts("whole") == 1
    assert "whole" not in done.said["logins"]
    for name in ("renamed", "cookie"):
        assert set(outcomes(done.corpus, name).values()) == {"ok"}, name


def test_nothing_is_asked_in_a_session_but_articles(done: Done) -> None:
    for asked in done.papers["whole"].asked:
        inside = asked.path.startswith(("/story/", "/away", "/welcome"))
        assert ("PAPERSESS" in asked.headers.get("Cookie", "")) == inside, asked.path
        assert "elsewhere" not in asked.headers.get("Cookie", "")
        assert "Zz9Yy8Xx7Ww6" not in asked.headers.get("Cookie", "")


def test_no_other_host_sees_a_secret(done: Done) -> None:
    assert done.elsewhere.paths("POST") == []
    assert "/story/9" in done.elsewhere.paths()
    given = [secret for each in done.papers.values() for secret in each.given]
    for asked in done.elsewhere.asked:
        assert not any(form in asked.raw for secret in (*SECRETS.values(), *given) for form in forms(secret))


def test_a_session_that_ended_is_renewed_once(done: Done) -> None:
    assert done.posts("ends") == 2
    found = outcomes(done.corpus, "ends")
    assert [found[f"/story/{n}"] for n in range(1, 6)] == ["ok"] * 4 + ["paywalled"]
    assert "the session ended a second time" in done.said["logins"]["ends"]


def test_a_session_without_a_check_is_trusted_until_the_newspaper_asks_for_the_password(done: Done) -> None:
    assert done.posts("unchecked") == 1  # its wall has no password field: nothing shows that the session ended
    assert outcomes(done.corpus, "unchecked") == {"/story/1": "ok", "/story/2": "paywalled"}


def test_a_page_without_the_check_ends_no_session(done: Done) -> None:
    assert done.posts("bare") == 1
    assert set(outcomes(done.corpus, "bare").values()) == {"ok"}
    assert "bare" not in done.said["logins"]


@pytest.mark.parametrize(
    ("name", "posts", "why"),
    [
        (
            "wrong",
            1,
            "asks for them again: see whether HEMEROTECA_LOGIN_WRONG_USER and HEMEROTECA_LOGIN_WRONG_PASSWORD",
        ),
        ("two_forms", 0, "the page has 2 such forms"),
        ("away", 0, "the form of the login page is sent to another place"),
        ("sent_on", 1, "the login was sent on to another place"),
        ("captcha", 0, "a captcha, which only a person can answer"),
        ("scripted", 0, "the page has no form 'form#login'"),
        ("robots", 0, "robots.txt disallows it"),
        ("busy", 1, "status 503; the next crawl tries again"),
        ("half", 0, "HEMEROTECA_LOGIN_HALF_PASSWORD must be set, too"),
    ],
)
def test_a_login_that_fails_is_told_once_and_not_tried_again(done: Done, name: str, posts: int, why: str) -> None:
    assert done.posts(name) == posts
    assert why in done.said["logins"][name]
    assert done.papers[name].paths().count("/login") <= 1
    assert outcomes(done.corpus, name) == dict.fromkeys(TWO, "paywalled")
    log = (done.corpus.folder / "crawl.log").read_text(encoding="utf-8")
    assert log.count(f"{name}: no login") == (name != "half")
    for asked in done.papers[name].asked:
        assert "PAPERSESS" not in asked.headers.get("Cookie", "")


def test_a_cookie_and_a_field_of_ones_own_are_sent_with_articles_only(done: Done) -> None:
    for name, path, field, value in (
        ("cookie", "/story/", "Cookie", "PAPERSESS=c00kie77aa; a=b"),
        ("header", "/api/", "Authorization", TOKEN),
    ):
        for asked in done.papers[name].asked:
            given = asked.headers.get(field)
            assert (given or "").startswith(value) == asked.path.startswith(path), asked


def test_what_was_recorded_with_a_login_is_private(done: Done) -> None:
    rows = list(done.corpus.database().query("SELECT url, kind, session, warc_file FROM captures"))
    assert {row["session"] == "anonymous" for row in rows if row["warc_file"].startswith("warc/")} == {True}
    assert {row["session"] == "anonymous" for row in rows if row["warc_file"].startswith("warc-private/")} == {False}
    assert all(row["session"] != "anonymous" for row in rows if row["kind"] == "login")


def test_every_address_that_was_asked_for_has_one_row(done: Done) -> None:
    rows = {row["url"] for row in done.corpus.database().query("SELECT url FROM leads WHERE outcome IS NOT NULL")}
    asked = {f"{each.home}{path}" for each in (*done.papers.values(), done.elsewhere) for path in each.paths()}
    assert asked - rows == set()


def test_a_page_that_becomes_a_fixture_is_asked_for_without_a_login(done: Done) -> None:
    paper, before = done.papers["bare"], len(done.papers["bare"].asked)
    url = f"{paper.home}/story/6"
    run(
        "hemeroteca",
        "outlet",
        "record",
        "bare",
        url,
        "--yes",
        "--corpus",
        done.corpus.folder,
        code=None,
        **done.environment,
    )
    assert "/story/6" in [each.path for each in paper.asked[before:]]
    assert not any("Cookie" in each.headers or each.path == "/login" for each in paper.asked[before:])


def test_a_refused_password_waits_a_day_unless_a_person_asks(done: Done) -> None:
    done.papers["wrong"].pages["/story/8"] = lambda _: Answer("gone", 410)
    file = done.corpus.folder / "outlets" / "wrong.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("/story/2", "/story/8"), encoding="utf-8")
    said = crawled(done.corpus, "wrong", code=1, **done.environment)
    assert done.posts("wrong") == 1
    assert "not tried before" in said["logins"]["wrong"]
    file.write_text(file.read_text(encoding="utf-8").replace("/story/8", "/story/7"), encoding="utf-8")
    right = {**done.environment, "HEMEROTECA_LOGIN_WRONG_PASSWORD": PASSWORD}
    said = crawled(done.corpus, "wrong", "--login-again", **right)
    assert said["logins"] == {}
    found = outcomes(done.corpus, "wrong")
    assert found["/story/7"] == "ok"
    assert (found["/story/1"], found["/story/2"]) == ("ok", "ok")  # what was cut while the login failed is taken back
