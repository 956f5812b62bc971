"""Lets several tasks wait until something has become true, without polling."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Bell:
    """Wakes everyone who waits; each then looks for itself whether to go on."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that something changed."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def until(self, holds: Callable[[], bool], timeout_s: float | None) -> None:
        """Return as soon as `holds()`.

        Raises:
            TimeoutError: it did not hold within `timeout_s`.

        """
        async with asyncio.timeout(timeout_s):
            while not holds():
                await self._rung.wait()
