"""Feeds from hell in one crawl: each has its outcome, its good entries are leads, and nothing outside is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.crawling import Crawled, corpus, crawl
from tests.hostile.feeds import FEEDS, Kiosk
from tests.hostile.host import Host, hosting
from tests.listening_site import reply


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kiosk, Crawled]]:
    canary = Host(lambda *_: reply("you should not be here"), "127.0.0.222")
    kiosk = Kiosk("127.0.0.221", canary)
    folder: Path = tmp_path_factory.mktemp("feeds") / "corpus"
    with hosting(kiosk.host, canary):
        made = corpus(folder, kiosk.host, canary, delay=0.02)
        sources = "".join(f'[[sources]]\nkind = "feed"\nurl = "{kiosk.host.home}/{name}.xml"\n' for name in FEEDS)
        (made.outlets_folder / "kiosk.toml").write_text(
            f'name = "kiosk"\ntitle = "Kiosk"\nhome = "{kiosk.host.home}/"\nlanguages = ["en"]\ndelay = 0.02\n'
            f'articles = "/never/"\n{sources}'
        )
        yield kiosk, crawl(made)


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_ends_as_it_deserves_and_its_good_entries_are_used(name: str, read: tuple[Kiosk, Crawled]) -> None:
    kiosk, crawled = read
    url = f"{kiosk.host.home}/{name}.xml"
    end, why = crawled.outcomes[url]
    assert end == FEEDS[name].end, why
    assert end == "ok" or why
    rows = crawled.corpus.database().execute(
        "SELECT count(*) FROM leads WHERE source = ? AND url LIKE '%/entry/%'", [url]
    )
    assert rows.fetchone()[0] == FEEDS[name].good


def test_nothing_outside_is_asked(read: tuple[Kiosk, Crawled]) -> None:
    kiosk, crawled = read
    assert kiosk.canary.connections == 0
    assert set(kiosk.host.paths) == {"/robots.txt", "/.well-known/tdmrep.json", *(f"/{name}.xml" for name in FEEDS)}
    refused = {url for url, (end, _) in crawled.outcomes.items() if end == "blocked_address"}
    assert refused == {"javascript:alert(1)", "file:///etc/passwd"}
