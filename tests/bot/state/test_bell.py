"""A bell wakes who listens, and never keeps anybody who is told to go."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.state.bell import Bell


async def test_a_ring_before_the_wait_is_heard() -> None:
    """Nothing is missed between listening and waiting."""
    bell = Bell()
    heard = bell.listen()
    bell.ring()
    async with asyncio.timeout(5):
        await heard(60)


async def test_without_a_ring_the_wait_ends() -> None:
    """After the time that was given, and not before."""
    began = time.monotonic()
    await asyncio.wait_for(Bell().listen()(0.2), 60)
    assert time.monotonic() - began >= 0.19


async def test_a_cancellation_that_comes_with_the_ring_is_obeyed() -> None:
    """Whoever waits again and again can be stopped at any moment."""
    bell = Bell()

    async def listening() -> None:
        while True:
            await bell.listen()(60)

    for _ in range(100):
        task = asyncio.create_task(listening())
        await asyncio.sleep(0)
        bell.ring()
        task.cancel()
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await task
