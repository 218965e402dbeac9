"""Pages that list articles."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.http import parse_answer
from archive.model import Kind, Outcome
from spiders.kit.examine import examine
from spiders.kit.find import Finding, find
from spiders.kit.listings import page_number, page_url
from spiders.kit.outlet import Listing, Outlet

PAPER = Outlet(
    name="gazette",
    title="La Gazette",
    home="https://www.gazette.example/",
    languages=("fr",),
    articles=r"^https://www\.gazette\.example/journal/\w+/\d+$",
)
FRONT = Listing("https://www.gazette.example/journal/monde")
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Monde</title></head><body>
<nav><a href="/journal/monde">Monde</a> <a href="/login">Entrer</a></nav>
<main><h2>International</h2><ul>
<li><a href="/journal/monde/1?at_medium=x"><img src="1.jpg" alt=""></a>
  <h3><a href="/journal/monde/1">Premier <em>titre</em></a></h3>
  <p>Par A. B.</p><p>Ce que dit le chapeau du premier article, en une phrase.</p>
  <time datetime="2023-08-03T10:00:00+02:00">3 août</time></li>
<li><h3>Deuxième titre</h3><a href="/journal/monde/2">Lire la suite</a>
  <time datetime="2023-08-03">3 août</time></li>
<li><a href="/journal/monde/3#comments">Troisième titre</a><a href="javascript:void(0)">♥</a></li>
</ul><div class="club"><h3><a href="https://blogs.gazette.example/x/blog/9">Un billet</a></h3></div>
<a rel="next" href="?page=2">Suite</a></main></body></html>"""


def read(page: str | bytes, source: Listing = FRONT, *, url: str | None = None, outlet: Outlet = PAPER) -> Finding:
    body = page.encode() if isinstance(page, str) else page
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    return find(parse_answer(block), url=url or page_url(source, source.first_page), source=source, outlet=outlet)


def test_the_links_that_are_articles_count_with_what_stands_beside_them() -> None:
    finding = read(PAGE)
    assert finding.problem is None
    assert [(lead.url.rpartition("/")[2], lead.title) for lead in finding.leads] == [
        ("1", "Premier titre"),
        ("2", "Deuxième titre"),
        ("3", "Troisième titre"),
    ]
    assert finding.leads[0].summary == "Ce que dit le chapeau du premier article, en une phrase."
    assert [lead.summary for lead in finding.leads[1:]] == [None, None]


def test_a_time_counts_only_with_its_offset() -> None:
    times = [lead.published_at for lead in read(PAGE).leads]
    assert times == [datetime(2023, 8, 3, 8, tzinfo=UTC), None, None]


def test_a_selector_says_which_links_count_and_nothing_is_lost() -> None:
    finding = read(PAGE, Listing(FRONT.url, links="h3 a"))
    assert [lead.title for lead in finding.leads] == ["Premier titre", "Un billet"]
    assert [PAPER.is_article(lead.url) for lead in finding.leads] == [True, False]


def test_a_selector_may_take_the_box_around_the_links() -> None:
    finding = read(PAGE, Listing(FRONT.url, links="li"))
    assert len(finding.leads) == 3
    assert [refused.link for refused in finding.refused] == ["javascript:void(0)"]


def test_without_pattern_and_selector_the_links_of_the_host_count() -> None:
    paper = Outlet(name="g", title="G", home="https://www.gazette.example/", languages=("fr",))
    urls = [lead.url for lead in read(PAGE, outlet=paper).leads]
    assert "https://www.gazette.example/journal/monde/3" in urls
    assert FRONT.url not in urls
    assert not any("blogs." in url for url in urls)


