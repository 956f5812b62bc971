"""Lets several tasks wait until something has become true, without polling."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Bell:
    """Wakes everyone who waits; each then looks for itself whether to go on.

    A bell in a house rings the house's bell too.
    """

    def __init__(self, house: Bell | None = None) -> None:
        self._rung = asyncio.Event()
        self._house = house
        self.rings = 0

    def ring(self) -> int:
        """Say that something changed; return how often that was said in the whole house."""
        self.rings += 1
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()
        return self._house.ring() if self._house else self.rings

    async def until(self, holds: Callable[[], bool], timeout_s: float | None) -> None:
        """Return as soon as `holds()`.

        Raises:
            TimeoutError: it did not hold within `timeout_s`.

        """
        async with asyncio.timeout(timeout_s):
            while not holds():
                await self._rung.wait()
