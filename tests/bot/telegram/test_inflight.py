"""A shutdown knows what is still in work, and waits for it, but not for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram.types import TelegramObject

from bot.telegram.inflight import InFlight


async def test_nothing_in_work_is_waited_for_no_time() -> None:
    """And nothing is left."""
    async with asyncio.timeout(1):
        assert await InFlight().drain(10) == 0


async def test_what_is_in_work_may_finish() -> None:
    """Each update that began is waited for, and its result is handed on."""
    in_flight, done = InFlight(), asyncio.Event()

    async def handler(_event: TelegramObject, _data: dict[str, Any]) -> str:
        await done.wait()
        return "handled"

    tasks = [
        asyncio.ensure_future(in_flight(handler, TelegramObject(), {})) for _number in range(3)
    ]
    await asyncio.sleep(0)
    draining = asyncio.create_task(in_flight.drain(5))
    await asyncio.sleep(0.02)
    assert not draining.done()
    done.set()
    assert await draining == 0
    assert await asyncio.gather(*tasks) == ["handled"] * 3


async def test_patience_has_an_end() -> None:
    """What is not done by then is counted."""
    in_flight = InFlight()

    async def endless(_event: TelegramObject, _data: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    task = asyncio.ensure_future(in_flight(endless, TelegramObject(), {}))
    await asyncio.sleep(0)
    assert await in_flight.drain(0.02) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await in_flight.drain(0.02) == 0


async def test_a_failure_is_no_longer_in_work() -> None:
    """It goes on to whoever handles failures."""
    in_flight = InFlight()

    async def failing(_event: TelegramObject, _data: dict[str, Any]) -> None:
        raise RuntimeError("broken")

    task = asyncio.ensure_future(in_flight(failing, TelegramObject(), {}))
    with pytest.raises(RuntimeError, match="broken"):
        await task
    assert await in_flight.drain(0.02) == 0
