"""The delays that people have set: in corpus.toml, in an outlet, by Scrapy's own setting. None of them is none."""

from collections.abc import Sequence

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archive.corpus import Settings
from archive.errors import UsageError
from crawler.politeness.address import host_key
from crawler.visiting_card import urls_of
from spiders.kit.outlet import LONGEST_DELAY, Outlet


def delay_by_hand(settings: BaseSettings) -> float:
    """Seconds that a person gave Scrapy on the command line, which no host gets less than; 0 where nobody did.

    Raises UsageError for a DOWNLOAD_DELAY that is none.
    """
    said = settings.get("DOWNLOAD_DELAY")
    try:
        delay = float(said)
    except (TypeError, ValueError):
        delay = float("nan")
    if not 0 < delay <= LONGEST_DELAY:
        raise UsageError(
            f"DOWNLOAD_DELAY cannot be {said}: it is the seconds between two requests at one host, above 0; newsrooms"
            " are not data centres"
        )
    return delay if settings.getpriority("DOWNLOAD_DELAY") == SETTINGS_PRIORITIES["cmdline"] else 0.0


def delays(settings: Settings, outlets: Sequence[Outlet], least: float) -> tuple[dict[str, float], float]:
    """Seconds between two requests at each host that the outlets name, and at any other.

    Where two outlets share a host that of the slower counts, as it does elsewhere.
    """
    found: dict[str, float] = {}
    for outlet in outlets:
        for host in map(host_key, urls_of(outlet)):
            found[host] = max(settings.delay or outlet.delay, least, found.get(host, 0.0))
    return found, max(settings.delay or max(each.delay for each in outlets), least)
