"""What all tests share: no test reaches any host but this machine's loopback."""

import os
import runpy
import shutil
import signal
from pathlib import Path

import hypothesis
import pytest

from archive.corpus import Corpus
from crawler.verbs.init import make

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = CHECKOUT.parent / "shared"
ABSENT = "the recorded pages are not beside the checkout (../shared): they are other people's and not part of it"


# Here and in every Python process that a test starts.
LOOPBACK_ONLY = str(CHECKOUT / "tests" / "loopback_only")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (LOOPBACK_ONLY, os.environ.get("PYTHONPATH"))))
runpy.run_path(str(Path(LOOPBACK_ONLY) / "sitecustomize.py"))


# A shell that runs the tests in the background lets them ignore these, and so would every crawl that a test stops
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


# Several tests share a core: that something is slow says nothing of what makes its values
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


# Files whose few tests take long: begun first, so that no process ends long after the others
LONGEST = (
    "test_killed",
    "test_faults",
    "test_full_disk",
    "test_flow",
    "test_secrets_crawl",
    "test_hostile_pace",
    "test_hostile_answers",
    "test_takedown_crawl",
    "test_quality",
    "test_login_crawl",
    "test_probe",
    "test_bad_input",
    "test_outlet_pages_kept",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are cores: many a test waits, for the pace that a crawl keeps or for a process to end."""
    return 2 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.stem.startswith(LONGEST))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """An empty corpus without topics, that may name a contact."""
    folder = tmp_path / "corpus"
    make(folder, contact="https://archive.example/", title="A test", outlets=("mediapart",), topic=False)
    return Corpus(folder)


@pytest.fixture(scope="session")
def gazette_as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.takedown_corpus import build  # here, since most processes need none

    folder = tmp_path_factory.mktemp("gazette") / "corpus"
    build(folder)
    return folder


@pytest.fixture
def gazette(gazette_as_built: Path, tmp_path: Path) -> Corpus:
    """The small corpus of which articles are taken down, for this test alone."""
    return Corpus(shutil.copytree(gazette_as_built, tmp_path / "corpus"))


@pytest.fixture
def shared() -> Path:
    """The recorded pages; the test is skipped with a reason where they are absent."""
    if not SHARED.is_dir():
        pytest.skip(ABSENT)
    return SHARED
