"""The body without an outlet's file: what every reader of strange pages gets wrong. All pages here are invented."""

import json

import pytest

from spiders.kit.page import Page

URL = "https://www.paper.example/politics/2023/08/04/a-story"
TITLE = "River port of an invented town reopens after the flood"


def prose(*numbers: int, of: str = "the river port reopened after the flood") -> list[str]:
    return [
        f"In sentence {number} of this invented report on how {of}, a harbour clerk counts barges and says little more."
        for number in numbers
    ]


def paragraphs(*numbers: int, of: str = "the river port reopened after the flood") -> str:
    return "".join(f"<p>{each}</p>" for each in prose(*numbers, of=of))


def page(body: str, head: str = "", kind: type[Page] = Page) -> Page:
    return kind(
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>", url=URL
    )


def texts(found: Page) -> list[str]:
    return [block.text for block in found.blocks()]


class TestTextInScripts:
    """Text that the page's markup does not show."""

    SHELL = f"<div id='app'><h1>{TITLE}</h1><p>Loading</p></div>"

    def script(self, state: object, *, before: str = "", after: str = "", mark: str = "") -> str:
        return f"<script {mark}>{before}{json.dumps(state)}{after}</script>"

    def test_next_data(self) -> None:
        html = "".join(f"<p>{each}</p>" for each in prose(*range(8)))
        state = {"props": {"pageProps": {"other": [1], "article": {"headline": TITLE, "body": html}}}}
        found = page(self.SHELL + self.script(state, mark="id='__NEXT_DATA__' type='application/json'"))
        assert texts(found) == prose(*range(8))
        assert found.read_by["blocks"] == "script"

    def test_an_assignment_with_blocks(self) -> None:
        content = [
            {"type": "text", "content": prose(0)[0]},
            {"type": "header", "content": "What the clerk says"},
            {"type": "image", "caption": "A barge with a caption of many words that is no text of the article."},
            {"type": "related", "content": [{"content": "Another article of the newspaper that nobody asked for"}]},
            *({"type": "text", "content": each} for each in prose(*range(1, 8))),
        ]
        state = {"globalContent": {"headlines": {"basic": TITLE}, "content_elements": content}}
        found = page(self.SHELL + self.script(state, before="window.__STATE__=", after=";window.other=1"))
        assert texts(found) == [prose(0)[0], "What the clerk says", *prose(*range(1, 8))]
        assert [block.kind for block in found.blocks()][:2] == ["paragraph", "subhead"]

    def test_a_store_with_references(self) -> None:
        state = {
            "Article:1": {"__typename": "Article", "title": TITLE, "body": {"__ref": "Body:7"}},
            "Body:7": {"content": [{"type": "paragraph", "children": [{"text": each}]} for each in prose(*range(8))]},
        }
        found = page(self.SHELL + self.script(state, before="window.__APOLLO_STATE__ = "))
        assert texts(found) == prose(*range(8))

    def test_a_flat_list_of_values(self) -> None:
        state: list[object] = [{"article": 1}, {"title": 2, "paragraphs": 3}, TITLE, [*range(4, 12)], *prose(*range(8))]
        found = page(self.SHELL + self.script(state, mark="id='__NUXT_DATA__' type='application/json'"))
        assert texts(found) == prose(*range(8))

    def test_json_in_a_string_and_in_pieces(self) -> None:
        article = {"title": TITLE, "body": prose(*range(8))}
        parsed = page(self.SHELL + f"<script>var state = JSON.parse({json.dumps(json.dumps(article))});</script>")
        assert texts(parsed) == prose(*range(8))
        flight = f"1:[]\n2:{json.dumps(article)}\n"
        pieces = "".join(
            f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in (flight[:400], flight[400:])
        )
        assert texts(page(self.SHELL + pieces)) == prose(*range(8))

    def test_article_body_in_json_ld(self) -> None:
        said = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(prose(*range(8)))}
        found = page(self.SHELL, f"<script type='application/ld+json'>{json.dumps(said)}</script>")
        assert texts(found) == prose(*range(8))
        assert found.read_by["blocks"] == "json-ld"

    @pytest.mark.parametrize("kind", ["ParagraphBlock", "Paragraph", "ContentBlock", None])
    def test_references_to_paragraphs_are_paragraphs(self, kind: str | None) -> None:
        parts: dict[str, object] = {
            f"B:{number}": {"__typename": kind, "text": each} for number, each in enumerate(prose(*range(8)))
        }
        article = {"__typename": "Article", "title": TITLE, "body": [{"__ref": name} for name in parts]}
        found = page(self.SHELL + self.script({"Article:1": article, **parts}, before="window.__APOLLO_STATE__ = "))
        assert texts(found) == prose(*range(8))

    def test_the_runs_of_a_paragraph_are_one(self) -> None:
        runs = [{"text": "A harbour clerk "}, {"text": "counts", "bold": True}, {"text": " barges of the town. " * 9}]
        state = {"title": TITLE, "content": [{"type": "paragraph", "children": runs}] * 3}
        found = page(self.SHELL + self.script(state, mark="type='application/json'"))
        assert texts(found)[0].startswith("A harbour clerk counts barges")

    @pytest.mark.parametrize("name", ["html", "text", "content", "value"])
    def test_a_text_beside_no_headline_that_speaks_of_it(self, name: str) -> None:
        parts = [{"type": "text", name: f"<p>{each}</p>" if name == "html" else each} for each in prose(*range(8))]
        other = [{"type": "text", name: each} for each in prose(*range(20, 40), of="the council met")]
        state = {"story": {"components": parts}, "more": {"story": {"components": other}}}
        found = page(self.SHELL + self.script(state, mark="type='application/json'"))
        assert texts(found) == prose(*range(8))

    def test_what_readers_say_under_the_same_headline_is_not_the_text(self) -> None:
        replies = [{"title": TITLE, "text": " ".join(prose(*range(20, 60)))}]
        state = {"article": {"title": TITLE, "content": paragraphs(*range(8))}, "comments": replies}
        assert texts(page(self.SHELL + self.script(state, mark="type='application/json'"))) == prose(*range(8))

    def test_a_text_in_markdown(self) -> None:
        said = "\n\n".join((*prose(*range(4)), "## What the clerk says", *prose(*range(4, 8))))
        found = page(self.SHELL + self.script({"title": TITLE, "body": said}, mark="type='application/json'"))
        assert [block.kind for block in found.blocks()] == ["paragraph"] * 4 + ["subhead"] + ["paragraph"] * 4
        assert texts(found)[4] == "What the clerk says"

    def test_the_text_of_another_article_is_not_taken(self) -> None:
        state = {"next": {"headline": "Council of another town debates its bridges", "body": paragraphs(*range(8))}}
        found = page(self.SHELL + self.script(state, mark="type='application/json'"))
        assert "clerk" not in " ".join(texts(found))

    def test_what_the_page_shows_comes_first(self) -> None:
        state = {"headline": TITLE, "body": paragraphs(*range(30, 60))}
        found = page(f"<article><h1>{TITLE}</h1>{paragraphs(*range(8))}</article>" + self.script(state))
        assert texts(found) == prose(*range(8))

    def test_what_a_gate_closes_stays_closed(self) -> None:
        gate = "<article><div class='paywall'>Subscribe to continue reading.</div></article>"
        state = {"headline": TITLE, "body": paragraphs(*range(8))}
        found = page(self.SHELL + gate + self.script(state, mark="type='application/json'"))
        assert "clerk" not in " ".join(texts(found))

    @pytest.mark.parametrize("paid", ["False", False])
    def test_what_is_not_free_is_not_taken_out_of_a_script(self, paid: object) -> None:
        said = {"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": paid}
        data = f"<script type='application/ld+json'>{json.dumps(said)}</script>"
        state = {"headline": TITLE, "body": paragraphs(*range(8))}
        shown = f"<article><h1>{TITLE}</h1>{paragraphs(0)}</article>"
        found = page(shown + self.script(state, mark="type='application/json'"), data)
        assert texts(found) == prose(0)

    @pytest.mark.parametrize("broken", ["{" * 100_000, "[" * 100_000, '{"a":' * 3000, '["a' * 3000])
    def test_a_state_that_nobody_can_read_is_none(self, broken: str) -> None:
        found = page(f"{self.SHELL}<script type='application/json'>{broken}</script>")
        assert "clerk" not in " ".join(texts(found))


