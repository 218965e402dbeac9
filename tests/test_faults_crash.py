"""A crash or a power cut at each step of a crawl in turn, and a file that was cut: nothing is lost (G2, G3)."""

import pytest

from tests.test_faults import broken
from tests.torture.injection import Way


@pytest.mark.parametrize(("way", "first"), [(Way.CRASH, 1), (Way.POWER_CUT, 3)])
def test_wherever_it_ends_nothing_is_lost(way: Way, first: int) -> None:
    """At a power cut everything goes that was written since the last fsync, or a part of it."""
    faults, passed = broken(way, first=first)
    assert faults == []
    assert passed > 50, "the crawl has more steps than that"


def test_a_file_that_was_cut_is_never_written_on() -> None:
    """The open file of a killed crawl, cut at 50 places of its last record; then a crawl of new articles."""
    faults, _ = broken("cut")
    assert faults == []
