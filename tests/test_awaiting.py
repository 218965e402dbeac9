"""Waiting for a worker: what it raised is told once, to who asks for it."""

import asyncio
import gc
from concurrent.futures import Future
from typing import Any

import pytest

from crawler.awaiting import ended


def test_work_that_failed_is_no_word_in_the_log() -> None:
    said: list[dict[str, Any]] = []
    work: Future[None] = Future()

    async def wait() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        asyncio.get_running_loop().call_later(0.01, work.set_exception, ValueError("a page that no reader survives"))
        await ended(work)
        gc.collect()

    asyncio.run(wait())
    gc.collect()
    assert said == []
    with pytest.raises(ValueError, match="no reader survives"):
        work.result()


def test_work_goes_on_when_nobody_waits_any_more() -> None:
    work: Future[int] = Future()

    async def wait() -> None:
        waiting = asyncio.ensure_future(ended(work))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(wait())
    assert not work.cancelled()
