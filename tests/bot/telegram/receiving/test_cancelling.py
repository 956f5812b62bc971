"""A task that is told to end ends, even if it misses the first word."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.telegram.receiving import cancelling
from bot.telegram.receiving.cancelling import cancelled

if TYPE_CHECKING:
    import pytest


async def test_a_swallowed_cancellation_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """As often as it takes; what a task raises at its end stays there."""
    monkeypatch.setattr(cancelling, "_AGAIN_S", 0.01)

    async def deaf() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    async def failing() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise RuntimeError("at the end")

    tasks = [asyncio.create_task(deaf()), asyncio.create_task(failing())]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await cancelled(tasks)
    assert all(task.done() for task in tasks)
