"""Pages in which a server speaks in place of the newspaper, and articles whose headlines speak like one. Invented."""

from datetime import UTC, datetime

import pytest

from archive.model import Outcome
from spiders.kit.reading import read

PROSE = "".join(
    f"<p>In part {number} of an invented report, a harbour clerk counts the barges of a town and says little more.</p>"
    for number in range(4)
)


def outcome(title: str, body: str) -> tuple[Outcome, bool]:
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    found = read(html.encode(), url="https://www.paper.example/a/b", at=datetime(2023, 8, 5, tzinfo=UTC))
    return found.outcome, bool(found.article and found.article.text)


@pytest.mark.parametrize(
    ("title", "text", "ends"),
    [
        ("451: Unavailable due to legal reasons", "We recognise that you are in a country of the Union.", Outcome.WALL),
        ("Désolé", "Ce contenu n’est pas disponible dans votre pays.", Outcome.WALL),
        ("Site en maintenance", "Le site est momentanément indisponible. Merci de revenir plus tard.", Outcome.EMPTY),
        ("Wartungsarbeiten", "Wir sind bald wieder für Sie da.", Outcome.EMPTY),
        ("Account Suspended", "This account has been suspended. Contact your hosting provider.", Outcome.EMPTY),
        ("paper.example", "This domain may be for sale. Buy this domain today.", Outcome.EMPTY),
        ("Database Error", "Error establishing a database connection", Outcome.EMPTY),
    ],
)
def test_a_server_that_speaks_for_itself(title: str, text: str, ends: Outcome) -> None:
    assert outcome(title, f"<p>{text}</p>") == (ends, False)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Oops! That page can’t be found.", ""),
        ("This content is no longer available", ""),
        ("Contenu indisponible", ""),
        ("La pagina che cerchi non esiste", ""),
        ("Nie znaleziono strony", ""),
        ("Sidan kunde inte hittas", ""),
        ("Страница не найдена", ""),
        ("صفحه یافت نشد", ""),
        ("页面不存在", ""),
        ("ページが見つかりません", ""),
        ("Ukurasa haukupatikana", ""),
        ("Ba a samo shafin ba", ""),
    ],
)
def test_nothing_here_in_many_languages(title: str, text: str) -> None:
    assert outcome(title, f"<h1>{title}</h1>{text}<p><a href='/'>Home</a></p>") == (Outcome.SOFT_404, False)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Making sure you're not a bot!", "<p>Please wait a moment while we look at your connection.</p>"),
        ("Robot or human?", "<p>Activate and hold the button.</p>"),
        ("Vérification", "<p>Nous vérifions votre navigateur.</p>"),
        (
            "Gizliliğiniz",
            "<p>Çerezler, kişisel veriler: kabul edin.</p><button>Kabul et</button><button>Reddet</button>",
        ),
        ("Prywatność", "<p>Pliki cookie, dane osobowe, zgoda.</p><button>Akceptuję</button><button>Odrzuć</button>"),
        ("Log in", "<form><input type='email' name='mail'><button>Continue</button></form>"),
        ("Welcome back", "<form><input name='who'><input type='password'><button>Go</button></form>"),
    ],
    ids=["bot", "human", "navigateur", "çerez", "zgoda", "address first", "password"],
)
def test_walls_in_other_words(title: str, text: str) -> None:
    assert outcome(title, f"<h1>{title}</h1>{text}") == (Outcome.WALL, False)


def test_a_page_that_sends_its_readers_on() -> None:
    refresh = "<meta http-equiv='refresh' content='0; url=/home'>"
    assert outcome("Redirecting", f"{refresh}<p>You are being sent to <a href='/home'>the new page</a>.</p>") == (
        Outcome.EMPTY,
        False,
    )


def test_a_page_of_links() -> None:
    assert outcome("A photograph", "<h1>A photograph</h1><p><a href='/'>Home</a></p>") == (Outcome.EMPTY, False)


def test_a_page_that_is_a_program() -> None:
    shell = "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    assert outcome("The River Paper", shell) == (Outcome.EMPTY, False)


@pytest.mark.parametrize(
    "title",
    [
        "Are you a robot? The test that stopped working",
        "Manuscript not found after the flood",
        "Page introuvable : un roman sur l’oubli",
        "Password, the game of the summer: log in to the past",
        "Account suspended: the clerk who lost his voice",
        "Site under maintenance: the dam that nobody mends",
    ],
)
def test_a_story_under_such_a_headline(title: str) -> None:
    assert outcome(title, PROSE) == (Outcome.OK, True)


@pytest.mark.parametrize(
    "mark", ["<div class='g-recaptcha'></div>", "<script src='/cdn-cgi/challenge-platform/x'></script>"]
)
def test_a_challenge_that_explains_itself_at_length(mark: str) -> None:
    explains = "".join(
        f"<p>If you are at an office or on a shared network, ask keeper {n} to look for machines that are ill.</p>"
        for n in range(4)
    )
    assert outcome("Are you a robot?", explains + mark) == (Outcome.WALL, False)


def test_not_found_with_the_news_below() -> None:
    teasers = "".join(
        f"<div class='card'><h3><a href='/story-{n}'>Headline {n}</a></h3><p>A harbour clerk counts the barges of"
        f" the town in number {n}, and says little more to those who ask.</p></div>"
        for n in range(3)
    )
    assert outcome("Page not found", teasers) == (Outcome.SOFT_404, False)
