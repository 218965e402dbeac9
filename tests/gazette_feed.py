"""The feed of an invented newspaper, written as tests need it and read through `find`."""

from archive.http import parse_answer
from spiders.kit.find import Finding, find
from spiders.kit.outlet import Feed, Outlet, Source, Urls

PAPER = Outlet(
    name="gazette",
    title="La Gazette",
    home="https://www.gazette.example/",
    languages=("fr",),
    articles=r"^https://www\.gazette\.example/journal/",
    same=((r"^https://m\.gazette\.example/", "https://www.gazette.example/"),),
)
FEED = Feed("https://www.gazette.example/feed")
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gazette</title>'
    "<link>https://www.gazette.example/</link>"
)
TAIL = "</channel></rss>"


def item(number: int, title: str = "Titre", more: str = "") -> str:
    link = f"https://www.gazette.example/journal/{number}"
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def read(document: str | bytes, source: Source = FEED, *, head: str = "", status: int = 200) -> Finding:
    body = document.encode() if isinstance(document, str) else document
    block = f"HTTP/1.1 {status} OK\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    url = source.urls[0] if isinstance(source, Urls) else source.url
    return find(parse_answer(block), url=url, source=source, outlet=PAPER)


def numbers(finding: Finding) -> list[str]:
    return [lead.url.rpartition("/")[2] for lead in finding.leads]
