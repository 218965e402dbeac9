"""Work that waits for workers, in lanes: none may take the turns of the others.

A lane is whose work it is, an outlet's. The next call is of the lane that has cost least so far, so a hundred pages of
twenty seconds each stand behind the one feed of a quiet neighbour, and not before it.
"""

import threading
from collections import deque
from collections.abc import Collection
from typing import Generic, TypeVar

T = TypeVar("T")
SLOW = 1.0  # seconds: who has kept a worker for so long is urgent no more
QUICK = 0.25  # seconds: who was slow, and then took no longer, may be urgent again


class Lanes(Generic[T]):
    """Things in lanes. Any thread may put and take.

    What is urgent comes before what is not: the crawl waits for it, as for the rules of a host. A lane loses that right
    when one of its calls is slow, until one is quick. What must be alone comes last, and only to who asks for it too.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._urgent: dict[str, deque[T]] = {}
        self._other: dict[str, deque[T]] = {}
        self._alone: dict[str, deque[T]] = {}
        self._cost: dict[str, float] = {}  # seconds
        self._slow: set[str] = set()
        self._idle = 0  # who waits for a thing
        self._closed = False

    def put(self, thing: T, lane: str, *, urgent: bool, alone: bool = False) -> None:
        with self._change:
            urgent = urgent and lane not in self._slow
            waiting = self._alone if alone else self._urgent if urgent else self._other
            waiting.setdefault(lane, deque()).append(thing)
            self._change.notify_all()

    def next(self, *, wait: bool, alone: bool = False, quick: bool = False) -> T | None:
        """The next thing; None where there is none and nobody waits for one, or after `close`.

        `alone`: what must be alone, too; one at most may ask for that. `quick`: nothing of a lane that was slow.
        """
        with self._change:
            self._idle += 1
            while wait and not self._closed and not (self._urgent or self._others(quick) or (alone and self._alone)):
                self._change.wait()
            self._idle -= 1
            found = self._of(self._urgent) or self._of(self._other, self._others(quick))
            return found or (self._of(self._alone) if alone else None)

    def pressed(self) -> bool:
        """Whether something urgent waits, and nobody for it."""
        with self._change:
            return bool(self._urgent) and not self._idle

    def other(self) -> T | None:
        """The next thing that is not urgent; None where there is none."""
        with self._change:
            return self._of(self._other)

    def spent(self, lane: str, seconds: float) -> None:
        """What a call of this lane has cost."""
        with self._change:
            self._cost[lane] = self._cost.get(lane, 0.0) + seconds
            if seconds <= QUICK:
                self._slow.discard(lane)
            if seconds >= SLOW and lane not in self._slow:
                self._slow.add(lane)
                if lane in self._urgent:
                    self._other.setdefault(lane, deque()).extendleft(reversed(self._urgent.pop(lane)))
                    self._change.notify_all()

    def close(self) -> None:
        """Nobody waits any more; what is left can still be taken."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    def _others(self, quick: bool) -> list[str]:
        return [lane for lane in self._other if lane not in self._slow] if quick else list(self._other)

    def _of(self, lanes: dict[str, deque[T]], names: Collection[str] | None = None) -> T | None:
        """Of equal lanes the one that has waited longest: it moves behind the others with each turn. `names`: of these
        only."""
        names = lanes if names is None else names
        if not names:
            return None
        lane = min(names, key=lambda name: self._cost.get(name, 0.0))
        waiting = lanes.pop(lane)
        thing = waiting.popleft()
        if waiting:
            lanes[lane] = waiting
        return thing