def test_a_body_that_adverts_split_is_one_text() -> None:
    advert = "<div class='advert'><p>Advertisement</p><script>show({slot: 1});</script></div>"
    parts = advert.join(f"<div class='chunk'>{paragraphs(n, n + 1, n + 2)}</div>" for n in range(0, 12, 3))
    found = page(f"<main><h1>{TITLE}</h1><div class='story'>{parts}</div></main>")
    assert texts(found) == prose(*range(12))


NEXT = "<article><h1>Council of another town debates its bridges</h1><time datetime='2023-08-03'>3 August</time>"


@pytest.mark.parametrize("wrap", ["{}", "<main>{}</main>", "<div class='stream'>{}</div>"])
def test_the_next_article_is_another_article(wrap: str) -> None:
    own = f"<article><h1>{TITLE}</h1>{paragraphs(*range(6))}</article>"
    after = "".join(f"{NEXT}{paragraphs(*range(n, n + 6), of='its bridges')}</article>" for n in (20, 40))
    assert texts(page(wrap.format(own + after))) == prose(*range(6))


def test_a_short_article_does_not_run_together_with_its_headline() -> None:
    brief = "A barge lay across the river for two hours on Tuesday. Nobody was hurt, the harbour office said by noon."
    story = f"<article><h1>{TITLE}</h1><div class='entry'><p>{brief}</p></div></article>"
    assert texts(page("<div class='donate'><p>We need you.</p></div>" + story + BOXES["cookies"])) == [brief]


