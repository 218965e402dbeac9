"""Sort-friendly URIs: the keys of a CDXJ index, by which a replay finds a capture.

`http://www.press.example/a?b=2&a=1` becomes `example,press)/a?a=1&b=2`. The form is the Internet Archive's (SURT, in
the Heritrix 3 glossary), the folding that of its Wayback Machine: without scheme, `www`, case, login, session ids and
the order of the query. Addresses that fold alike are taken for one page there, so an index must fold as they do.
"""

import re
from urllib.parse import unquote_to_bytes

__all__ = ["surt"]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WWW = re.compile(r"www\d*\.")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# Escaped are controls, blanks, what is not ASCII, and the two characters that mean something else
_ESCAPED = re.compile(rb"[^!-~]|[#%]")
# Sessions of ASP.NET in the path, of PHP, Java, ASP and ColdFusion in the query (Heritrix 3, StripSessionIDs)
_PATH_SESSION = re.compile(r"/(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))(?=/[^?]+\.aspx)")
_QUERY_SESSIONS = (
    *(re.compile(rf"(?<![^&]){name}=[0-9a-z]{{32}}(?:&|$)") for name in ("jsessionid", "phpsessid", "sid")),
    re.compile(r"(?<![^&])aspsessionid[a-z]{8}=[a-z]{24}(?:&|$)"),
    re.compile(r"(?<![^&])cfid=[^&]+&cftoken=[^&]+(?:&|$)"),
)


def surt(url: str) -> str:
    """The key of a URL: ASCII without blanks, and the same for all forms of one address.

    A URI without a host (urn:, dns:, mailto:) is its own key. Never raises.
    """
    url = re.sub(r"[\t\r\n]", "", url.strip())
    scheme, rest = _scheme(url)
    if not rest.startswith("//"):
        return _escape(url.encode("utf-8", "surrogatepass"))
    rest = rest.lstrip("/").partition("#")[0]
    place, query = (rest.partition("?")[0], rest.partition("?")[2])
    authority, slash, path = place.partition("/")
    key = f"{_host(authority, scheme)}){_path(slash + path)}"
    query = _query(query)
    return f"{key}?{query}" if query else key


def _scheme(url: str) -> tuple[str, str]:
    """The scheme in lower case and what follows its colon; an address without one is taken for http."""
    match = _SCHEME.match(url)
    if match is None:
        return "http", f"//{url}"
    return match[1].lower(), url[match.end() :]


def _host(authority: str, scheme: str) -> str:
    """The parts of the host from the last to the first, and the port where it is not the scheme's own."""
    place = authority.rpartition("@")[2]
    host, port = (place, "") if place.endswith("]") else _port(place)
    if host.startswith("["):
        name = host.strip("[]").lower()
    else:
        name = _WWW.sub("", _ascii(unquote_to_bytes(host).decode("utf-8", "replace")), count=1)
        name = ",".join(reversed([label for label in _numbered(name).split(".") if label]))
    name = _escape(name.encode())
    return f"{name}:{port}" if port and port != _DEFAULT_PORTS.get(scheme) else name


def _port(place: str) -> tuple[str, str]:
    host, colon, port = place.rpartition(":")
    return (host, port) if colon and (port.isdigit() or not port) else (place, "")


def _ascii(host: str) -> str:
    """The host in lower case, as the names of IDNA 2003 have it; one that cannot be coded stays as it is."""
    host = host.lower().strip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _numbered(host: str) -> str:
    """An IPv4 address written as one number, in its usual form."""
    if not (host.isascii() and host.isdigit()) or int(host[:12]) > 0xFFFFFFFF:
        return host
    return ".".join(str(octet) for octet in int(host).to_bytes(4, "big"))


def _path(path: str) -> str:
    kept: list[str] = []
    for step in _unescape(path).split(b"/")[1:]:
        if step == b".." and kept:
            kept.pop()
        elif step != b".":
            kept.append(_escape(step).lower())
    return _PATH_SESSION.sub("", "/" + "/".join(filter(None, kept)))


def _query(query: str) -> str:
    folded = _escape(_unescape(query)).lower()
    for session in _QUERY_SESSIONS:
        folded = session.sub("", folded, count=1)
    return "&".join(sorted(folded.split("&"), key=_by_name))


def _by_name(field: str) -> tuple[str, ...]:
    name, equals, value = field.partition("=")
    return (name, value) if equals else (name,)


def _unescape(text: str) -> bytes:
    """Without percent escapes, however often they were escaped."""
    before, data = b"", text.encode("utf-8", "surrogatepass")
    while data != before:
        before, data = data, unquote_to_bytes(data)
    return data


def _escape(data: bytes) -> str:
    return _ESCAPED.sub(lambda match: b"%%%02x" % match[0][0], data).decode("ascii")
