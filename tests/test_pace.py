"""What a run remembers of each host's pace, and which delays are none."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.errors import BadCorpusFile, UsageError
from crawler.frontier import Frontier
from crawler.politeness.errors import CrawlStopped, ToldToWait
from crawler.politeness.hosts import Hosts, Known
from crawler.politeness.pace import LONGEST_GAP, Pace
from crawler.run import Run
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet
from tests.hostile.crawling import corpus, outlet

HOST, ORIGIN = "a.example", "https://a.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "state.db"
    Frontier(path).close()
    return path


def pace(file: Path, delay: float = 2.0, **words: float) -> Pace:
    return Pace(Hosts(file), {HOST: delay}, 5.0, **words)  # type: ignore[arg-type]


def test_the_gap_is_the_longest_that_anybody_asks_for(file: Path) -> None:
    ours = pace(file)
    assert (ours.gap(HOST), ours.gap("b.example")) == (2.0, 5.0)
    ours.crawl_delay(HOST, ORIGIN, 1.0)
    assert ours.gap(HOST) == 2.0
    ours.crawl_delay(HOST, "http://a.example", 7.0)
    ours.crawl_delay(HOST, ORIGIN, 1e12)
    assert ours.gap(HOST) == LONGEST_GAP
    ours.crawl_delay(HOST, ORIGIN, 0.0)
    assert ours.gap(HOST) == 7.0, "the other origin of the host still asks for it"


def test_429_and_503_double_it_up_to_a_minute(file: Path) -> None:
    ours = pace(file, 0.1)
    gaps = []
    for _ in range(9):
        ours.slow_down(HOST, "status 429")
        gaps.append(ours.gap(HOST))
    assert gaps == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    slow = pace(file, 600.0)
    slow.slow_down(HOST, "status 429")
    assert slow.gap(HOST) == 600.0, "a longer delay of our own stays"


def test_the_next_run_knows_what_this_one_was_taught(file: Path) -> None:
    ours = pace(file)
    asyncio.run(_turn(ours))
    ours.slow_down(HOST, "status 503")
    ours.crawl_delay(HOST, ORIGIN, 3.0)
    ours.rest(HOST, timedelta(hours=1), "status 503")
    ours.close()
    after = pace(file)
    assert after.gap(HOST) == 4.0
    told = after.told(HOST)
    assert told is not None
    assert timedelta(minutes=59) < told.until - datetime.now(UTC) <= timedelta(hours=1)
    assert str(told).startswith("status 503, until ")
    after.crawl_delay(HOST, ORIGIN, 0.0)
    after.crawl_delay("b.example", "https://b.example", 9.0)
    assert (after.gap(HOST), after.gap("b.example")) == (4.0, 9.0)


def test_what_was_taught_is_forgotten_in_time(file: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    Hosts(file).keep(HOST, Known(long_ago, delay=30.0, crawl_delay=40.0, not_before=long_ago, why="status 429"))
    ours = pace(file)
    assert ours.gap(HOST) == 2.0
    assert ours.told(HOST) is None


async def _turn(ours: Pace, host: str = HOST) -> None:
    async with ours.turn(host):
        pass


def _must_wait(ours: Pace) -> bool:
    """Whether the next turn at the host has to wait."""

    async def ask() -> bool:
        try:
            await asyncio.wait_for(_turn(ours), 0.2)
        except TimeoutError:
            return True
        return False

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("known", "waits"),
    [
        (None, False),
        (Known(datetime.now(UTC) - timedelta(days=1)), False),
        (Known(datetime.now(UTC) - timedelta(days=1), under_way=True), True),  # killed, nobody knows when
        (Known(datetime.now(UTC)), True),
        (Known(datetime.now(UTC) + timedelta(days=9)), True),  # a clock that was set back
    ],
)
def test_a_new_run_keeps_the_gap_to_the_last_one(file: Path, known: Known | None, waits: bool) -> None:
    if known is not None:
        Hosts(file).keep(HOST, known)
    assert _must_wait(pace(file, 3600.0)) is waits


def test_where_the_file_was_lost_the_newest_capture_counts(file: Path) -> None:
    assert _must_wait(Pace(Hosts(file), {}, 3600.0, since=datetime.now(UTC)))
    assert not _must_wait(Pace(Hosts(file), {}, 3600.0, since=datetime.now(UTC) - timedelta(days=1)))


def test_who_may_not_wait_is_told_at_once(file: Path) -> None:
    ours = pace(file)
    ours.rest(HOST, timedelta(seconds=301), "status 429")
    with pytest.raises(ToldToWait, match="status 429, until"):
        asyncio.run(_turn(ours))
    ours.end()
    with pytest.raises(CrawlStopped):
        asyncio.run(_turn(ours))
    over = pace(file, ends=0.0)
    with pytest.raises(CrawlStopped):
        asyncio.run(_turn(over, "b.example"))


def test_one_turn_at_a_time(file: Path) -> None:
    ours = Pace(Hosts(file), {}, 0.001)
    now: list[str] = []
    most: list[int] = []

    async def visit(host: str) -> None:
        async with ours.turn(host):
            now.append(host)
            most.append(now.count(host))
            await asyncio.sleep(0.001)
            now.remove(host)

    async def all_of_them() -> None:
        await asyncio.gather(*(visit(host) for host in (HOST, "b.example") * 10))

    asyncio.run(all_of_them())
    assert len(most) == 20
    assert set(most) == {1}


@pytest.mark.parametrize("value", ["0", 0, "-1", "nan", "soon", "inf", None])
def test_scrapy_is_refused_a_delay_that_is_none(tmp_path: Path, value: object) -> None:
    made = corpus(tmp_path / "corpus")
    outlet(made, "one", "http://127.0.11.5:1", "http://127.0.11.5:1/1")
    run = Run(made, [catalogue(made.outlets_folder)["one"]])
    with pytest.raises(UsageError, match="DOWNLOAD_DELAY cannot be"):
        run.settle(Settings({"DOWNLOAD_DELAY": value}))


@pytest.mark.parametrize("delay", [0, 0.0, -2.0, float("nan"), float("inf")])
def test_an_outlet_in_python_is_refused_one_too(delay: float) -> None:
    with pytest.raises(BadCorpusFile, match="above 0"):
        Outlet(name="a", title="A", home="https://a.example/", languages=(), delay=delay)
