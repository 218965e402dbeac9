"""The address guard: private, loopback and other special networks are out of reach unless corpus.toml lists them.

It sits where names become addresses, so every request passes it: articles, feeds, robots.txt, each hop of a redirect.
What is judged is the address that is really connected to, not the name (RFC 6890 lists the special networks).
A proxy that the environment names is reached without an entry; names behind it are the proxy's to resolve.
"""

import ipaddress
import re
import socket
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is given out of IPv6 (IANA); the rest has a special use
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214 §6.1
_LOOPBACK = ("127.0.0.1", "::1")


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet. An IPv4 address inside an IPv6 one counts as itself."""
    try:
        found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inside(found)
        if inner is not None:
            return is_public(str(inner))
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which packets for this one may go in the end."""
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return last
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def literal(host: str) -> str | None:
    """The address that a host stands for without any resolver, in its usual spelling; None for a name.

    Besides the usual ones those that the C library takes: short ones, numbers in octal and hexadecimal, an IPv4 address
    inside an IPv6 one.
    """
    host = host.lower().rstrip(".").split("%", maxsplit=1)[0].strip("[]")
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        if not _NUMBERS.fullmatch(host):
            return None
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def host_key(url: str) -> str:
    """The host of an address in one spelling, whatever the port and the scheme: what takes one turn after another."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return literal(host) or host


class Guard:
    """Which addresses may be reached. `allow`: "address:port" pairs (an IPv6 address in brackets). `proxies`: the host
    and port of each proxy, which are connected to by that name alone.
    """

    def __init__(self, allow: Sequence[str] = (), proxies: Collection[tuple[str, int]] = ()) -> None:
        self._allow = frozenset(allow)
        self._proxies = frozenset(proxies)
        self._refused: dict[tuple[str, int], str] = {}

    def permits(self, host: str, address: str, port: int) -> bool:
        """Whether a connection for that host may be made to the address; one that may not is remembered."""
        if self._is_open(address, port) or (host.lower(), port) in self._proxies:
            return True
        self._refused[_ascii(host), port] = address
        return False

    def _is_open(self, address: str, port: int) -> bool:
        shown = f"[{address}]" if ":" in address else address
        return is_public(address) or f"{shown}:{port}" in self._allow

    def refusal(self, url: str) -> str | None:
        """Why an address whose host needs no resolver is not asked for, in one sentence; None where it may be, or where
        only its resolution can tell. A proxy is a way to other hosts and is not asked for itself."""
        host, port = _place(url)
        name = host.rstrip(".")
        local = name == "localhost" or name.endswith(".localhost")  # RFC 6761 §6.3
        addresses = _LOOPBACK if local else tuple(filter(None, [literal(host)]))
        if not addresses or any(self._is_open(each, port) for each in addresses):
            return None
        return _sentence(host, addresses[0], port)

    def refused(self, url: str) -> str | None:
        """Why the last resolution of the host gave no address to connect to, where that was by this guard; it is told
        once."""
        host, port = _place(url)
        address = self._refused.pop((host, port), None)
        return None if address is None else _sentence(host, address, port)


def _ascii(host: str) -> str:
    """As an address spells it: Twisted asks its resolver for an international name in letters."""
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return host.lower()


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _sentence(host: str, address: str, port: int) -> str:
    place = host if host == address else f"{host} is {address}, which"
    return f"{place} lies in a network that corpus.toml does not allow at port {port}"


def proxies_of(environment: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """Host and port of each proxy that the environment names; one that cannot be read is none."""
    found = set()
    for name, value in environment.items():
        if name.lower() not in ("http_proxy", "https_proxy") or not value.strip():
            continue
        try:
            parts = urlsplit(value if "//" in value else f"//{value}")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            continue
        if parts.hostname:
            found.add((parts.hostname, port))
    return frozenset(found)
