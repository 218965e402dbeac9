"""What is one URL: the spelling under which an address is kept, asked for and compared.

`resolve` makes a link absolute and spells it in one way without changing what it asks for. `normalise` also
leaves out what does not choose a page: tracking parameters, session ids, the order of parameters. Both are
pure and give None for whatever is not an http or https address.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from w3lib.url import safe_url_string

from archive.withhold import without_user

LONGEST: Final = 4096
"""Characters; a longer address is refused, for no newspaper has one and no index wants one."""

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_BEGIN = re.compile(r"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:[/\\]*|[/\\]{2,})")
_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
# Most addresses of newspapers are in order already, and a sitemap has 50,000 of them. The slash between
# segments is not optional: a long slug with one odd character at its end would be tried in all divisions.
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PORT = r"(?::(?!(?:80|443)/)(?:[1-9]\d{0,3}|[1-5]\d{4}))?"
_IN_ORDER = re.compile(rf"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+){_PORT}/(?:{_SEGMENT}/)*(?:{_SEGMENT})?")
_PLAIN_PATH = re.compile(rf"/(?:{_SEGMENT}/)*(?:{_SEGMENT})?")  # most links in a page
_BARE_HOST = re.compile(r"(?:www\.)(?:[\w-]+\.)+[a-z]{2,}(?=[/?#]|$)", re.IGNORECASE)
_LABEL = "[a-z0-9_][a-z0-9_-]{0,62}"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_SIX = re.compile(r"\[[0-9a-fA-F:.]+\]")
_EDGES = "".join(map(chr, range(33))) + "\x7f\xa0\ufeff\u200b"
_INSIDE = re.compile(r"[\t\r\n]")  # WHATWG URL, basic URL parser, step 3: taken out, wherever they stand
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORT = {"http": 80, "https": 443}
_WITHOUT_HOST = frozenset({"mailto", "javascript", "data", "blob", "tel", "sms", "about", "urn", "tag", "cid"})

# Parameters that say where a reader came from. Prefixes first, then whole names, in lower case.
_TRACKING_PREFIXES = (
    "utm_", "at_", "hsa_", "pk_", "mtm_", "piwik_", "matomo_", "ns_", "__hs", "_hs", "fb_", "vero_", "oly_",
    "wt_",
)  # fmt: skip
_TRACKING = frozenset({
    "_ga", "_gl", "_openstat", "cmp", "cmpid", "campaign_id", "dclid", "ef_id", "epik", "fbclid",
    "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc", "guccounter", "guce_referrer",
    "guce_referrer_sig", "hsctatracking", "igsh", "igshid", "ito", "li_fat_id", "mc_cid", "mc_eid",
    "mibextid", "mkt_tok", "msclkid", "ncid", "ocid", "rb_clickid", "s_cid", "sccid", "smid", "spm",
    "srsltid", "trk", "ttclid", "twclid", "__twitter_impression", "wbraid", "wickedid", "xtcr", "xtmc",
    "xtor", "xtref", "yclid",
})  # fmt: skip
_SESSION = frozenset({
    "aspsessionid", "cfid", "cftoken", "ci_session", "jsession", "jsessionid", "laravel_session", "mpsessid", "osc_sid",
    "oscsid", "php_session_id", "phpsessid", "phpsessionid", "session-id", "session_id", "sessid", "sessionid",
    "sess_id", "zenid",
})  # fmt: skip
# These names also mean other things (a rubric, a search): they count as a session only when the value looks
# drawn.
_PERHAPS_SESSION = frozenset({"s", "sid", "sess", "session", "token"})
_DRAWN = re.compile(r"(?=.*\d)[0-9a-zA-Z_-]{16,}")
_SURELY_SESSION = frozenset({"sid", "sess", "session"})
_SHORT_DRAWN = re.compile(r"(?=.*\d)(?=.*[a-zA-Z])[0-9a-zA-Z]{8,15}")
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|aspsessionid\w*|sid|sess|session[_-]?(?:id)?)=[^/;]*", re.IGNORECASE
)
_ASP_SESSION = re.compile(r"/\((?:[A-Z]\([0-9a-zA-Z]{16,}\))+\)(?=/|$)")  # ASP.NET's cookieless session


def scheme_of(link: str) -> str | None:
    """The scheme that a link names, in lower case; None for a relative link."""
    found = _SCHEME.match(_INSIDE.sub("", link).strip(_EDGES))
    return found[1].lower() if found else None


def resolve(link: str, base: str | None = None) -> str | None:
    """The absolute address of a link: http or https, spelled in one way, asking for what the link asks for.

    Scheme and host in lower case, host as IDNA, no default port, no fragment, no user name or password, dot
    segments resolved, percent-encoding as RFC 3986 §6.2.2 has it: upper case, unreserved characters plain.
    Relative links need
    `base`; a link that lost its scheme (`www.example.org/a`) takes the scheme of `base`. None for any other
    scheme, for an address that cannot be read and for one longer than `LONGEST`.
    """
    if _is_in_order(link):
        return link
    text = _INSIDE.sub("", link.strip(_EDGES)).replace("&amp;", "&")
    if not text or len(text) > LONGEST:
        return None
    absolute = _absolute(text, base)
    return absolute if absolute is None or _is_in_order(absolute) else _spelled(absolute)


def normalise(url: str, base: str | None = None) -> str | None:
    """`resolve`, without what does not choose a page.

    Left out: tracking parameters (utm_*, at_*, xtor, fbclid, gclid and their like), session ids in query and
    path, empty parameters. Parameters are sorted by name; those of one name keep their order.
    """
    resolved = resolve(url, base)
    if resolved is None or not any(mark in resolved for mark in "?;("):
        return resolved
    parts = urlsplit(resolved)
    path = _ASP_SESSION.sub("", _SESSION_IN_PATH.sub("", parts.path)) or "/"
    kept = [piece for piece in parts.query.split("&") if piece.strip("=") and not _is_noise(piece)]
    kept.sort(key=_parameter)
    return f"{parts.scheme}://{parts.netloc}{path}" + ("?" + "&".join(kept) if kept else "")


def web_link(link: str | None, base: str) -> str | None:
    """Where a link in a page leads, in the page's own spelling, without user name and password.

    None for a link that leads to no web address.
    """
    if link and _PLAIN_PATH.fullmatch(link) and (place := _place(base)):
        return place + link
    try:
        joined = urljoin(base, without_user((link or "").strip()))
    except ValueError:
        return None
    return without_user(joined) if link and joined.startswith(("http://", "https://")) else None


@lru_cache(maxsize=64)
def _place(base: str) -> str | None:
    """Scheme and host of a web address, without user name and password; None for any other."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return None
    return without_user(f"{parts.scheme}://{parts.netloc}") if parts.scheme in _DEFAULT_PORT and parts.netloc else None


