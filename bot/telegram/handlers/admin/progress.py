"""Shows how a build goes on by editing one message, at a pace that Telegram allows."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramAPIError

from bot.pace import Pace
from bot.telegram.rendering import escaped
from bot.translation import translator

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.pace import Progressed

logger = logging.getLogger(__name__)

EDIT_EVERY_S = 1.5


class ProgressMessage:
    """One message that tells of a build; `before` stands above whatever it tells."""

    def __init__(
        self, bot: Bot, chat: int, message_id: int, language: str, before: str = ""
    ) -> None:
        self._bot = bot
        self._chat = chat
        self._message_id = message_id
        self._before = before
        # what must not wait is that a build goes on which was interrupted
        self._edited_s = float("-inf") if before else time.monotonic()
        self._editing: asyncio.Task[None] | None = None
        self._latest: tuple[str, Progressed] | None = None
        self._over = asyncio.Event()
        self._pace = Pace()
        translate = translator(language)
        self._speed = translate("{rate} a second, {left} left")
        self._texts = {
            "read": translate("Reading documents …"),
            "embed": translate("Embedding passages …"),
            "learn": translate("Learning questions …"),
            "suggest": translate("Suggesting sides …"),
            "write": translate("Writing the index …"),
            "verify": translate("Verifying the index …"),
        }

    def note(self, stage: str, done: int, total: int) -> None:
        """Show a step, soon: of several that come close together, the last."""
        self._latest = (stage, self._pace.note(stage, done, total, time.monotonic()))
        if self._editing is None or self._editing.done():
            self._editing = asyncio.ensure_future(self._show())

    async def finish(self, text: str) -> None:
        """Show how it ended, after any edit under way."""
        self._over.set()
        if self._editing:
            await asyncio.wait({self._editing})
        await self._edit(text)

    async def _show(self) -> None:
        """Show the latest step, and again while there are newer ones, at the pace of edits."""
        while self._latest:
            pause_s = self._edited_s + EDIT_EVERY_S - time.monotonic()
            if pause_s > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._over.wait()
                    return
            latest, self._latest = self._latest, None
            self._edited_s = time.monotonic()
            await self._edit(self._step(*latest))

    def _step(self, stage: str, told: Progressed) -> str:
        text = self._texts.get(stage, stage)
        if told.count:
            text += f" {told.count}"
        if told.rate:
            text += " · " + self._speed.format(rate=told.rate, left=told.left)
        return text

    async def _edit(self, text: str) -> None:
        whole = f"{self._before}\n{text}" if self._before else text
        try:
            await self._bot.edit_message_text(
                escaped(whole), chat_id=self._chat, message_id=self._message_id
            )
        except TelegramAPIError as error:
            if "message is not modified" not in error.message:
                logger.warning("progress could not be shown: %s", error.message)
