"""A crawl whose event loop is watched: `python -m tests.bench.heartbeat FOLDER SECONDS`.

A beat is due every 50 ms; the longest wait for one is what the loop stood still. The crawl is asked to stop after
SECONDS, since some hosts keep a connection for as long as they are let; with 0 it runs to its end. Prints
{"gap": …} as JSON.
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
    lasts = 0.0  # seconds; 0: to its end

    def begin(self) -> None:
        super().begin()
        self._first = self._last = time.monotonic()
        self._heart = LoopingCall(self._beat)
        self._heart.start(BEAT, now=False)

    def _beat(self) -> None:
        now = time.monotonic()
        self.gap, self._last = max(self.gap, now - self._last), now
        if self.lasts and now - self._first > self.lasts:
            self._heart.stop()
            os.kill(os.getpid(), signal.SIGTERM)


def main(folder: Path, seconds: float) -> dict[str, Any]:
    """The crawl of the corpus at `folder`."""
    corpus = Corpus(folder)
    run = Watched(corpus, choose(corpus.settings.outlets, catalogue(corpus.outlets_folder)))
    run.lasts = seconds
    summary = crawl(run, quiet=True)
    return {"gap": run.gap, "outcomes": {each.outlet: each.outcomes for each in summary.outlets}}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]))))  # noqa: T201
