"""The address guard: private, loopback and other special networks are out of reach unless corpus.toml lists them.

It sits where names become addresses, so every request passes it: articles, feeds, robots.txt, each hop of a redirect.
What is judged is the address that is really connected to, not the name (RFC 6890 lists the special networks).
A proxy that the environment names is reached without an entry; names behind it are the proxy's to resolve.
"""

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet. An IPv4 address inside an IPv6 one counts as itself."""
    try:
        found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


class Guard:
    """Which addresses may be reached. `allow`: "address:port" pairs (an IPv6 address in brackets). `proxies`: the host
    and port of each proxy, which are connected to by that name alone.

    `refused` holds, by host, the addresses that were turned away.
    """

    def __init__(self, allow: Sequence[str] = (), proxies: Collection[tuple[str, int]] = ()) -> None:
        self._allow = frozenset(allow)
        self._proxies = frozenset(proxies)
        self.refused: dict[str, str] = {}

    def permits(self, host: str, address: str, port: int) -> bool:
        shown = f"[{address}]" if ":" in address else address
        if is_public(address) or f"{shown}:{port}" in self._allow or (host.lower(), port) in self._proxies:
            return True
        self.refused[host] = address
        return False


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
    """Scrapy's caching resolver, which hands on only the addresses that the guard permits."""

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
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


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
