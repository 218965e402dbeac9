"""The replica of Mediapart: which address gives what.

Structure and traps follow the newspaper; every text is invented. Hosts: the newspaper, its Club of blogs,
and the bare domain.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from crawler.press import mediapart_lists as lists
from crawler.press import mediapart_pages as pages
from crawler.press.edition import FOUNDED, Edition, node, number
from crawler.press.exchange import Answer, Request, answer_html, answer_text, document, gzipped, moved
from crawler.press.mediapart_addresses import ABBREVIATED, HOME, address, path, specials

HOSTS = frozenset(("www.mediapart.fr", "mediapart.fr", "blogs.mediapart.fr"))
__all__ = ["HOSTS", "address", "answer", "specials"]

ROBOTS = """\
# Réplique de démonstration : les conditions ci-dessous imitent celles d'un journal.
# La lecture par des programmes est permise pour des essais. Toute fouille de textes et de données
# à d'autres fins est réservée (directive (UE) 2019/790, article 4).
User-agent: *
Disallow: /login
Disallow: /fr/search
Disallow: /tools/
Disallow: /journal/abonnes/
Allow: /

User-agent: GPTBot
User-agent: CCBot
Disallow: /

Sitemap: https://www.mediapart.fr/sitemap_index.xml
"""


def answer(request: Request, edition: Edition) -> Answer:
    """The replica's answer to a GET or HEAD."""
    if request.host == "blogs.mediapart.fr":
        return _club(request, edition)
    if request.scheme != "https" or request.host != "www.mediapart.fr":
        return moved("https://www.mediapart.fr" + request.target)
    return (
        _machine_readable(request, edition)
        or _article(request, edition)
        or _listing(request, edition)
        or _move(request, edition)
        or _page(answer_html(404, pages.plain(edition, "Page introuvable")), request, edition)
    )


def _machine_readable(request: Request, edition: Edition) -> Answer | None:
    if request.path == "/robots.txt":
        return document(ROBOTS, "text/plain; charset=utf-8", request, FOUNDED)
    if request.path == "/.well-known/tdmrep.json":
        return answer_text(404, "Not found\n")
    if request.path == "/articles/feed":
        return document(lists.feed(edition), "application/rss+xml; charset=utf-8", request, edition.changed)
    if request.path == "/sitemap_index.xml":
        return document(lists.index(edition), "application/xml; charset=utf-8", request, edition.changed)
    child = re.fullmatch(r"/sitemap/journal-(\d{4})-(\d\d)\.xml(?:\.gz)?", request.path)
    if child:
        return lists.month(request, edition, int(child[1]), int(child[2]))
    return None


def _article(request: Request, edition: Edition) -> Answer | None:
    wanted = unquote(request.path)
    story = next((story for story in edition.stories if path(story) == wanted), None)
    if story is None:
        return None
    return _page(answer_html(200, pages.article(story, edition)), request, edition)


def _listing(request: Request, edition: Edition) -> Answer | None:
    listing = lists.listing(unquote(request.path), edition)
    if listing is None:
        return None
    html = pages.listing(listing, request, edition)
    if html is None:
        return _page(answer_html(404, pages.plain(edition, "Page introuvable")), request, edition)
    return _page(answer_html(200, html), request, edition)


def _move(request: Request, edition: Edition) -> Answer | None:
    for pattern, answered in _MOVES:
        found = re.fullmatch(pattern, request.path)
        if found:
            return answered(found, edition)
    special = next((entry for entry in specials(edition) if entry.url == HOME + request.path[1:]), None)
    if special is None:
        return None
    if special.target is not None:
        return moved(special.target, special.status)
    return answer_html(special.status, pages.plain(edition, *_ODD[special.status]))


_ODD = {
    200: ("Réservé", "Une page que robots.txt ferme à tous."),
    404: ("Page introuvable", "Cet article n’est plus à cette adresse."),
    410: ("Article retiré", "Cet article n’est plus publié."),
}


def _old_section(found: re.Match[str], edition: Edition) -> Answer | None:
    new = f"/journal/{ABBREVIATED[found[1]]}/{found[2]}"
    return moved(HOME + new.lstrip("/")) if any(path(story) == new for story in edition.stories) else None


def _login(_: re.Match[str], edition: Edition) -> Answer:
    return answer_html(200, pages.plain(edition, "Se connecter", "Personne n’a de compte ici.", form=True))


_MOVES: tuple[tuple[str, Callable[[re.Match[str], Edition], Answer | None]], ...] = (
    (r"/journal/(economie|culture-idees)/(\d{6}/[^/]+)", _old_section),
    (r"/pdf/(\d+)", lambda found, _: moved(f"{HOME}login?next=/pdf/{found[1]}", 302)),
    (r"/login", _login),
    (r"/([a-z-]+)/blog/(\d{6})/([^/]+)", lambda found, _: moved("https://blogs.mediapart.fr" + found[0])),
    (r"/tools/(?:print|pdf|recommend)/(\d+)", lambda found, edition: _by_number(int(found[1]), edition)),
)


def _by_number(nid: int, edition: Edition) -> Answer | None:
    story = next((story for story in edition.stories if node(story) == nid), None)
    return moved(address(story), 302) if story else None


def _club(request: Request, edition: Edition) -> Answer:
    if request.scheme != "https":
        return moved("https://blogs.mediapart.fr" + request.target)
    if request.path == "/robots.txt":
        return document("User-agent: *\nDisallow: /perso/\n", "text/plain; charset=utf-8", request, FOUNDED)
    found = re.fullmatch(r"/[a-z-]+/blog/\d{6}/([^/]+)", request.path)
    if not found and request.path != "/":
        return answer_html(404, pages.plain(edition, "Billet introuvable"))
    heading = found[1].replace("-", " ").capitalize() if found else "Le Club"
    text = "Un billet inventé du Club. Il n’est pas du journal et ne compte pas parmi ses articles."
    return _page(answer_html(200, pages.plain(edition, heading, text)), request, edition)


def _page(answered: Answer, request: Request, edition: Edition) -> Answer:
    """A page as the delivery network sends it: no validators, a cookie, one of three ways to frame it."""
    visitor = f"mp_visit={number(f'{edition.visit}{request.path}'):08x}"
    answered = answered.with_headers(
        ("Server", "nginx"),
        ("Cache-Control", "max-age=0, must-revalidate"),
        ("Set-Cookie", f"{visitor}; Path=/; Secure; HttpOnly; SameSite=Lax"),
    )
    way = number(request.path, 3)
    if way == 0:
        return answered
    coded = gzipped(answered, request)
    return coded if way == 1 else Answer(coded.status, coded.headers, coded.body, "chunked")
