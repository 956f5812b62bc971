"""Whether the bot does its work: Telegram answers, the index can be used, the inbox moves on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ServiceError
from bot.worker import Busy
from index.errors import AudiaturError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.heartbeat import Heartbeat
    from bot.state.protocol import Inbox
    from bot.worker import Worker

_STUCK_S = 120.0
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Condition:
    """How the bot is: `reasons` is empty where all is well."""

    reasons: tuple[str, ...]
    waiting: int | None


class Health:
    """Looks at everything that must work; `idle_s` tells since when no update was finished."""

    def __init__(
        self, heartbeat: Heartbeat, worker: Worker, inbox: Inbox, idle_s: Callable[[], float]
    ) -> None:
        self._heartbeat = heartbeat
        self._worker = worker
        self._inbox = inbox
        self._idle_s = idle_s

    async def condition(self) -> Condition:
        """Return how the bot is now."""
        reasons = []
        if not self._heartbeat.is_fresh():
            reasons.append("Telegram has not answered lately")
        index = await self._index()
        if index:
            reasons.append(index)
        waiting = await self.waiting()
        if waiting is None:
            reasons.append("the inbox cannot be read")
        elif waiting and self._idle_s() > _STUCK_S:
            reasons.append(f"{waiting} updates wait and none is finished")
        return Condition(tuple(reasons), waiting)

    async def waiting(self) -> int | None:
        """Return how many updates are not finished, `None` where that cannot be known."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._inbox.waiting()
        except (ServiceError, TimeoutError):
            return None

    async def _index(self) -> str | None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._worker.snapshot()
        except Busy:
            return None
        except TimeoutError:
            return "answers take too long"
        except AudiaturError:
            return "the index cannot be used"
        return None