@pytest.mark.parametrize("style", ["<br><br>", "<br/>\n<br/>", "<br><br><br>"])
def test_a_text_in_the_table_that_sets_the_page(style: str) -> None:
    lines = style.join((f"<b>{TITLE}</b><br>By Jane Austen<br>Friday, 4 August 2023", *prose(*range(6))))
    menu = "<td>Links<br><a href='/one'>one</a></td>"
    found = page(f"<table><tr>{menu}<td><font size=2>{lines}</font></td></tr></table>")
    assert texts(found) == prose(*range(6))


@pytest.mark.parametrize(
    ("first", "twin"),
    [
        ("<div class='story'><h1>{}</h1>", "<div class='story'><h1>{}</h1>"),
        ("<div class='post post-12 sport'><h1>{}</h1>", "<div class='post post-9 town'><header><h1>{}</h1></header>"),
        ("<div class='item'><div><h1>{}</h1></div>", "<div class='item'><h2><a href='/town/bridges'>{}</a></h2>"),
        ("<li class='leaf'><h1>{}</h1>", "<li class='leaf'><a href='/town/bridges'><h2>{}</h2></a>"),
    ],
)
def test_the_like_of_the_article_with_another_headline_is_another(first: str, twin: str) -> None:
    own = f"{first.format(TITLE)}<div class='txt'>{paragraphs(*range(6))}</div></{first[1:4].rstrip()}>"
    others = "".join(
        f"{twin.format('Council of another town debates its bridges')}<div class='txt'>"
        f"{paragraphs(*range(n, n + 6), of='its bridges')}</div></{twin[1:4].rstrip()}>"
        for n in (20, 40)
    )
    assert texts(page(f"<div id='infinite'>{own}{others}</div>")) == prose(*range(6))


