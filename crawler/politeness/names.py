"""Names become addresses here, and only those that the guard permits are handed on.

Each connection asks the machine's resolver anew, where Scrapy's own remembers a name for as long as a crawl lasts: a
name that begins to lead elsewhere is noticed, for good or ill.
"""

import socket
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer

from crawler.politeness.address import Guard

MOST = 32  # names at once: some are never answered, and must not keep the others waiting


@implementer(IHostnameResolver)
class GuardedResolver:
    """TWISTED_DNS_RESOLVER. A name that nobody answers for keeps a thread, but no crawl from its end."""

    def __init__(self, reactor: ReactorBase, guard: Guard) -> None:
        self.guard = guard
        self._reactor: Any = reactor
        self._threads = ThreadPool(0, MOST, "names")
        # Twisted waits for its own threads at the end
        self._threads.threadFactory = partial(threading.Thread, daemon=True)  # type: ignore[assignment]
        self._threads.start()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        return cls(reactor, crawler.settings["ADDRESS_GUARD"] or Guard())

    def install_on_reactor(self) -> None:
        """Scrapy calls this before the reactor runs."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> IHostResolution:
        receiver: Any = resolutionReceiver
        resolution: Any = HostResolution(hostName)
        receiver.resolutionBegan(resolution)

        def hand_on(found: list[Any]) -> None:
            for family, *_, address in found:
                if self.guard.permits(hostName, address[0], portNumber):
                    kind: Any = IPv6Address if family == socket.AF_INET6 else IPv4Address
                    receiver.addressResolved(kind("TCP", *address))
            receiver.resolutionComplete()

        def unknown(_: Failure) -> list[Any]:
            return []  # whatever the resolver could not make of it, the name leads nowhere

        asking = deferToThreadPool(
            self._reactor, self._threads, socket.getaddrinfo, hostName, portNumber, 0, socket.SOCK_STREAM
        )
        asking.addErrback(unknown).addCallback(hand_on)
        return resolution  # type: ignore[no-any-return]


def stand_guard(guard: Guard) -> None:
    """Puts the guard of a crawl before the resolver of this process, which `scrapy crawl` makes before the corpus is
    known."""
    from twisted.internet import reactor  # it is chosen and runs by now

    resolver = getattr(reactor, "nameResolver", None)
    if isinstance(resolver, GuardedResolver):
        resolver.guard = guard
