"""Shows how a build goes on by editing one message, at a pace that Telegram allows."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramAPIError

from bot.telegram.rendering import escaped
from bot.translation import translator

if TYPE_CHECKING:
    from aiogram import Bot

logger = logging.getLogger(__name__)

EDIT_EVERY_S = 1.5
RATE_AFTER_S = 2.0
"""A rate measured over a shorter time says little."""


@dataclass(slots=True)
class Pace:
    """How fast the step under way goes, once that is known."""

    stage: str = ""
    since_s: float = 0.0
    first: int = 0

    def note(self, stage: str, done: int, now_s: float) -> None:
        """Take note of how far the step is."""
        if stage != self.stage:
            self.stage, self.since_s, self.first = stage, now_s, done

    def per_second(self, done: int, now_s: float) -> float | None:
        """Return how many are done in a second, `None` while it is too early to say."""
        if now_s - self.since_s < RATE_AFTER_S or done <= self.first:
            return None
        return (done - self.first) / (now_s - self.since_s)


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
        self._latest: tuple[str, int, int] | None = None
        self._over = asyncio.Event()
        self._pace = Pace()
        translate = translator(language)
        self._speed = translate("{rate} a second, {seconds} s left")
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
        self._pace.note(stage, done, time.monotonic())
        self._latest = (stage, done, total)
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
            await self._edit(self._step(*latest, self._edited_s))

    def _step(self, stage: str, done: int, total: int, now_s: float) -> str:
        text = self._texts.get(stage, stage)
        if not total:
            return text
        text += f" {done}/{total}"
        rate = self._pace.per_second(done, now_s)
        if rate:
            seconds = max(0, round((total - done) / rate))
            text += " · " + self._speed.format(rate=max(1, round(rate)), seconds=seconds)
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
