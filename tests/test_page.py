"""What an outlet may override, and what the standards give without an outlet's file. All pages here are invented."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.model import Access, Author, Complete, Role
from spiders import almonitor, mediapart
from spiders.kit.page import Page

URL = "https://www.paper.example/politics/2023/08/04/a-story"
BODY = "".join(
    f"<p>Sentence number {n} of an invented report, with some words to make it long enough to count.</p>"
    for n in range(8)
)


def page(head: str = "", body: str = BODY, url: str = URL, kind: type[Page] = Page) -> Page:
    return kind(
        f"<!DOCTYPE html><html lang='en'><head>{head}</head><body><article>{body}</article></body></html>", url=url
    )


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


class TestOverriding:
    def test_a_misspelt_field_fails_at_import(self) -> None:
        with pytest.raises(TypeError, match="is published meant"):

            class Misspelt(Page):
                def publisched(self) -> None:
                    return None

    def test_a_field_of_the_wrong_kind_fails_at_import(self) -> None:
        with pytest.raises(TypeError, match="must be a method"):

            class NoMethod(Page):
                title = "A title"  # type: ignore[assignment]

        with pytest.raises(TypeError, match="must be tuple"):

            class NoTuple(Page):
                drop = "aside"  # type: ignore[assignment]

    def test_a_method_that_wants_more_fails_at_import(self) -> None:
        with pytest.raises(TypeError, match="must take"):

            class WantsMore(Page):
                def title(self, wanted: str) -> str | None:  # type: ignore[override]
                    return wanted

    def test_names_of_ones_own_may_be_private(self) -> None:
        class Private(Page):
            _seen = 1

            def title(self) -> str | None:
                return f"{self._seen} {super().title()}"

        assert page("<title>Story</title>", kind=Private).title() == "1 Story"


class TestStandards:
    def test_json_ld_comes_first(self) -> None:
        found = page(
            ld(
                '{"@graph": [{"@type": "WebSite", "name": "The Paper"}, '
                '{"@type": "NewsArticle", "headline": "A story", '
                '"author": [{"@id": "#a"}], "datePublished": "2023-08-04T10:00:00+02:00", '
                '"articleSection": "Politics", '
                '"keywords": "one, two", "isAccessibleForFree": "False", "license": "https://licence.example/by"}, '
                '{"@id": "#a", "@type": "Person", "name": "Awa Invented"}]}'
            )
            + '<meta property="og:title" content="Another title"><meta name="author" content="Someone Else">'
        )
        assert found.title() == "A story"
        assert found.authors() == (Author("Awa Invented", Role.PERSON),)
        published = found.published()
        assert published == datetime(2023, 8, 4, 8, tzinfo=UTC)
        assert published is not None
        assert published.utcoffset() == timedelta(hours=2)
        assert found.section() == "Politics"
        assert found.tags() == ("one", "two")
        assert found.access()[0] is Access.PAYWALLED
        assert found.licence() == "https://licence.example/by"
        assert found.read_by["authors"] == "json-ld"

    @pytest.mark.parametrize(
        "text",
        [
            '<!-- {"@type": "NewsArticle", "headline": "A story"} -->',
            '// <![CDATA[\n{"@type": "NewsArticle", "headline": "A story"}\n// ]]>',
            '{"@type": "NewsArticle", "headline": "A story",}',
            '[{"@type": "BreadcrumbList"}, [{"@type": ["Article", "NewsArticle"], "headline": "A &amp;amp; story"}]]',
            '{"@type": "NewsArticle", "headline": "A story", "broken": "no end',
            '{"@type": "NewsArticle", "headline": "A\nstory"}',
        ],
    )
    def test_broken_json_ld_is_read_as_far_as_it_goes(self, text: str) -> None:
        assert (page(ld(text)).title() or "").replace("& ", "") == "A story"

    def test_the_article_of_this_page_among_several(self) -> None:
        other = (
            '{"@type": "NewsArticle", "headline": "Another", "url": "https://www.paper.example/other", '
            '"datePublished": "2020-01-01"}'
        )
        own = f'{{"@type": "NewsArticle", "headline": "A story", "mainEntityOfPage": {{"@id": "{URL}"}}}}'
        assert page(ld(f"[{other}, {own}]")).title() == "A story"

    def test_meta_tags_come_next(self) -> None:
        found = page(
            '<meta property="og:site_name" content="The Paper"><title>A story of soldiers | The Paper</title>'
            '<meta property="article:published_time" content="2023-08-04T10:00:00Z">'
            '<meta name="news_keywords" content="a, b, a">'
            '<meta property="og:article:content_tier" content="metered"><meta name="tdm-reservation" content="1">'
            '<meta name="robots" content="noarchive"><link rel="canonical" href="/politics/a-story#top">'
        )
        assert found.title() == "A story of soldiers"
        assert found.published() == datetime(2023, 8, 4, 10, tzinfo=UTC)
        assert found.tags() == ("a", "b")
        assert found.access()[0] is Access.METERED
        assert (found.tdm_reservation(), found.tdm_policy(), found.robots_meta()) == ("1", None, "noarchive")
        assert found.canonical_url() == "https://www.paper.example/politics/a-story"

    @pytest.mark.parametrize(
        ("head", "said"),
        [
            ('<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://p/t">', "https://p/t"),
            (
                '<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="https://me:pw@p/">',
                "https://p/",
            ),
            ('<meta name="tdm-reservation" content="yes"><meta name="tdm-policy" content="https://p/t">', None),
            ('<meta name="tdm-policy" content="https://p/t">', None),
        ],
        ids=["reserved", "password", "no value", "alone"],
    )
    def test_the_terms_of_a_page_that_says_whether_it_reserves(self, head: str, said: str | None) -> None:
        assert page(head).tdm_policy() == said

    def test_what_readers_see_comes_last(self) -> None:
        found = page(
            "<title>The Paper</title>",
            "<h1>A story</h1><p class='byline'>By Awa Invented and Jo Madeup</p><p>Published 4 August 2023</p>" + BODY,
            url="https://www.paper.example/a-story",
        )
        assert found.title() == "A story"
        assert [author.name for author in found.authors()] == ["Awa Invented", "Jo Madeup"]
        assert (found.published(), found.published_day()) == (None, date(2023, 8, 4))
        assert "Awa" not in " ".join(block.text for block in found.blocks())

    def test_a_page_that_says_nothing_gives_nothing(self) -> None:
        found = Page(b"<p></p>", url="https://www.paper.example/")
        assert (found.title(), found.standfirst(), found.kicker(), found.published(), found.modified()) == (None,) * 5
        assert (found.authors(), found.tags(), found.blocks(), found.images(), found.links(), found.attributions()) == (
            (),
        ) * 6
        assert found.access() == (Access.UNKNOWN, ())
        assert found.complete() is Complete.UNKNOWN
        assert (found.language(), found.section(), found.stable_id(), found.licence()) == (None,) * 4

    def test_no_date_comes_out_of_the_prose(self) -> None:
        found = page(
            body="<h1>A story</h1><p>On 4 August 2023 the invented soldiers met.</p>" + BODY,
            url="https://www.paper.example/a",
        )
        assert (found.published(), found.published_day(), found.modified()) == (None, None, None)

    def test_a_time_without_an_offset_is_a_day(self) -> None:
        found = page('<meta property="article:published_time" content="2023-08-04T10:00:00">')
        assert (found.published(), found.published_day()) == (None, date(2023, 8, 4))


def test_tags_as_the_page_shows_them() -> None:
    class Tagged(Page):
        tags_at = ".topics a"

    head = '<meta name="keywords" content="GEN,POL">'
    shown = "<p class='topics'><a href='/a'>Bridges</a><a href='/b'> Old  towns</a><a href='/a'>Bridges</a><a></a></p>"
    assert page(head, BODY + shown, kind=Tagged).tags() == ("Bridges", "Old towns")
    assert page(head, kind=Tagged).tags() == ("GEN", "POL")


class TestBody:
    def test_furniture_stays_out_of_an_outlets_body(self) -> None:
        found = mediapart.MediapartPage(
            "<html lang='fr'><body><div class='news__body__center__article'>"
            "<p class='dropcap-wrapper'><span aria-hidden='true'><span class='dropcap'>U</span>ne</span>"
            "<span class='screen-reader-only'>Une</span> phrase inventée ouvre le récit.</p>"
            "<aside class='read-also'><p>À lire aussi : un autre récit</p></aside><h2>Un intertitre</h2>"
            "<blockquote><p>Une citation inventée.</p></blockquote><p>Lire aussi : <a href='/x'>encore "
            "un</a></p>"
            "<ul><li>Un point</li><li>Un autre</li></ul><p>Voir <a href='/journal/a'>ce "
            "lien</a>.<br><br>Puis une suite.</p>"
            "<script>var text = 'no';</script></div></body></html>",
            url="https://www.mediapart.fr/journal/france/040823/un-recit",
        )
        assert [(block.kind, block.text) for block in found.blocks()] == [
            ("paragraph", "Une phrase inventée ouvre le récit."),
            ("subhead", "Un intertitre"),
            ("quote", "Une citation inventée."),
            ("list_item", "Un point"),
            ("list_item", "Un autre"),
            ("paragraph", "Voir ce lien."),
            ("paragraph", "Puis une suite."),
        ]
        assert [(link.url, link.text) for link in found.links()] == [("https://www.mediapart.fr/journal/a", "ce lien")]
        assert found.read_by["blocks"] == "outlet"

    def test_a_cookie_dialog_never_wins_over_a_short_article(self) -> None:
        dialog = (
            "<div role='dialog'>"
            + "<p>We use cookies and other technologies to measure our audience.</p>" * 30
            + "</div>"
        )
        found = page(
            body="<h1>A story</h1><p>The invented report is short, but it is the only article here.</p>" + dialog
        )
        assert "cookies" not in " ".join(block.text for block in found.blocks())

    def test_text_that_lies_in_the_data_alone_is_found(self) -> None:
        text = " ".join(f"Sentence {n} of the invented report stands in the data." for n in range(20))
        found = page(
            ld(f'{{"@type": "NewsArticle", "headline": "A story", "articleBody": "{text}"}}'), body="<h1>A story</h1>"
        )
        assert text in " ".join(block.text for block in found.blocks())


class TestAccess:
    CUT = "<div class='message-paywall'><p>La lecture des articles est réservée aux abonné·es.</p></div>"

    def mediapart(self, before: str = "", head: str = "") -> Page:
        body = f"{before}<div class='news__body__center__article'><p>Une phrase inventée.</p></div>"
        return mediapart.MediapartPage(f"<html><head>{head}</head><body><main>{body}</main></body></html>", url=URL)

    def test_a_gate_is_a_cut(self) -> None:
        found = self.mediapart(self.CUT)
        assert found.access()[0] is Access.PAYWALLED
        assert found.complete() is Complete.NO

    @pytest.mark.parametrize("sentence", ["This article is freely available.", "Cet article est en accès libre."])
    @pytest.mark.parametrize("said", ['"True"', '"False"', "true", None])
    def test_the_sentence_says_free_whatever_the_data_say(self, sentence: str, said: str | None) -> None:
        head = ld(f'{{"@type": "NewsArticle", "isAccessibleForFree": {said}}}') if said else ""
        found = self.mediapart(f"<p>{sentence}</p>", head)
        access, evidence = found.access()
        assert access is Access.FREE
        assert sentence in [sign.says for sign in evidence]

    def test_no_sign_no_verdict(self) -> None:
        assert self.mediapart().access() == (Access.UNKNOWN, ())
        assert self.mediapart().complete() is Complete.UNKNOWN

    def test_a_padlock_on_a_teaser_says_nothing_of_this_article(self) -> None:
        found = page(body=BODY + "<ul><li><a href='/x'>Another <span>Article réservé aux abonnés</span></a></li></ul>")
        assert found.access() == (Access.UNKNOWN, ())

    def test_a_gate_in_any_newspaper(self) -> None:
        found = page(body=BODY + "<div class='paywall'><p>Subscribe to continue reading this article.</p></div>")
        assert found.access()[0] is Access.PAYWALLED
        assert found.complete() is Complete.NO

    @pytest.mark.parametrize(
        ("said", "gate", "verdict"),
        [
            ("", "", Access.FREE),
            ("", "<div class='paywall'><p>Subscribe to continue reading.</p></div>", Access.UNKNOWN),
            (', "isAccessibleForFree": "False"', "", Access.PAYWALLED),
            (None, "", Access.UNKNOWN),
        ],
    )
    def test_no_mark_is_free_where_the_newspaper_marks_what_is_paid_for(
        self, said: str | None, gate: str, verdict: Access
    ) -> None:
        class Marked(Page):
            marks_paid = True

        head = "" if said is None else ld(f'{{"@type": "NewsArticle", "headline": "A"{said}}}')
        found = page(head, body=BODY + gate, kind=Marked)
        assert found.access()[0] is verdict
        assert (found.complete() is Complete.YES) is (verdict is Access.FREE)

    def test_metered_is_what_only_the_tier_knows(self) -> None:
        head = '<meta name="article:content_tier" content="metered">' + ld(
            '{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": false}'
        )
        assert page(head).access()[0] is Access.METERED

    def test_the_price_box_of_al_monitor(self) -> None:
        offer = "<p>Join our community of invented readers.</p><p>Only $100 per year.</p>"
        gate = f"<h2>Access the invented news you can trust</h2>{offer}"
        found = almonitor.AlMonitorPage(
            f"<html><body><div class='article-body'>{BODY}{gate}</div></body></html>", url=URL
        )
        assert found.access()[0] is Access.PAYWALLED
        assert len(found.blocks()) == 8


def test_the_time_keeps_the_papers_offset() -> None:
    said = '"datePublished": "2023-01-04T10:00:00+01:00", "dateModified": "2023-01-05T10:00:00-05:00"'
    modified = page(ld(f'{{"@type": "NewsArticle", {said}}}')).modified()
    assert modified is not None
    assert modified.tzinfo == timezone(timedelta(hours=-5))
