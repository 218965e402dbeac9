"""The pure part of a probe: patterns that are learned, sources that are judged, files that are drafted."""

import re
import tomllib
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.http import Answer, parse_answer
from archive.model import Kind, Lead
from spiders.kit.finding import Child, Finding
from spiders.kit.outlet import Feed, Listing, NewsSitemap, Outlet, Sitemap, Source
from spiders.kit.probing.draft import Draft, Proposed, as_toml, name_of
from spiders.kit.probing.found import Found, drafted
from spiders.kit.probing.home import Home, read_home
from spiders.kit.probing.patterns import Learned, learn
from spiders.kit.probing.rights import read_robots
from spiders.kit.probing.shapes import shape_of
from spiders.kit.probing.sources import chosen_feeds, division, judge_feed, judge_sitemap
from spiders.kit.toml_outlet import load_outlet

AT = datetime(2023, 9, 30, tzinfo=UTC)
SAME = (("^https?://(?:www\\.)?a\\.example/", "https://a.example/"),)
HOME = "https://www.gazette.example/"
EXAMPLES: dict[str, dict[str, list[Any]]] = tomllib.loads(
    (Path(__file__).parent / "outlet_pages" / "examples.toml").read_text("utf-8")
)

words = st.lists(st.sampled_from(["river", "bridge", "ferry", "council", "school", "harvest", "well"]), min_size=3)
slugs = words.map(lambda chosen: "-".join(chosen[:7]))
days = st.dates(date(2015, 1, 1), date(2029, 12, 31))
numbers = st.integers(1_000_000, 9_999_999)
sections = st.sampled_from(["world", "africa/niger", "culture-and-ideas", "sport", "economy/markets"])
# How newspapers write the address of an article; what is learned of it: a day, a number
FORMS = {
    "https://a.example/{section}/{day:%Y/%m/%d}/{slug}_{number}_3212.html": (True, True),
    "https://a.example/{day:%Y/%m/%d}/{slug}/": (True, False),
    "https://a.example/{section}/{day:%Y%m%d}-{slug}": (True, False),
    "https://a.example/{section}/{slug}-{day:%Y-%m-%d}/": (True, False),
    "https://a.example/{section}/{slug}-{day:%d-%m-%Y}-{number}_29.php": (True, True),
    "https://a.example/{section}/{number}-{day:%Y%m%d}-{slug}": (True, True),
    "https://a.example/{section}/{slug}_AD-{day:%Y%m%d}0123.html": (True, True),
    "https://a.example/en/{slug}/a-{number}": (False, True),
    "https://a.example/{section}/{number}-{slug}.html": (False, True),
    "https://a.example/{section}/{slug}-{number}": (False, True),
    "https://a.example/{number}/{section}/{slug}/": (False, True),
    "https://a.example/{section}/article{number}.html": (False, True),
    "https://a.example/?p={number}": (False, True),
    "https://a.example/{slug}/": (False, False),
    "https://a.example/{section}/{slug}": (False, False),
}
OTHERS = (
    "https://a.example/",
    "https://a.example/world/",
    "https://a.example/category/world/",
    "https://a.example/tag/north-road/",
    "https://a.example/author/the-newsroom/",
    "https://a.example/contact",
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_learned_holds_for_articles_that_nobody_listed(form: str, data: st.DataObject) -> None:
    made = st.tuples(sections, days, slugs, numbers).map(
        lambda each: (
            form.format(section=each[0], day=each[1], slug=each[2], number=each[3]),
            each[1],
            each[3],
            each[0],
        )
    )
    listed = data.draw(st.lists(made, min_size=8, max_size=15, unique_by=lambda each: each[0]))
    learned = learn([url for url, *_ in listed], others=OTHERS)
    assert learned is not None
    assert (learned.taken, learned.mistaken) == (len(listed), ())
    dated, numbered = FORMS[form]
    assert (learned.dated, learned.numbered) == (dated, numbered)
    outlet = Outlet(name="a", title="A", home="https://a.example/", languages=("en",), articles=learned.pattern)
    known = {shape_of(url).key for url, *_ in listed}  # type: ignore[union-attr]
    met = {section for *_, section in listed}
    for url, day, number, section in data.draw(st.lists(made, min_size=1, max_size=5)):
        # One section alone may be taken for a part of every address, and so may the number of folders
        alike = section in met or sum(each.count("/") == section.count("/") for each in met) > 1
        if alike and shape_of(url).key in known:  # type: ignore[union-attr]
            assert outlet.is_article(url), (learned.pattern, url)
            assert outlet.day_in(url) == (day if dated else None)
            assert not numbered or str(number) in (outlet.id_in(url) or "") or "AD-" in form
    assert not any(outlet.is_article(url) for url in OTHERS)
    assert not outlet.is_article(listed[0][0].replace("a.example", "b.example"))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_forms_of_known_newspapers_are_learned_from_two_or_three_addresses(name: str) -> None:
    articles = EXAMPLES[name]["articles"]
    learned = learn([url for url, *_ in articles], others=EXAMPLES[name]["others"])
    assert learned is not None
    assert learned.taken >= 0.8 * len(articles)
    outlet = Outlet(name=name, title=name, home=articles[0][0], languages=("en",), articles=learned.pattern)
    told = [(day, outlet.day_in(url)) for url, day, *_ in articles if day and outlet.day_in(url)]
    assert all(date.fromisoformat(said) == day for said, day in told)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(max_size=60).map(lambda text: f"https://a.example/{text}") | st.text(max_size=80), max_size=12),
    st.lists(st.text(max_size=60).map(lambda text: f"https://a.example/{text}"), max_size=6),
)
@example(["0-)"], [])
def test_any_addresses_give_a_pattern_that_can_be_used_or_none(listed: list[str], others: list[str]) -> None:
    learned = learn(listed, others=others)
    if learned is not None:
        assert isinstance(learned, Learned)
        found = sum(re.search(learned.pattern, url) is not None for url in set(listed))
        assert found >= learned.taken > 0


