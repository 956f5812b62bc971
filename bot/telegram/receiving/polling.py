"""Long polling: the offset moves on only when what came is safe in the inbox."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot.state.errors import StateError
from bot.telegram.receiving.arrivals import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram import Bot

    from bot.telegram.receiving.intake import Intake

logger = logging.getLogger(__name__)

_POLL_S = 20
_ANSWER_S = 15
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 5.0
_FAREWELL_S = 2.0


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, whose updates are decoded one by one later: a bad one must not block the rest."""

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Polling:
    """Asks Telegram for updates."""

    def __init__(self, bot: Bot, intake: Intake, allowed: Sequence[str]) -> None:
        self._bot = bot
        self._intake = intake
        self._allowed = list(allowed)
        self._offset: int | None = None

    async def run(self) -> None:
        """Receive until cancelled; then tell Telegram what it need not send again."""
        await self._bot.delete_webhook()
        pause_s = _FIRST_PAUSE_S
        try:
            while True:
                try:
                    await self._receive()
                    pause_s = _FIRST_PAUSE_S
                except TelegramRetryAfter as error:
                    await asyncio.sleep(error.retry_after)
                except (AiogramError, StateError) as error:
                    # not its text: of an answer that cannot be read, it quotes all
                    logger.warning("no updates, trying again: %s", type(error).__name__)
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        finally:
            await self._confirm()

    async def _receive(self) -> None:
        asked = GetRawUpdates(offset=self._offset, timeout=_POLL_S, allowed_updates=self._allowed)
        updates = await self._bot(asked, request_timeout=_POLL_S + _ANSWER_S)
        await self._intake.take(updates)
        numbers = [number for raw in updates if (number := number_of(raw)) is not None]
        if numbers:
            self._offset = max(numbers) + 1

    async def _confirm(self) -> None:
        """Confirm the last batch: the next process may have lost what tells that it is known."""
        if self._offset is None:
            return
        with suppress(AiogramError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                await self._bot(GetRawUpdates(offset=self._offset, limit=1, timeout=0))
