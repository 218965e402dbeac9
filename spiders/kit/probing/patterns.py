"""The pattern of a newspaper's article addresses, learned from addresses that it lists itself.

What is learned must hold for articles that nobody has listed yet: what differs between two articles (a section, a slug,
a number) is left open, what all share stays as it is, and a day or a number of the newspaper becomes a group.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from spiders.kit.probing.forms import ANY, Writer
from spiders.kit.probing.shapes import WORD, Shape, shape_of, words_of

FORMS: Final = 4
"""Forms of addresses in one pattern; a newspaper with more has its feeds filled from elsewhere."""

_FEW = 0.05  # of the listed addresses: a form that is rarer is no form of this newspaper's articles
_ENOUGH = 0.8  # of the listed addresses that a pattern must take
_SAME = 5  # addresses that share a word before it counts as part of the form
_PLAIN = 4  # words of a slug that no section, tag or person has
_LISTS = ("category", "tag", "author", "page", "search")  # in a pattern without date and number
# First folders, or beginnings of them, under which no newspaper keeps articles
_ELSEWHERE: Final = re.compile(
    r"(?:category|categories|categorie|tag|tags|author|authors|auteur|auteurs|autor|page|search|recherche|topic|topics|"
    r"rubrique|section|sections|mot|mots-cles|motcle|dossier|feed|rss|login|account|user|users|wp-[a-z]+|newsletter|"
    r"newsletters|contact|about|a-propos|privacy|terms|abonnement|abonnements|subscribe|subscription|shop|boutique|"
    r"kategorie|thema|schlagwort|etiqueta|etiquetas|categoria|tema|temas)"
)


@dataclass(frozen=True, slots=True)
class Learned:
    """A pattern of article addresses for `Outlet.articles`, and how it was borne out.

    `taken` of `listed` addresses match it; `mistaken`: addresses known to be no articles that match it all the same.
    `dated`, `numbered`: whether it has the groups y, m, d, and id.
    """

    pattern: str
    listed: int
    taken: int
    mistaken: tuple[str, ...]
    missed: tuple[str, ...]
    dated: bool
    numbered: bool


def learn(
    listed: Collection[str],
    *,
    others: Collection[str] = (),
    seen: Collection[str] = (),
    days: Mapping[str, date] | None = None,
) -> Learned | None:
    """The pattern that `listed` follow; None where they have none that tells them from `others`.

    `listed`: addresses of articles, in the outlet's one spelling. `others`: addresses of the same hosts that are no
    articles. `seen`: addresses of which nobody knows; those of the same form show what may differ. `days`: when listed
    articles were published, which tells 010203 from another 010203. Pure, and never raises.
    """
    articles = _shapes(listed)
    apart = frozenset(others) - frozenset(listed)
    if not articles:
        return None
    writer = Writer(days or {})
    first = _written(articles, apart, writer, open_words=True)
    more = [each for each in _shapes(seen) if _is_another(each, first, apart)]
    known = [*articles, *(each for each in more if each.url not in set(listed))]
    forms = _written(known, apart, writer, open_words=False)
    if not forms:
        return None
    pattern = _joined(forms, _hosts(known, articles), known)
    compiled = re.compile(pattern)
    taken = [each for each in articles if compiled.search(each.url)]
    mistaken = tuple(sorted(url for url in apart if compiled.search(url)))
    if len(taken) < _ENOUGH * len(articles) or len(mistaken) > max(1, len(taken) // 3):
        return None
    missed = tuple(sorted({each.url for each in articles} - {each.url for each in taken}))
    groups = compiled.groupindex
    return Learned(
        pattern, len(articles), len(taken), mistaken, missed, {"y", "m", "d"} <= groups.keys(), "id" in groups
    )


def is_list(url: str) -> bool:
    """Whether an address is one of a list or a page of the house, by a folder that no newspaper has for articles."""
    shape = shape_of(url)
    return shape is not None and any(_ELSEWHERE.fullmatch(each.text.lower()) for each in shape.segments[:2])


def _shapes(urls: Iterable[str]) -> list[Shape]:
    return [shape for url in dict.fromkeys(urls) if (shape := shape_of(url)) is not None]


def _is_another(shape: Shape, forms: Sequence[str], apart: Collection[str]) -> bool:
    """Whether an address of which nobody knows is an article: it has the form of one and could be nothing else."""
    if shape.url in apart or not (shape.dated or shape.numbered or shape.words > _PLAIN):
        return False
    if shape.segments and _ELSEWHERE.fullmatch(shape.segments[0].text):
        return False
    return any(re.fullmatch(form, _path(shape)) for form in forms)


def _path(shape: Shape) -> str:
    return shape.url.split("/", 3)[3] if shape.url.count("/") >= 3 else ""


def _written(articles: Sequence[Shape], apart: Collection[str], writer: Writer, *, open_words: bool) -> list[str]:
    """The forms as patterns of what follows the host, the most frequent first. `open_words`: no word is kept."""
    left = list(articles)
    least = max(1.0, _FEW * len(left)) if len(left) < 20 else max(2.0, _FEW * len(left))
    paths = [_path(shape) for url in apart if (shape := shape_of(url)) is not None]
    forms: list[str] = []
    used: set[str] = set()
    while left and len(forms) < FORMS:
        groups: dict[tuple[str, ...], list[Shape]] = {}
        for each in left:
            groups.setdefault(each.key, []).append(each)
        key, group = max(groups.items(), key=lambda item: len(item[1]))
        if len(group) < least:
            break
        left = [each for each in left if each.key != key]
        against = [] if open_words else paths
        written, names = writer.form(group, keep=False, used=frozenset(used))
        if len(group) >= _SAME and not open_words and (key == (WORD,) or _caught(written, against)):
            # words that all share help where nothing else tells articles from other pages
            written, names = writer.form(group, keep=True, used=frozenset(used))
        form = _guarded(written, group, against)
        if form is None:
            continue
        forms.append(form)
        used |= names
        left = [each for each in left if not re.fullmatch(form, _path(each))]
    return forms


def _guarded(form: str, group: Sequence[Shape], paths: Sequence[str]) -> str | None:
    """The form with what keeps the newspaper's other pages out; None where it cannot be told from them.

    A form with a day or a number is narrow by itself. A slug alone needs words enough, and other folders.
    """
    if group[0].key == (WORD,):
        return _guarded_slug(form, group, paths)
    caught = _caught(form, paths)
    if caught and group[0].key[-1] == WORD and ANY.segment in form:
        # the listing of a day has one word where an article has a slug
        head, _, tail = form.rpartition(ANY.segment)
        narrow = head + ANY.slug_of(2) + tail
        if all(re.fullmatch(narrow, _path(each)) for each in group) and len(_caught(narrow, paths)) < len(caught):
            form, caught = narrow, _caught(narrow, paths)
    own = {segment.text for each in group for segment in each.segments}
    closed = []
    for path in caught:
        folders = path.split("/")[:-1]
        listing = next((each for each in folders if _ELSEWHERE.fullmatch(each) and each not in own), None)
        if listing is not None:
            closed.append(rf"(?:{ANY.segment}/)*{re.escape(listing)}/")
        elif folders and folders[0] not in own:
            closed.append(re.escape(folders[0]).replace(r"\-", "-") + "/")
    return _without(sorted(set(closed)), form)


def _caught(form: str, paths: Sequence[str]) -> list[str]:
    return [path for path in paths if re.fullmatch(form, path)]


def _guarded_slug(form: str, group: Sequence[Shape], paths: Sequence[str]) -> str | None:
    counts = sorted(words_of(each.segments[-1].text) for each in group)
    firsts = {each.segments[0].text for each in group}
    most = counts[len(counts) // 20]  # what all but a few of the listed slugs have
    closed = [f"{name}/" for name in _LISTS if name not in firsts]
    for least in range(2, most + 1):
        narrow = form.replace(ANY.slug, ANY.slug_of(least))
        caught = _caught(_without(closed, narrow), paths)
        if not caught:
            return _without(closed, narrow)
    narrow = form.replace(ANY.slug, ANY.slug_of(most) if most > 1 else ANY.segment)
    caught = _caught(_without(closed, narrow), paths)
    folders = sorted({path.split("/")[0] for path in caught if "/" in path.rstrip("/")} - firsts)
    pages = sorted({path.rstrip("/") for path in caught if path.split("/")[0] not in folders})
    if most < 2 and (pages or not re.match(r"\w", form)):
        return None  # single words: sections look the same
    return _without(
        [*closed, *(re.escape(each) + "/" for each in folders), *(re.escape(each) + "/?$" for each in pages[:12])],
        narrow,
    )


def _without(beginnings: Sequence[str], form: str) -> str:
    folders = [each.removesuffix("/") for each in beginnings if each.endswith("/")]
    pages = [each for each in beginnings if not each.endswith("/")]
    if len(folders) > 1:
        folders = [f"(?:{'|'.join(folders)})"]
    closed = [*(f"{each}/" for each in folders), *pages]
    return f"(?!{'|'.join(closed)}){form}" if closed else form


def _hosts(known: Sequence[Shape], articles: Sequence[Shape]) -> list[str]:
    """The hosts of articles, the most frequent first; those that hold hardly any are left out."""
    counts = Counter(each.host for each in articles)
    enough = [host for host, number in counts.most_common() if number >= _FEW * len(articles)]
    also = Counter(each.host for each in known)
    return enough or [host for host, _ in also.most_common(1)]


def _joined(forms: Sequence[str], hosts: Sequence[str], known: Sequence[Shape]) -> str:
    schemes = {each.url.split(":", 1)[0] for each in known if each.host in hosts}
    scheme = schemes.pop() if len(schemes) == 1 else "https?"
    host = re.escape(hosts[0]) if len(hosts) == 1 else f"(?:{'|'.join(map(re.escape, hosts))})"
    host = host.replace(r"\-", "-")
    body = forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
    return f"^{scheme}://{host}/{body}$"