@pytest.mark.parametrize(
    ("heading", "stated"),
    [("<h1>Part two</h1>", False), ("<h2>What the clerk has to say of the flood</h2>", False),
     ("<h1>What the clerk has to say of the flood</h1>", True)],
)  # fmt: skip
def test_the_parts_of_one_article_may_look_alike(heading: str, stated: bool) -> None:
    parts = "".join(
        f"<div class='part'>{head}{paragraphs(*range(n, n + 4))}</div>"
        for head, n in ((f"<h1>{TITLE}</h1>", 0), (heading, 4), (heading, 8))
    )
    said = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": " ".join(prose(*range(12)))})
    head = f"<script type='application/ld+json'>{said}</script>" if stated else ""
    found = [each for each in texts(page(f"<div id='all'>{parts}</div>", head)) if "clerk counts" in each]
    assert found == prose(*range(12))


def test_sections_with_headings_of_their_own_are_one_article() -> None:
    sections = "".join(
        f"<section><h2>Part {name}</h2>{paragraphs(*range(n, n + 3))}</section>"
        for name, n in (("one", 0), ("two", 3), ("three", 6))
    )
    found = [each for each in texts(page(f"<article><h1>{TITLE}</h1>{sections}</article>")) if "clerk" in each]
    assert found == prose(*range(9))


BOXES = {
    "donation": "<div class='hidden box-support'>"
    + "".join(
        f"<p>{number} times a day our newsroom brings you reporting that matters, and a vibrant public debate cannot do"
        " without readers who chip in. We hope that you will think about what independent news is worth.</p>"
        for number in ("Two", "Three", "Four", "Five")
    )
    + "</div>",
    "cookies": "<div id='cookie-box' class='consent'>"
    + "".join(
        f"<p>Purpose {number}: information about your activity is stored on your device by us and by others,"
        " who build a profile from it, which you may refuse at any time in the settings of this site.</p>"
        for number in range(6)
    )
    + "</div>",
    "registration": "<template><div><h3>What is your email?</h3><p>By submitting your email, you agree to our terms and"
    " to receive letters from us, which you can stop at any time with the link in each of them.</p></div></template>",
}


@pytest.mark.parametrize("name", BOXES)
def test_a_box_does_not_beat_a_short_article(name: str) -> None:
    story = f"<article><h1>{TITLE}</h1>{paragraphs(0, 1)}</article>"
    assert texts(page(BOXES[name] + story)) == prose(0, 1)


@pytest.mark.parametrize("name", ["cookies", "registration"])
def test_a_box_below_a_short_article_is_not_in_it(name: str) -> None:
    assert texts(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 1)}</article>{BOXES[name]}")) == prose(0, 1)


def test_a_script_does_not_leak_into_the_text() -> None:
    leaks = (
        "<div class='w'><script>window.slots = window.slots || []; function show(a){ return a.b; }</script></div>"
        "<div class='w'><style>.w { color: red; margin: 0 auto; }</style></div>"
        "<noscript><div>Please enable scripts; var x = 1;</div></noscript>"
    )
    found = texts(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 1, 2)}{leaks}{paragraphs(3, 4, 5)}</article>"))
    assert found == prose(*range(6))


TEASERS = "".join(
    f"<h3><a href='/story-{number}'>Headline {number} of some other article of the newspaper</a></h3>"
    f"<p>Its summary in one short sentence.</p>"
    for number in range(4)
)
LINKS = "".join(f"<li><a href='/story-{n}'>Headline {n} of some other article here</a></li>" for n in range(4))


@pytest.mark.parametrize("below", [TEASERS, f"<h2>More from the port</h2>{TEASERS}", f"<ul>{LINKS}</ul>"])
def test_what_stands_below_an_article_is_not_in_it(below: str) -> None:
    story = f"<div class='text'>{paragraphs(*range(8))}{below}</div>"
    assert texts(page(f"<main><h1>{TITLE}</h1>{story}</main>")) == prose(*range(8))


def test_a_list_of_links_to_other_sites_is_text() -> None:
    links = "".join(
        f"<li><a href='https://other-{n}.example/'>The report number {n} on the flood</a></li>" for n in range(4)
    )
    found = texts(page(f"<article><h1>{TITLE}</h1>{paragraphs(*range(8))}<ul>{links}</ul>{paragraphs(8, 9)}</article>"))
    assert "The report number 3 on the flood" in found