def test_a_number_that_is_a_day_is_told_by_the_feeds_own_dates() -> None:
    urls = {f"https://a.example/journal/{day:%d%m%y}/a-story-of-rivers-{n}": day for n, day in enumerate(
        AT.date() - timedelta(days=each) for each in range(4)
    )}  # fmt: skip
    learned = learn(list(urls), days=urls)
    assert learned is not None
    assert learned.dated
    assert not learned.numbered
    unsure = learn(list(urls)[:3])
    assert unsure is not None
    assert not unsure.dated
    assert not unsure.numbered


def test_sections_alone_have_no_pattern() -> None:
    sections = [f"https://a.example/{word}/" for word in ("world", "africa", "sport", "culture", "economy")]
    assert learn(sections[:3], others=sections[3:]) is None


def test_an_address_may_be_as_long_as_it_likes() -> None:
    long = "https://a.example/" + "a1-" * 1300
    assert learn([long, long + "b"]) is not None or shape_of(long) is not None


def leads(*urls: str, at: datetime | None = AT) -> tuple[Lead, ...]:
    return tuple(Lead(url, "a", HOME, title="A title", published_at=at) for url in urls)


def test_feeds_are_judged_by_what_they_announce() -> None:
    own = leads(*(f"{HOME}{n}" for n in range(6)))
    judge = {
        "good": Finding(own),
        "same": Finding(own[:5]),
        "old": Finding(leads(f"{HOME}a", at=AT - timedelta(days=200))),
        "elsewhere": Finding(leads("https://b.example/1", "https://b.example/2", f"{HOME}1")),
        "empty": Finding(problem="the feed has no entry"),
        "undated": Finding(leads(*(f"{HOME}u{n}" for n in range(3)), at=None)),
    }
    judged = {url: judge_feed(each, url=f"{HOME}{url}", title="", home=HOME, at=AT) for url, each in judge.items()}
    chosen = {each.url.rpartition("/")[2]: each for each in chosen_feeds(list(judged.values()))}
    assert {name for name, each in chosen.items() if each.taken} == {"good", "undated"}
    assert "other feeds" in (chosen["same"].why or "")
    assert "nothing new since" in (chosen["old"].why or "")
    assert "other sites" in (chosen["elsewhere"].why or "")
    assert chosen["empty"].why == "the feed has no entry"


@pytest.mark.parametrize(
    ("names", "only", "form"),
    [
        (["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-page-1.xml", "wp-sitemap-users-1.xml"],
         r"wp-sitemap-posts-post-\d+", "numbered"),
        (["articles/2023-07-26.xml", "articles/2023-07-27.xml", "authors.xml"], r"articles/\d{4}-\d+-\d+", "day"),
        (["contents_202307.xml", "contents_202308.xml", "tags.xml", "video_202308.xml"], r"contents_\d+", "month"),
        (["sitemap-1.xml", "sitemap-2.xml"], None, "numbered"),
    ],
)  # fmt: skip
def test_an_index_of_sitemaps_is_divided(names: list[str], only: str | None, form: str) -> None:
    children = [Child(f"{HOME}{name}", Kind.SITEMAP) for name in names]
    found, divided = division(children)
    assert divided == form
    if only is None:
        assert found is None
    else:
        taken = [each.url for each in children if re.search(found or "", each.url)]
        assert taken == [each.url for each in children if re.search(only, each.url)]


def test_a_sitemap_in_the_news_form_is_one() -> None:
    news = judge_sitemap(Finding(leads(f"{HOME}1", f"{HOME}2")), url=f"{HOME}n.xml", home=HOME, at=AT)
    assert (news.kind, news.taken, news.source) == ("news-sitemap", True, NewsSitemap(f"{HOME}n.xml"))
    plain = judge_sitemap(Finding((Lead(f"{HOME}1", "a", HOME),)), url=f"{HOME}p.xml", home=HOME, at=AT)
    assert (plain.kind, plain.source) == ("sitemap", Sitemap(f"{HOME}p.xml"))


