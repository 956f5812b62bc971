"""Takes updates from the inbox and has them handled: in order within a line, lines side by side."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import TYPE_CHECKING

from bot.state.errors import StateError
from bot.telegram.receiving.arrivals import kept
from bot.telegram.receiving.cancelling import cancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ops.metrics import Metrics
    from bot.state.protocol import Claim, Inbox

logger = logging.getLogger(__name__)

LEASE_S = 20.0
_RENEW_S = 5.0
_AT_ONCE = 128
_IDLE_S = 5.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0


class Consumers:
    """Handles up to so many updates at once.

    `answer` may raise StateError where nothing has been sent yet: it is called again then. All
    else it raises is logged, and the update is done with.
    """

    def __init__(
        self,
        inbox: Inbox,
        name: str,
        answer: Callable[[Claim], Awaitable[None]],
        metrics: Metrics,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._inbox = inbox
        self._name = name
        self._answer = answer
        self._metrics = metrics
        self._at_once = at_once
        self._handling: set[asyncio.Task[None]] = set()
        self._own: list[asyncio.Task[None]] = []
        self._room = asyncio.Event()
        self._stopping = False
        self._moved_s = time.monotonic()

    def idle_s(self) -> float:
        """Return for how long no update was finished, nor the inbox found empty."""
        return time.monotonic() - self._moved_s

    async def start(self) -> None:
        """Begin with what the last process of this name was at when it ended.

        Raises:
            StateError: The inbox cannot be used.
        """
        left = await self._inbox.release(self._name)
        if left:
            logger.info("%d updates were in work when the last process ended", left)
        self._own = [asyncio.create_task(self._consume()), asyncio.create_task(self._renew())]

    async def stop(self, timeout_s: float) -> int:
        """Let what is in work finish, give back the rest; return how much was not done in time."""
        consuming, renewing = self._own
        self._stopping = True
        await cancelled([consuming])
        left: set[asyncio.Task[None]] = set()
        if self._handling:
            _, left = await asyncio.wait(self._handling, timeout=timeout_s)
        await cancelled([*left, renewing])
        try:
            await self._inbox.release(self._name)
        except StateError as error:
            logger.warning("updates could not be given back: %s", type(error).__name__)
        return len(left)

    async def run(self) -> None:
        """Return only when the work has ended, which it should not: raises what ended it."""
        done, _ = await asyncio.wait(self._own, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def _consume(self) -> None:
        while not self._stopping:
            await _patiently(self._take)

    async def _take(self) -> None:
        """Begin with as many updates as there is room for; wait where there are none."""
        room = self._at_once - len(self._handling)
        if room <= 0:
            self._room.clear()
            await self._room.wait()
            return
        claims = await self._inbox.claim(self._name, room, LEASE_S)
        for claim in claims:
            task = asyncio.create_task(self._handle(claim))
            self._handling.add(task)
            task.add_done_callback(self._done)
        if not claims:
            if not self._handling:
                self._moved_s = time.monotonic()
            await self._inbox.changed(_IDLE_S)

    async def _handle(self, claim: Claim) -> None:
        try:
            await _patiently(partial(self._answer, claim))
        except Exception:
            logger.exception("update %d failed", claim.update_id)
        await _patiently(partial(self._inbox.finish, claim.update_id))
        self._moved_s = time.monotonic()
        update = kept(claim)
        self._metrics.finished(update.kind, time.time() - update.received_s)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._handling.discard(task)
        self._room.set()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_S)
            await _patiently(partial(self._inbox.renew, self._name, LEASE_S))


async def _patiently(step: Callable[[], Awaitable[None]]) -> None:
    """Take a step, again and again while the bot's memory cannot be used."""
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return await step()
        except StateError as error:
            logger.warning("the bot's memory fails, trying again: %s", type(error).__name__)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
