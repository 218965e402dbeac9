"""Requests that are not made, and why."""

from scrapy.exceptions import IgnoreRequest


class BlockedByRobots(IgnoreRequest):
    """robots.txt forbids the address, or could not be read."""


class BlockedAddress(IgnoreRequest):
    """The host lies in a network that corpus.toml does not allow."""