def test_robots_txt_tells_sitemaps_terms_and_whom_it_refuses() -> None:
    said = read_robots(
        "# Licence needed for text and data mining\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\n"
        "User-agent: *\nDisallow: /search\nCrawl-delay: 7\nSitemap: /map.xml\nsitemap: https://b.example/x.xml\n",
        f"{HOME}robots.txt",
        "hemeroteca",
    )
    assert said.refused == ("GPTBot", "CCBot")
    assert said.sitemaps == (f"{HOME}map.xml", "https://b.example/x.xml")
    assert said.terms == ("Licence needed for text and data mining",)
    assert said.delay == 7


def test_one_spelling_of_the_host_where_the_site_leads_to_it() -> None:
    led = drafted(Found("gazette", "http://gazette.example/", Home(HOME), AT))
    assert [re.sub(pattern, text, "http://gazette.example/a") for pattern, text in led.same] == [f"{HOME}a"]
    assert drafted(Found("gazette", HOME, Home(HOME), AT)).same == ()
    assert drafted(Found("gazette", "https://m.gazette.example/", Home(HOME), AT)).same == ()


@given(st.text(max_size=400))
def test_any_robots_txt_can_be_read(text: str) -> None:
    read_robots(text, f"{HOME}robots.txt", "hemeroteca")


def answered(body: bytes) -> Answer:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return parse_answer(head.encode() + body)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 900), st.integers(0, 900))
def test_any_home_page_can_be_read(noise: bytes, start: int, end: int) -> None:
    page = b"""<!doctype html><html lang="fr"><head><title>Une | La Gazette</title>
<link rel="alternate" type="application/rss+xml" href="/rss" title="Tout"><meta name="generator" content="SPIP 4">
<script type="application/ld+json">{"@type":"WebSite","name":"La Gazette"}</script></head><body><nav>
<a href="/sport">Sport</a></nav><a href="/2023/08/04/une-histoire-inventee">Une histoire</a></body></html>"""
    home = read_home(answered(page), HOME, AT)
    assert (home.title, home.languages, home.feeds) == ("La Gazette", ("fr",), ((f"{HOME}rss", "Tout"),))
    assert (home.links, home.sections) == ((f"{HOME}2023/08/04/une-histoire-inventee",), (f"{HOME}sport",))
    cut = page[: min(start, len(page))] + noise + page[min(end, len(page)) :]
    read_home(answered(cut), HOME, AT)


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("https://www.lesahel.org/", "lesahel"),
        ("https://www.mirror.co.uk/", "mirror"),
        ("https://fr.allafrica.com/", "allafrica"),
        ("https://lagazette.blogspot.com/", "lagazette"),
        ("https://www.premiumtimesng.com/", "premiumtimesng"),
        ("https://journal.com.ng/", "journal"),
        ("http://127.0.0.1:8080/", "site-127-0-0-1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_an_outlet_is_named_after_its_host(home: str, name: str) -> None:
    assert name_of(home) == name


lines = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
printed = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40)
paths = st.text("abcdefghijklmnopqrstuvwxyz0123456789-./", max_size=20)
urls = paths.map(lambda path: f"https://a.example/{path}")
patterns = st.sampled_from(["^https://a\\.example/\\d+$", "it's \\d", "/\\d{4}-\\d\\d", 'a"b', "(?P<y>\\d{4})"])
sources: st.SearchStrategy[Source] = (
    urls.map(Feed) | urls.map(NewsSitemap) | st.builds(Sitemap, urls, st.none() | patterns) | urls.map(Listing)
)


@given(lines, lines)
def test_a_draft_holds_no_control_characters(title: str, waits: str) -> None:
    draft = Draft("kolonda", title, HOME, ("fr",), None, "why", SAME, (), None, waits, ())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kolonda.toml"
        path.write_text(as_toml(draft), encoding="utf-8")
        outlet = load_outlet(path)
    assert outlet.title.isprintable() or not any(unicodedata.category(each) == "Cc" for each in outlet.title)
    assert outlet.title


@given(
    name=st.text("abcxyz0189", min_size=1, max_size=20),
    title=printed.filter(str.strip),
    languages=st.lists(st.sampled_from(["fr", "en", "ar"]), unique=True),
    articles=st.none() | patterns,
    found=st.lists(st.builds(Proposed, sources, lines, st.booleans()), max_size=4),
    delay=st.none() | st.floats(2.5, 60),
    waits=st.none() | printed,
    notes=st.lists(lines, max_size=3),
)
def test_a_draft_is_read_back_with_the_same_facts(
    name: str,
    title: str,
    languages: list[str],
    articles: str | None,
    found: list[Proposed],
    delay: float | None,
    waits: str | None,
    notes: list[str],
) -> None:
    draft = Draft(name, title, HOME, tuple(languages), articles, "why", SAME, tuple(found), delay, waits, tuple(notes))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(as_toml(draft), encoding="utf-8")
        outlet = load_outlet(path)
    assert (outlet.name, outlet.title, outlet.home) == (name, title, HOME)
    assert outlet.languages == (tuple(languages) or ("und",))
    assert (outlet.articles, outlet.waits) == (articles, waits or None)
    assert (outlet.delay, outlet.same) == (delay or 2.0, SAME)
    assert outlet.sources == tuple(each.source for each in found if each.live)
