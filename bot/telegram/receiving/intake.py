"""The one way in: updates are kept before anybody is told that we have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.telegram.receiving.arrivals import arrival_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiogram import Bot

    from bot.ops.metrics import Metrics
    from bot.state.protocol import Inbox


class Intake:
    """Puts updates into the inbox."""

    def __init__(self, bot: Bot, inbox: Inbox, metrics: Metrics) -> None:
        self._bot = bot
        self._inbox = inbox
        self._metrics = metrics

    async def take(self, updates: Iterable[Any]) -> None:
        """Keep updates, durably once this returns; those that cannot be read are left out.

        Raises:
            StateError: They could not be kept; Telegram must send them again.
        """
        arrivals = [arrival for raw in updates if (arrival := arrival_of(self._bot, raw))]
        if not arrivals:
            return
        await self._inbox.receive(arrivals)
        for arrival in arrivals:
            self._metrics.received(arrival.payload["kind"])
