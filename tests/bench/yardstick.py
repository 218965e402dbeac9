"""How fast this machine is from moment to moment: a loop that never changes.

Other work on the machine makes a second of CPU worth less. So a yardstick is taken before and after each run, and what
the run took is told in milliseconds of the best moment.
"""

import statistics
import time

BUSY = 1.25  # how far the middle may be from the best before figures are in doubt
_taken: list[float] = []


def pace() -> float:
    """Seconds of CPU that the loop takes now."""
    laps = []
    for _ in range(15):
        began = time.thread_time()
        for number in range(100_000):
            number + 1
        laps.append(time.thread_time() - began)
    _taken.append(statistics.median(laps))
    return _taken[-1]


def best() -> float:
    """The least that it took so far."""
    return min(_taken)


def unrest() -> float:
    """How many times its best the loop took in the middle of all runs; 1.0 on a machine that does nothing else."""
    return statistics.median(_taken) / min(_taken) if _taken else 1.0
