"""The address guard: private, loopback and other special networks are out of reach unless corpus.toml lists them.

It sits where names become addresses, so every request passes it: articles, feeds, robots.txt, each hop of a redirect.
What is judged is the address that is really connected to, not the name (RFC 6890 lists the special networks).
A proxy that the environment names is reached without an entry; names behind it are the proxy's to resolve.
"""

import ipaddress
import re
import socket
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

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
        shown = f"[{address}]" if ":" in address else address
        if is_public(address) or f"{shown}:{port}" in self._allow or (host.lower(), port) in self._proxies:
            return True
        self._refused[host.lower(), port] = address
        return False

    def refusal(self, url: str) -> str | None:
        """Why an address whose host needs no resolver is not asked for, in one sentence; None where it may be, or where
        only its resolution can tell."""
        host, port = _place(url)
        name = host.rstrip(".")
        local = name == "localhost" or name.endswith(".localhost")  # RFC 6761 §6.3
        addresses = _LOOPBACK if local else tuple(filter(None, [literal(host)]))
        if not addresses or any(self.permits(host, each, port) for each in addresses):
            return None
        return _sentence(host, addresses[0], port)

    def refused(self, url: str) -> str | None:
        """Why the last resolution of the host gave no address to connect to, where that was by this guard; it is told
        once."""
        host, port = _place(url)
        address = self._refused.pop((host, port), None)
        return None if address is None else _sentence(host, address, port)


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _sentence(host: str, address: str, port: int) -> str:
    is_it = "" if host == address else f" is {address},"
    return f"{host}{is_it} port {port}, in a network that corpus.toml does not allow"


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


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """The resolver of the machine; only the addresses that the guard permits are handed on.

    Scrapy's own remembers a name for as long as a crawl lasts. Here each connection asks anew: a name that begins to
    lead elsewhere is noticed, for good or ill.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, guard: Guard) -> None:
        super().__init__(reactor, cache_size)
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        guard = crawler.settings["ADDRESS_GUARD"]
        return cls(reactor, crawler.settings.getint("DNSCACHE_SIZE"), guard or Guard())

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        receiver: Any = _Permitted(resolutionReceiver, self.guard, hostName, portNumber)
        machine: Any = self.original_resolver
        found: IHostResolution = machine.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return found


def stand_guard(guard: Guard) -> None:
    """Puts the guard of a crawl before the resolver of this process, which `scrapy crawl` makes before the corpus is
    known."""
    from twisted.internet import reactor  # it is chosen and runs by now

    resolver = getattr(reactor, "nameResolver", None)
    if isinstance(resolver, GuardedResolver):
        resolver.guard = guard


@implementer(IResolutionReceiver)
class _Permitted:
    def __init__(self, receiver: Any, guard: Guard, host: str, port: int) -> None:
        self._receiver, self._guard, self._host, self._port = receiver, guard, host, port

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._guard.permits(self._host, address.host, self._port):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
