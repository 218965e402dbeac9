"""Invented newspaper pages of about 100 KB, 33 KB in gzip, in the proportions of real ones.

Most of such a page is not its article: scripts, styles, navigation, teasers. That part is one of a few that are made
and compressed once; the article before it is made anew for each number, always the same for the same number.
"""

import base64
import random
import struct
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache

PARAGRAPHS = 22
SENTENCES = 2  # per paragraph
SHARERS = 5  # pages that print the same agency paragraphs
OTHERS = 16  # different rests of the page
WORDS = 6000
_OPENS = datetime(2023, 7, 26, 6, tzinfo=UTC)  # the window of the example topic
_ONSETS = ("b", "ch", "d", "f", "g", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "tr", "pl", "st", "gr")
_SHORT = ("le", "la", "de", "des", "et", "à", "un", "une", "qui", "que", "dans", "pour", "sur", "avec", "il", "elle")
_RIMES = ("a", "e", "i", "o", "ou", "ai", "en", "on", "is", "er", "é", "ant", "eur", "ette")
_ON_TOPIC = "À Niamey, la junte née du putsch au Niger a parlé : le coup d'État est, dit-elle, sans retour."
_OFF_TOPIC = "À la criée, la pêche du matin était maigre : la marée est, dit-on, sans retour."


def page(number: int, host: str, *, on_topic: bool = True) -> bytes:
    """The body of page `number` in gzip (RFC 1952): about 33 KB for about 100 KB of HTML."""
    first = _article(number, host, on_topic=on_topic).encode()
    rest, packed = _rest(number % OTHERS)
    head = zlib.compressobj(6, zlib.DEFLATED, -15)
    begun = head.compress(first) + head.flush(zlib.Z_FULL_FLUSH)
    size = len(first) + len(rest)
    frame = struct.pack("<LL", zlib.crc32(rest, zlib.crc32(first)), size)
    return b"".join((b"\x1f\x8b\x08\0\0\0\0\0\0\xff", begun, packed, frame))


def _article(number: int, host: str, *, on_topic: bool) -> str:
    chance = random.Random(number)  # noqa: S311 (text, no secret)
    title = _sentence(chance, 9).rstrip(".")
    url = f"http://{host}/articles/{number}"
    day = (_OPENS + timedelta(minutes=7 * (number % 20_000))).isoformat()
    paragraphs = [
        " ".join(_sentence(chance, chance.randint(9, 18)) for _ in range(SENTENCES)) for _ in range(PARAGRAPHS)
    ]
    # Agencies: groups of pages have some paragraphs in common
    agency = random.Random(f"agency {number // SHARERS}")  # noqa: S311
    for at in range(12, 15):
        paragraphs[at] = " ".join(_sentence(agency, 14) for _ in range(SENTENCES))
    for at in (0, 9):
        paragraphs[at] += " " + (_ON_TOPIC if on_topic else _OFF_TOPIC)
    body = "\n".join(
        f'<p class="article-paragraph">{text} <a href="/articles/{chance.randrange(10**6)}">{_word(chance)}</a></p>'
        for text in paragraphs
    )
    author = f"{_word(chance).title()} {_word(chance).title()}"
    return f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{title} | Le Banc d'essai</title>
<link rel="canonical" href="{url}"><meta name="description" content="{paragraphs[1]}">
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:site_name" content="Le Banc d'essai"><meta property="article:published_time" content="{day}">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",
"datePublished":"{day}","dateModified":"{day}","author":[{{"@type":"Person","name":"{author}"}}],
"isAccessibleForFree":true,"publisher":{{"@type":"Organization","name":"Le Banc d'essai"}},
"articleSection":"International","keywords":["{_word(chance)}","{_word(chance)}"]}}</script>
</head><body><header><a href="/">Le Banc d'essai</a></header>
<main><article><h1>{title}</h1><p class="standfirst">{_sentence(chance, 22)}</p>
<p class="byline">Par <a rel="author" href="/auteurs/{number % 97}">{author}</a></p>
<p class="date">Le <time datetime="{day}">{day}</time></p>
<figure><img src="/images/{number}.jpg" alt=""><figcaption>{_sentence(chance, 12)}</figcaption></figure>
{body}
</article>
"""


@cache
def _rest(which: int) -> tuple[bytes, bytes]:
    """What follows the article in the page, as it is and as the end of a deflate stream."""
    chance = random.Random(-which - 1)  # noqa: S311
    teasers = "\n".join(
        f'<li class="teaser teaser--small"><div class="teaser__media"><img src="/images/t{chance.randrange(10**6)}.jpg"'
        f' loading="lazy" alt=""></div><div class="teaser__body"><a class="teaser__link" href="/articles/'
        f'{chance.randrange(10**6)}"><span class="teaser__title">{_sentence(chance, 9)}</span></a></div></li>'
        for _ in range(64)
    )
    links = "\n".join(
        f'<li class="nav__item"><a class="nav__link" href="/rubriques/{_word(chance)}">{_word(chance)}</a></li>'
        for _ in range(90)
    )
    styles = "\n".join(
        f".c{chance.randrange(16**6):06x}{{margin:{chance.randrange(40)}px;color:#{chance.randrange(16**6):06x};"
        f"padding:{chance.randrange(40)}px}}"
        for _ in range(260)
    )
    data = base64.b64encode(chance.randbytes(5_500)).decode()
    settings = ",".join(f'"{_word(chance)}":{{"id":{chance.randrange(10**6)},"on":true}}' for _ in range(420))
    pieces = "\n".join(
        f'<script>window.queue=window.queue||[];queue.push(["{_word(chance)}",{chance.randrange(10**6)}]);</script>'
        for _ in range(22)
    )
    text = f"""<aside><h2>À lire aussi</h2><ul class="teasers">{teasers}</ul></aside></main>
<nav><ul>{links}</ul></nav><style>{styles}</style>{pieces}
<script type="application/json" id="state">{{"blob":"{data}","settings":{{{settings}}}}}</script>
<footer><p>Le Banc d'essai est une invention.</p></footer></body></html>
"""
    text = text.replace("</body>", f"<!-- {' '.join(_word(chance) for _ in range(_fill(text)))} --></body>")
    rest = text.encode()
    stream = zlib.compressobj(6, zlib.DEFLATED, -15)
    return rest, stream.compress(rest) + stream.flush()


def _fill(text: str) -> int:
    """Words that bring the rest to some 90 KB."""
    return max(0, (85_500 - len(text)) // 7)


def _sentence(chance: random.Random, words: int) -> str:
    return f"{' '.join(chance.choices(_lexicon(), k=words)).capitalize()}."


def _word(chance: random.Random) -> str:
    return _lexicon()[-chance.randint(1, WORDS)]


@cache
def _lexicon() -> list[str]:
    """Words to choose from; the short ones stand there so often that two of five chosen are short, as in a language."""
    chance = random.Random("lexicon")  # noqa: S311
    long = [
        "".join(chance.choice(_ONSETS) + chance.choice(_RIMES) for _ in range(chance.randint(2, 3)))
        for _ in range(WORDS)
    ]
    return [*_SHORT * (WORDS * 2 // 3 // len(_SHORT)), *long]