def shown(link: str) -> str:
    """A link as it was written, as it may be printed and kept: without user name and password.

    Of a link that cannot be read as an address, all goes that stands before its last @.
    """
    scheme = scheme_of(link)
    begin = _BEGIN.match(link)
    if "@" not in link or begin is None or scheme in _WITHOUT_HOST:
        return link
    if resolve(link, "http://h.example/") is not None:
        return without_user(link)
    return (begin[0] if begin[0].endswith(("/", "\\")) else "") + link.rpartition("@")[2]


def host_of(url: str) -> str:
    """Host and, where it is not the default, port, as in the normalised address; empty when there is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_in_order(url: str) -> bool:
    found = _IN_ORDER.fullmatch(url) if len(url) <= LONGEST else None
    return found is not None and _NAME.fullmatch(found[1]) is not None


def _absolute(text: str, base: str | None) -> str | None:
    # WHATWG URL: a backslash is a slash in web addresses, up to the query
    asked = re.match(r"[^?#]*", text)
    if asked and "\\" in asked[0] and (_WEB.match(text) or not _SCHEME.match(text)):
        text = asked[0].replace("\\", "/") + text[asked.end() :]
    if _WEB.match(text):
        return _WEB.sub(lambda found: found[1].lower() + "://", text, count=1)
    if _SCHEME.match(text) or base is None:
        return None
    try:
        at = urlsplit(base)
        if _BARE_HOST.match(text) or (at.netloc and re.split(r"[/?#]", text)[0].lower() == at.netloc.lower()):
            return f"{at.scheme}://{text}"
        return urljoin(base, text)
    except ValueError:
        return None


def _spelled(absolute: str) -> str | None:
    try:
        parts = urlsplit(absolute)
        scheme, host, port = parts.scheme, (parts.hostname or "").rstrip("."), parts.port
        if scheme not in _DEFAULT_PORT or not host:
            return None
        if ":" in host:
            host = f"[{host}]"
        shown = "" if port in (None, _DEFAULT_PORT[scheme]) else f":{port}"
        path = _without_dots(_PERCENT.sub(_one_escape, parts.path)) or "/"
        query = _PERCENT.sub(_one_escape, parts.query)
        spelled = safe_url_string(f"{scheme}://{host}{shown}{path}" + (f"?{query}" if query else ""))
        at = urlsplit(spelled).netloc
    except (ValueError, UnicodeError):
        return None
    name = at.removesuffix(shown) if shown else at
    if port == 0 or len(spelled) > LONGEST or not (_NAME.fullmatch(name) or _SIX.fullmatch(name)):
        return None
    return spelled


def _one_escape(found: re.Match[str]) -> str:
    if not found[1]:
        return "%25"
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4; empty segments stay, for they may mean something to the server."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _parameter(piece: str) -> str:
    return unquote(piece.split("=", 1)[0])


def _is_noise(piece: str) -> bool:
    name = _parameter(piece).lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _SESSION or name.startswith("aspsessionid"):
        return True
    value = piece.partition("=")[2]
    return (name in _PERHAPS_SESSION and bool(_DRAWN.fullmatch(value))) or (
        name in _SURELY_SESSION and bool(_SHORT_DRAWN.fullmatch(value))
    )
