"""A crawl whose event loop is watched: `python -m tests.bench.heartbeat FOLDER SECONDS HEALTHY ARTICLES`.

A beat is due every 50 ms; the longest wait for one is what the loop stood still. The crawl is asked to stop when the
healthy outlet is through and SECONDS have passed, since some hosts keep a connection for as long as they are let.
Prints {"gap": …} as JSON.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from twisted.internet.task import LoopingCall

from archive.corpus import Corpus
from crawler.process import crawl
from crawler.run import Run
from spiders.kit.catalogue import catalogue, choose

BEAT = 0.05  # seconds


class Watched(Run):
    """A run with a heart."""

    gap = 0.0

    def watch(self, seconds: float, healthy: str, articles: int) -> None:
        self._least, self._healthy, self._articles = seconds, healthy, articles

    def begin(self) -> None:
        super().begin()
        self._first = self._last = time.monotonic()
        self._heart = LoopingCall(self._beat)
        self._heart.start(BEAT, now=False)

    def _beat(self) -> None:
        now = time.monotonic()
        self.gap, self._last = max(self.gap, now - self._last), now
        if now - self._first > self._least and self.frontier.counts(self._healthy)[0] >= self._articles:
            self._heart.stop()
            os.kill(os.getpid(), signal.SIGTERM)


def main(folder: Path, seconds: float, healthy: str, articles: int) -> dict[str, Any]:
    """The crawl of the corpus at `folder`."""
    corpus = Corpus(folder)
    run = Watched(corpus, choose(corpus.settings.outlets, catalogue(corpus.outlets_folder)))
    run.watch(seconds, healthy, articles)
    summary = crawl(run, quiet=True)
    return {"gap": run.gap, "outcomes": {each.outlet: each.outcomes for each in summary.outlets}}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))  # noqa: T201
