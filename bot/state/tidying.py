"""A task that clears away, now and then, what nobody can see any more."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.state.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

EVERY_S = 60.0

_log = logging.getLogger(__name__)


class Tidying:
    """Calls one piece of work every so often, from its making to `stop`."""

    def __init__(self, work: Callable[[], Awaitable[None]], every_s: float = EVERY_S) -> None:
        self._work = work
        self._every_s = every_s
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End it, in the middle of its work if need be."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self._work()
            except StateError as error:
                _log.warning("tidying failed, and will be tried again: %s", error)
