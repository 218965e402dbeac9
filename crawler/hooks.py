"""The private names of Scrapy and Twisted that the tap stands on, and whether this installation has them.

Both are pinned for their sake. Where an upgrade took one away, the crawl goes on and keeps captures rebuilt from what
Scrapy gives (`crawler.rebuilt`), marked as such.
"""

from importlib import import_module
from importlib.metadata import version

PINNED = "scrapy>=2.19,<2.20 and twisted>=26.10,<26.11"
_HTTP11 = "scrapy.core.downloader.handlers.http11"
_CLIENT = "twisted.web._newclient"
# (module, name, what it must have)
HOOKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (_HTTP11, "_LenientHTTP11ClientFactory", ("buildProtocol",)),
    (_HTTP11, "_LenientHTTP11ClientProtocol", ("request",)),
    (_HTTP11, "_LenientHTTPClientParser", ("lineReceived", "headerReceived", "allHeadersReceived")),
    ("twisted.web.client", "HTTPConnectionPool", ("_factory",)),
    (_CLIENT, "HTTP11ClientProtocol", ("_parser", "_currentRequest", "_finishResponse", "_finishResponse_WAITING")),
    (_CLIENT, "HTTP11ClientProtocol", ("state", "request", "dataReceived", "connectionLost")),
    (_CLIENT, "HTTPClientParser", ("MAX_LENGTH", "switchToBodyMode", "_transferDecoders", "bodyDecoder")),
    ("twisted.web.http", "_ChunkedTransferDecoder", ("dataReceived", "_dataReceived_CHUNK_LENGTH")),
    (_CLIENT, "Response", ("deliverBody",)),
    (_CLIENT, "Request", ("writeTo",)),
    (_CLIENT, "BODY", ()),
    (_CLIENT, "DONE", ()),
)


def fault_of_hooks() -> str | None:
    """What is missing and what to do about it, in one sentence; None where exact bytes can be had."""
    for module, name, parts in HOOKS:
        try:
            owner = getattr(import_module(module), name)
        except (ImportError, AttributeError):
            return missing(f"{module}.{name}")
        for part in parts:
            if not hasattr(owner, part):
                return missing(f"{module}.{name}.{part}")
    return None


def missing(name: str) -> str:
    """The sentence for a private name that is not where it was."""
    return (
        f"exact bytes are not to be had, since Scrapy {version('scrapy')} and Twisted {version('twisted')} have no"
        f" {name}: captures are rebuilt and marked so; install {PINNED}"
    )