@pytest.mark.parametrize(
    "also",
    [
        "<p><strong>ALSO READ:</strong> <a href='/b'>A headline of another article</a></p>",
        "<p><strong>A LIRE AUSSI</strong> <a href='/b'>A headline of another article</a></p>",
        "<p><a href='/b'>À lire aussi : A headline of another article</a></p>",
        "<h4>Read more:</h4><ul><li><a href='/b'>A headline of another article</a></li></ul>",
        "<p>Advertisement · Scroll to continue</p>",
        "<p>12 of 57</p>",
        "<p>Photo: Agency of Pictures</p>",
    ],
)
def test_furniture_between_paragraphs(also: str) -> None:
    found = texts(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 1, 2)}{also}{paragraphs(3, 4, 5)}</article>"))
    assert found == prose(*range(6))


def test_a_label_inside_a_sentence_takes_nothing_with_it() -> None:
    said = "<p><strong>Read more:</strong> this is what the sign at the port asks of all, says the clerk.</p>"
    found = texts(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 1, 2)}{said}{paragraphs(3, 4)}</article>"))
    assert any("the sign at the port" in each for each in found)


def test_dates_and_the_headline_above_the_text() -> None:
    above = f"<p>Stand: 22.04.2024, 06:00 Uhr</p><p>Flood: {TITLE}</p>"
    assert texts(page(f"<article>{above}{paragraphs(*range(6))}</article>")) == prose(*range(6))


def test_what_an_outlet_drops_is_dropped_from_the_generic_body_too() -> None:
    class Paper(Page):
        drop = (".note",)
        gate_at = ".offer"

    note = "<p class='note'>A note of the newspaper with so many words that it looks like a paragraph of the text.</p>"
    offer = "<p class='offer'>An offer of the newspaper with so many words that it looks like a paragraph as well.</p>"
    body = f"<article><h1>{TITLE}</h1>{paragraphs(0, 1, 2)}{note}{paragraphs(3, 4, 5)}{offer}</article>"
    assert texts(page(body, kind=Paper)) == prose(*range(6))
    assert len(texts(page(body))) == 8


def test_a_description_that_is_cut_is_no_standfirst() -> None:
    for end in ("…", "...", "[…]", "[...]", "… »"):
        head = f"<meta name='description' content='A summary of the report on the port that ends before it {end}'>"
        assert page(f"<article>{paragraphs(0, 1)}</article>", head).standfirst() is None
    assert page(f"<article>{paragraphs(0, 1)}</article>", head.replace(" … »", " ends.")).standfirst()


def test_a_picture_in_a_menu_that_swallowed_the_page() -> None:
    figure = "<figure><img src='/a.jpg'><figcaption>A barge on the river</figcaption></figure>"
    swallowed = page(f"<nav><ul><li>Home</li></ul><main>{figure}{paragraphs(0, 1)}</main></nav>")
    assert [image.caption for image in swallowed.images()] == ["A barge on the river"]
    for tag in ("nav", "aside", "footer"):
        beside = page(f"<main>{paragraphs(0, 1)}<{tag}>{figure}</{tag}></main>")
        assert [image.caption for image in beside.images()] == []


@pytest.mark.parametrize(
    ("capital", "text"),
    [
        ("<span aria-hidden='true'>T</span><span class='sr-only'>The</span> clerk counts.", "The clerk counts."),
        ("<span class='sr-only'>The</span><span aria-hidden='true'>T</span> clerk counts.", "The clerk counts."),
        (
            "The clerk counts<span class='sr-only'>, opens a window</span><i aria-hidden='true'></i>.",
            "The clerk counts.",
        ),
    ],
)
def test_words_for_screen_readers(capital: str, text: str) -> None:
    class Paper(Page):
        body_at = ".text"

    found = page(f"<div class='text'><p>{capital}</p>{paragraphs(0)}</div>", kind=Paper)
    assert texts(found)[0] == text
