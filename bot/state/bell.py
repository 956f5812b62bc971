"""Wakes all who wait within this process."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Bell:
    """Whoever listened before it rang is woken, even if it waits only afterwards."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who listens."""
        self._event.set()
        self._event = asyncio.Event()

    def listen(self) -> Callable[[float], Awaitable[None]]:
        """Return what waits for the next ring from now on, for so many seconds at most."""
        event = self._event

        async def heard(timeout_s: float) -> None:
            # not wait_for: in Python 3.11 it loses a cancellation that comes with the ring
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await event.wait()

        return heard
