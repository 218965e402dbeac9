"""Lines of a page that are not its article's, in the languages of the press, and their like that are. All invented."""

import pytest

from archive.model import Access
from spiders.kit.furniture import is_boilerplate, is_gate
from spiders.kit.page import Page

TITLE = "River port of an invented town reopens after the flood"
PROSE = [
    f"In sentence {number} of this invented report on a river port a harbour clerk counts barges and says little more."
    for number in range(6)
]


def page(between: str, *, at: int = 3) -> Page:
    text = [f"<p>{each}</p>" for each in PROSE]
    body = "".join(text[:at]) + between + "".join(text[at:])
    return Page(
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><div class='c'>{body}</div></article>"
        "</body></html>",
        url="https://www.paper.example/politics/2023/08/04/a-story",
    )


def texts(found: Page) -> list[str]:
    return [block.text for block in found.blocks()]


LINES = [
    "(Re)lire : <a href='/b'>Un autre titre</a>",
    "À lire également <a href='/b'>Un autre titre du journal</a>",
    "<strong>İLGİLİ HABER: <a href='/b'>Başka bir haber</a></strong>",
    "Karanta kuma: <a href='/b'>Wani labari</a>",
    "Veja também: <a href='/b'>Outra notícia</a>",
    "Leggi anche <a href='/b'>Un altro titolo del giornale</a>",
    "Siehe auch: <a href='/b'>Eine andere Nachricht</a>",
    "شاهد أيضًا: <a href='/b'>خبر آخر</a>",
    "Suscríbase a nuestro boletín y reciba las noticias en su correo.",
    "Rejoignez notre chaîne WhatsApp pour ne rien manquer de l’actualité",
    "Join our Telegram channel for the news of the river",
    "Iscriviti alla nostra newsletter",
    "تابعونا على فيسبوك",
    "Like this:",
    "Like Loading...",
    ".css-1a2b { margin: 0; padding: 4px; } @media (max-width: 600px) { .x { display: none } }",
    "The paper depends on its readers. If you value our work, please consider a donation of any size today.",
    "If everyone who reads this gave three dollars, our fundraiser would be over within the hour.",
    "Réservé aux abonnés",
    "Digital: 2 dollars a week for the first year, cancel at any time",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_page_between_two_paragraphs(line: str) -> None:
    assert texts(page(f"<p>{line}</p>")) == PROSE


UNSEEN = [
    "<p hidden>Hidden, and long enough to be taken for a paragraph of the text of an article about the port.</p>",
    "<p style='display: none'>Not shown, and long enough to be taken for a paragraph of the text of an article.</p>",
    "<p class='image-credit'>Dorothea Lange/AP</p>",
    "<div class='photo_credit'>Félix Nadar</div>",
]


@pytest.mark.parametrize("element", UNSEEN)
def test_what_is_not_shown_and_who_took_the_picture(element: str) -> None:
    assert texts(page(element)) == PROSE


def test_paragraphs_that_a_program_shows_are_text() -> None:
    story = "".join(f"<p style='display:none'>{each}</p>" for each in PROSE)
    found = Page(f"<html><body><article><h1>{TITLE}</h1>{story}</article></body></html>", url="https://p.example/a/b")
    assert texts(found) == PROSE


PARAGRAPHS = [
    "“This article is reserved for subscribers” is the sentence that readers of the only daily see most often.",
    "« La suite est réservée aux abonnés », lit-on partout, et les marchands en rient depuis des années.",
    "Rejoignez-nous, a-t-il lancé à la foule réunie devant la mairie, avant de partir pour le port avec elle.",
    "Recibe el premio de la ciudad un capitán que contó las barcas durante cuarenta años sin faltar un día.",
    "اشترك الرئيس في القمة التي عقدت في المدينة وناقشت مصير الميناء بعد الفيضان الذي أغلقه لأسابيع",
    "The council asks residents to register with the town hall to access the ferry, the mayor said on Tuesday.",
    "Relire les lettres du port prend du temps, dit le commis, qui en a gardé une caisse entière au grenier.",
    "Abonnés absents, les députés de la région n’ont pas répondu aux questions sur le port et sur ses péniches.",
]


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_that_begins_like_one(paragraph: str) -> None:
    found = page(f"<p>{paragraph}</p>")
    assert texts(found) == [*PROSE[:3], paragraph, *PROSE[3:]]
    assert found.access()[0] is Access.UNKNOWN


@pytest.mark.parametrize(
    "line",
    [
        "This post is for paying subscribers only",
        "This post is for subscribers",
        "Subscribe to The River Paper to read the rest of this story.",
        "Il vous reste 82 % de cet article à lire. La suite est réservée aux abonnés.",
        "You have reached your limit of free articles.",
        "You have read 5 of 5 free articles.",
        "Want to read more? Subscribe.",
        "Subscribe now to read the full story.",
        "Continue reading this article with a subscription.",
        "Ce contenu est réservé aux abonnés.",
        "Abonnez-vous pour continuer votre lecture.",
        "Weiterlesen mit Plus.",
        "Suscríbete para seguir leyendo.",
    ],
)
def test_a_gate_in_its_own_words(line: str) -> None:
    assert is_gate(line)
    assert page(f"<p>{line}</p>", at=6).access()[0] is Access.PAYWALLED


@pytest.mark.parametrize(
    "head", ["Before you go", "Soutenez-nous", "Leave a reply", "Deja un comentario", "Bevor Sie gehen"]
)
def test_what_a_subhead_below_the_article_opens(head: str) -> None:
    appeal = "We are a small team in a small town, and no owner tells us what to write about the port and its barges."
    assert texts(page(f"<h3>{head}</h3><p>{appeal}</p><p>{appeal} Truly.</p>", at=6)) == PROSE


def test_a_subhead_that_begins_so_is_one_of_the_article() -> None:
    assert "Before you go to the port" in texts(page("<h3>Before you go to the port</h3>"))


REPLIES = "".join(f"<div class='r'><b>reader {n}</b><p>{PROSE[0].replace('clerk', 'wag')}</p></div>" for n in range(8))


@pytest.mark.parametrize(
    "mark", ["class='responses'", "class='user-responses'", "id='disqus_thread'", "class='yorumlar'"]
)
def test_what_readers_answer_is_not_the_article(mark: str) -> None:
    brief = "The town hall will be closed on Friday for repairs to the roof. Letters can be left at the gate, it said."
    found = Page(
        f"<html><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><div class='c'><p>{brief}</p></div>"
        f"<div {mark}>{REPLIES}</div></main></body></html>",
        url="https://www.paper.example/a/b",
    )
    assert texts(found) == [brief]


def test_a_body_that_has_comments_is_the_body() -> None:
    story = "".join(f"<p>{each}</p>" for each in PROSE)
    found = Page(
        f"<html><body><h1>{TITLE}</h1><div class='entry-content has-comments'>{story}</div></body></html>",
        url="https://www.paper.example/a/b",
    )
    assert texts(found) == PROSE


@pytest.mark.parametrize(
    "piece", [" ", ",", "(", "«", "to ", "{", ".a {", "subscribe to ", "re", "ا", "1 ", "consider "]
)
def test_a_line_of_any_length_is_looked_at_once(piece: str) -> None:
    line = piece * (100_000 // len(piece))
    assert not is_gate(line)
    assert is_boilerplate(line) in (True, False)
