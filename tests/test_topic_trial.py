"""A topic tried on a corpus says what matching every article would say."""

from dataclasses import replace
from datetime import date
from functools import cache
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.matching import Decision, Document, match, prefilter
from archive.model import Lead
from archive.norm import norm
from archive.schema import open_database
from archive.topics import PREFILTERS, Topic
from archive.tuning.census import seen_by
from archive.tuning.trial import rejected_leads, tried
from archive.weighing import plan_of
from tests.matching_topics import topic

NEW = topic("""
[window]
from = 2023-07-01
[outlets]
exclude = ["far"]
[rule]
near = 0
min_score = 3.0
[concepts.place]
fr = ["Niger", "nigérien*", "delta du Niger"]
ar = ["النيجر"]
[concepts.event]
fr = ["coup d'État", "coup", "cou*", "junte"]
[concepts.event.en]
terms = ["ousted"]
only_in = ["junta*"]
[[exclude]]
concept = "place"
terms = ["fleuve Niger"]
[[exclude]]
terms = ["coup de théâtre"]
""")
NEAR = topic(NEW.toml.replace("near = 0", "near = 3").replace("min_score = 3.0", "min_score = 1.0"))
LONG = topic(NEW.toml + "\n[score]\nper_words = 9\n")
RAW = topic(NEW.toml + "\n[raw]\nfts = 'niger OR \"coup d etat\"'\n")
OLD = topic(NEW.toml.replace('"cou*", ', "").replace("min_score = 3.0", "min_score = 6.0"))
SINGLE = "Niger nigériennes delta du fleuve coup coups d'État de théâtre junte juntas ousted والنيجر le port Nigéria co"
WORDS = st.sampled_from([*SINGLE.split(), "coup d'État", "fleuve Niger", "."])
TEXT = st.lists(WORDS, max_size=14).map(" ".join)
ARTICLES = st.lists(
    st.builds(
        Document,
        id=st.just(""),
        outlet=st.sampled_from(["near", "far", None]),
        language=st.sampled_from(["fr", "en", None]),
        published=st.sampled_from([date(2023, 8, 4), date(2023, 6, 1), None]),
        title=TEXT,
        standfirst=TEXT,
        text=TEXT,
    ),
    max_size=8,
).map(lambda made: [replace(each, id=f"a{n}") for n, each in enumerate(made)])


@cache
def empty() -> Database:
    return open_database(":memory:")


def corpus_of(documents: list[Document]) -> Database:
    db = empty()
    with db.atomic():
        for name in ("articles", "articles_norm"):
            db.execute(f"DELETE FROM {name}")
        for each in documents:
            db.execute(
                "INSERT INTO articles (id, outlet, url, title, standfirst, text, language, published_day, access,"
                " complete, first_seen, last_seen, revision_count, capture_id)"
                " VALUES (?, ?, 'u', ?, ?, ?, ?, ?, 'free', 'yes', 't', 't', 1, 'c')",
                [each.id, each.outlet, each.title, each.standfirst, each.text, each.language, _day(each)],
            )
            db.execute(
                "INSERT INTO articles_norm (article_id, title, standfirst, text) VALUES (?, ?, ?, ?)",
                [each.id, norm(each.title), norm(each.standfirst), norm(each.text)],
            )
    return db


def _day(document: Document) -> str | None:
    return str(document.published) if document.published else None


def taken(topic: Topic, documents: list[Document]) -> set[str]:
    return {each.document_id for each in match([topic], documents) if each.decision is Decision.MATCH}


@settings(deadline=None, max_examples=150)
@given(ARTICLES, st.sampled_from([NEW, NEAR, RAW, OLD, LONG]))
def test_an_article_is_weighed_as_it_is_matched(documents: list[Document], asked: Topic) -> None:
    db = corpus_of(documents)
    seen = {each.article.id: each.weighed[0] for each in seen_by(db.conn, [asked])}
    found = {each.article.id: each.found[0] for each in seen_by(db.conn, [asked])}
    for document, due in zip(documents, match([asked], documents), strict=True):
        weighed = seen.get(document.id)
        if weighed is None:
            assert due.decision is Decision.REJECT
            continue
        if asked is not NEAR:
            assert (weighed.decision, weighed.reason, weighed.score) == (due.decision, due.reason, due.score)
        assert weighed.decision == due.decision
        assert [(hit.term.concept, hit.term.text) for hit in weighed.hits] == [
            (span.concept, span.term) for span in due.spans
        ]
        lexicon = plan_of(asked).lexicon
        for words, occurrences in found[document.id]:
            assert occurrences == list(lexicon.find(list(words)))


@settings(deadline=None, max_examples=100)
@given(ARTICLES, st.sampled_from([NEW, NEAR, RAW, LONG]))
def test_a_trial_is_the_difference_of_two_matchings(documents: list[Document], new: Topic) -> None:
    db = corpus_of(documents)
    trial = tried(db.conn, new, OLD)
    alone = tried(db.conn, new)
    ours, theirs = taken(new, documents), taken(OLD, documents)
    assert trial.kept == len(ours & theirs)
    assert {each.article.id for each in trial.gained} == ours - theirs
    assert {each.article.id for each in trial.lost} == theirs - ours
    assert {each.article.id for each in alone.gained} == ours
    assert alone.maybe == sum(each.decision is Decision.MAYBE for each in match([new], documents))


@settings(deadline=None, max_examples=60)
@given(ARTICLES, st.sampled_from([NEW, LONG]))
def test_what_hangs_on_a_term_is_what_goes_without_it(documents: list[Document], asked: Topic) -> None:
    db = corpus_of(documents)
    trial = tried(db.conn, asked)
    whole = taken(asked, documents)
    for term in asked.terms:
        others = tuple(each for each in asked.terms if each != term)
        less = replace(asked, terms=others, version=f"{asked.version} without {term}")
        assert trial.hanging[term] == len(whole - taken(less, documents))
    assert trial.alone <= sum(trial.hanging.values())


def test_a_change_names_the_term_that_decides_and_why_the_other_refuses() -> None:
    documents = [
        Document("new-word", text="Le Niger, le couac, et encore le Niger, le couac."),
        Document("score", text="Niger, Niger, coup"),
        Document("both", title="Niger : coup d'État", text="Niger, coup d'État, junte"),
    ]
    db = corpus_of(documents)
    trial = tried(db.conn, NEW, OLD)
    back = tried(db.conn, OLD, NEW)
    told = {each.article.id: (each.term and each.term.text, each.why) for each in trial.gained}
    assert trial.kept == 1
    assert told == {
        "new-word": ("cou*", "rule_not_met"),
        "score": ("Niger", "below_min_score: 3 < 6; date_unknown"),
    }
    assert {each.article.id for each in back.lost} == {"new-word", "score"}


LEADS = st.builds(
    Lead,
    url=st.builds("https://near.example/{}/{}".format, TEXT.map(quote), TEXT.map(lambda text: text.replace(" ", "-"))),
    outlet=st.sampled_from(["near", "far"]),
    source=st.just("feed"),
    title=st.none() | TEXT,
    summary=st.none() | TEXT,
)


@settings(deadline=None)
@given(st.lists(LEADS, max_size=6), st.sampled_from(PREFILTERS))
def test_a_refused_lead_is_judged_as_the_crawl_would(leads: list[Lead], where: str) -> None:
    asked = topic(NEW.toml.replace("near = 0", f'prefilter = "{where}"'))
    judged = [(lead, prefilter(asked, lead)) for lead in leads]
    assert rejected_leads(leads, asked) == [(lead, why) for lead, (keep, why) in judged if keep]