def test_the_next_page_is_counted_up_to_the_last_one_wanted() -> None:
    source = Listing("https://www.gazette.example/journal/monde?page={page}", first_page=0, pages=3)
    for number, following in ((0, [1]), (1, [2]), (2, [])):
        url = page_url(source, number)
        finding = read(PAGE, source, url=url)
        assert page_number(source, url) == number
        assert [child.url for child in finding.children] == [page_url(source, each) for each in following]
        assert all(child.kind is Kind.LISTING for child in finding.children)


def test_without_number_the_page_says_which_is_next_if_more_than_one_is_wanted() -> None:
    assert read(PAGE).children == ()
    (child,) = read(PAGE, Listing(FRONT.url, pages=2)).children
    assert child.url == FRONT.url + "?page=2"
    elsewhere = PAGE.replace('href="?page=2"', 'href="https://ads.example/"')
    assert read(elsewhere, Listing(FRONT.url, pages=2)).children == ()


def test_a_first_page_without_articles_is_bad_and_a_later_one_is_the_end() -> None:
    empty = "<html><body><a href='/login'>Entrer</a></body></html>"
    source = Listing("https://www.gazette.example/journal/monde?page={page}", pages=9)
    assert read(empty, source).problem
    later = read(empty, source, url=page_url(source, 5))
    assert later.problem is None
    assert later.children == ()


def test_base_and_character_set_are_heeded() -> None:
    page = (
        '<html><head><meta charset="iso-8859-1"><base href="https://www.gazette.example/journal/monde/">'
        "</head><body><a href='1'>L'été</a></body></html>"
    )
    for body in (page.encode("latin-1"), page.replace("iso-8859-1", "utf-8").encode("latin-1")):
        (lead,) = read(body).leads
        assert (lead.url, lead.title) == ("https://www.gazette.example/journal/monde/1", "L'été")


def test_a_selector_that_is_none_is_said() -> None:
    assert read(PAGE, Listing(FRONT.url, links="h3 >>")).problem


@pytest.mark.parametrize("page", ["<a href=/journal/monde/1>" * 3000, "<div>" * 3000 + "<a href=/journal/monde/1>x"])
def test_an_odd_page_is_read_as_far_as_it_goes(page: str) -> None:
    finding = read(page)
    assert finding.leads or finding.problem


@settings(deadline=None)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=12, unique=True), st.booleans())
def test_a_generated_listing_comes_back(numbers: list[int], flat: bool) -> None:
    teaser = "<a href='/journal/monde/{0}'>Titre {0}</a>"
    if not flat:
        picture, at = "<a href='/journal/monde/{0}'><img></a>", "2023-08-03T10:00:{0:02}Z"
        teaser = f"<article>{picture}<div><h2>{teaser}</h2><time datetime='{at}'></time></div></article>"
    finding = read("<html><body><div>" + "\n".join(teaser.format(n) for n in numbers) + "</div></body></html>")
    assert [lead.title for lead in finding.leads] == [f"Titre {n}" for n in numbers]
    if not flat:
        assert [lead.published_at.second for lead in finding.leads if lead.published_at] == numbers


@pytest.mark.parametrize(
    ("kind", "page", "outcome"),
    [
        ("text/html", "<title>Just a moment...</title><div id='cf-challenge'></div>", Outcome.WALL),
        ("text/html", "<title>Page not found</title><h1>Page not found</h1>", Outcome.SOFT_404),
        ("application/pdf", "%PDF-1.7 ...", Outcome.NOT_HTML),
        ("text/html", "<title>Monde</title><main>Nothing today</main>", Outcome.EMPTY),
        ("text/html", PAGE, Outcome.OK),
    ],
    ids=["wall", "soft 404", "PDF", "nothing", "list"],
)
def test_what_stands_in_place_of_a_list(kind: str, page: str, outcome: Outcome) -> None:
    body = page.encode()
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    at = datetime(2023, 8, 5, tzinfo=UTC)
    reading, _ = examine(parse_answer(block), url=FRONT.url, at=at, outlet=PAPER, kind=Kind.LISTING)
    assert reading.outcome is outcome
    assert reading.article is None
