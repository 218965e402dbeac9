"""What a crawl leaves open: no socket that listens, for as long as it runs (guarantee G21)."""

import time
from pathlib import Path

import pytest

from tests.hostile.crawling import corpus, ended, nothing, outlet, start, story
from tests.hostile.host import Host, hosting

LISTENING = "0A"  # proc_pid_net_tcp(5)


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in family(child))]


def sockets(pids: list[int]) -> dict[str, str]:
    """State by inode of the TCP sockets that these processes hold."""
    held = set()
    for pid in pids:
        try:
            held |= {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
        except OSError:
            continue
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[9]: row[3] for row in rows if f"socket:[{row[9]}]" in held}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux says which sockets a process holds")
def test_nothing_listens_while_a_crawl_runs(tmp_path: Path) -> None:
    host = Host(lambda asked, _, __: story(asked.path) if asked.path.startswith("/s") else nothing(), "127.0.0.231")
    with hosting(host):
        made = corpus(tmp_path / "corpus", host, delay=0.2)
        outlet(made, "doors", host.home, *(f"{host.home}/s{number}" for number in range(8)), delay=0.2)
        process = start(made, "crawl", "doors", "--json")
        states: set[str] = set()
        while process.poll() is None:
            states |= set(sockets(family(process.pid)).values())
            time.sleep(0.05)
        crawled = ended(made, process)
    assert crawled.code == 0
    assert states - {LISTENING}, "the crawl was never seen with a connection"
    assert LISTENING not in states
