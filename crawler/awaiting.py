"""Waiting on the loop for what a worker's process gives."""

import asyncio
from concurrent.futures import Future
from typing import Any


async def ended(work: "Future[Any]") -> None:
    """Waits for the end of the work, whatever came of it, and never ends it: who wants its result asks `work`."""
    waited = asyncio.wrap_future(work)
    await asyncio.wait([waited])
    if not waited.cancelled():
        waited.exception()  # or asyncio would log that nobody asked for it
