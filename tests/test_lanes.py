"""Lanes: whose turn it is, and that what is urgent never waits behind what is slow."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from crawler.lanes import QUICK, SLOW, Lanes

WORK = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40)


@given(WORK)
def test_what_is_put_is_taken_once_urgent_first_and_a_lane_in_its_order(work: list[tuple[str, bool]]) -> None:
    lanes: Lanes[tuple[str, bool, int]] = Lanes()
    for number, (lane, urgent) in enumerate(work):
        lanes.put((lane, urgent, number), lane, urgent=urgent)
    taken = []
    while (thing := lanes.next(wait=False)) is not None:
        taken.append(thing)
    assert sorted(number for _, _, number in taken) == list(range(len(work)))
    assert [urgent for _, urgent, _ in taken] == sorted((urgent for _, urgent, _ in taken), reverse=True)
    for lane in "abc":
        for urgent in (True, False):
            numbers = [number for name, kind, number in taken if (name, kind) == (lane, urgent)]
            assert numbers == sorted(numbers)


def test_the_lane_that_has_cost_least_comes_next() -> None:
    lanes: Lanes[str] = Lanes()
    for name in ("dear", "dear", "cheap", "cheap"):
        lanes.put(name, name, urgent=False)
    lanes.spent("dear", 1.0)
    assert [lanes.next(wait=False) for _ in range(4)] == ["cheap", "cheap", "dear", "dear"]


def test_equal_lanes_take_turns() -> None:
    lanes: Lanes[str] = Lanes()
    for name in ("a", "a", "a", "b", "c"):
        lanes.put(name, name, urgent=False)
    assert [lanes.next(wait=False) for _ in range(5)] == ["a", "b", "c", "a", "a"]


def test_who_was_slow_is_urgent_no_more() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.put("feed of the slow", "slow", urgent=True)
    lanes.put("article", "quick", urgent=False)
    lanes.spent("slow", SLOW + 1)
    assert not lanes.pressed()
    lanes.put("another feed of the slow", "slow", urgent=True)
    assert lanes.next(wait=False) == "article"
    assert lanes.next(wait=False) == "feed of the slow"


def test_nobody_waits_after_the_end() -> None:
    lanes: Lanes[str] = Lanes()
    waiting = [threading.Thread(target=lanes.next, kwargs={"wait": True, "quick": quick}) for quick in (True, False)]
    for thread in waiting:
        thread.start()
    lanes.close()
    for thread in waiting:
        thread.join(30)
        assert not thread.is_alive()


def test_who_was_slow_and_then_quick_is_urgent_again() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.spent("late", SLOW)
    lanes.spent("late", QUICK)
    lanes.put("an article", "other", urgent=False)
    lanes.put("a feed", "late", urgent=True)
    assert lanes.pressed()
    assert lanes.next(wait=False) == "a feed"


def test_what_must_be_alone_comes_last_and_to_who_asks_for_it() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.put("a bomb", "a", urgent=True, alone=True)
    lanes.put("an article", "b", urgent=False)
    assert not lanes.pressed()
    assert [lanes.next(wait=False) for _ in range(2)] == ["an article", None]
    assert lanes.next(wait=False, alone=True) == "a bomb"
