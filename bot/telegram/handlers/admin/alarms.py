"""Tells the admins what needs a person: an id, what kind of error, where; nothing of chats."""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramAPIError

from bot.telegram.handlers.admin.access import LANGUAGES
from bot.telegram.rendering import escaped
from bot.translation import interface_language, translator

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine
    from typing import Any

    from aiogram import Bot

    from bot.library import Library
    from bot.state.protocol import Store

logger = logging.getLogger(__name__)

_SPACE = "alarms"
_SILENT_S = 3600.0
_OURS = ("bot.", "index.")


class Alarms:
    """Sends each admin a short message, once an hour for each place in the code."""

    def __init__(self, bot: Bot, store: Store, admins: Collection[int]) -> None:
        self._bot = bot
        self._store = store
        self._admins = sorted(admins)
        self._sending: set[asyncio.Task[None]] = set()

    async def raise_alarm(self, number: str, error: BaseException) -> None:
        """Tell the admins of an error, under the number that the log has for it; never raises."""
        try:
            await self._tell(number, type(error).__name__, place_of(error))
        except Exception:
            logger.exception("the alarm %s could not be raised", number)

    def watch(self, library: Library) -> None:
        """Have the admins told of an index that cannot be used; call it on the event loop."""
        loop = asyncio.get_running_loop()

        def tell(error: Exception) -> None:
            number = secrets.token_hex(4)
            logger.error("the index is unusable, id %s: %s", number, error)
            with suppress(RuntimeError):  # the bot has stopped meanwhile
                loop.call_soon_threadsafe(lambda: self._start(self.raise_alarm(number, error)))

        library.when_unusable(tell)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _tell(self, number: str, kind: str, place: str) -> None:
        if not await self._store.add(_SPACE, place, number, lifetime_s=_SILENT_S):
            logger.info("the alarm %s is not repeated: %s", number, place)
            return
        reached = [await self._sent(admin, number, kind, place) for admin in self._admins]
        if not any(reached):
            await self._store.remove(_SPACE, place)

    async def _sent(self, admin: int, number: str, kind: str, place: str) -> bool:
        language = await self._store.get(LANGUAGES, str(admin))
        translate = translator(interface_language(language if isinstance(language, str) else None))
        text = translate(
            "Something needs a person to look at it: {kind} at {place}. The log says more under "
            "{id}. I report this place again after an hour at the earliest."
        ).format(kind=kind, place=place, id=number)
        try:
            await self._bot.send_message(admin, escaped(text))
        except TelegramAPIError as error:
            logger.warning("admin %d could not be told: %s", admin, type(error).__name__)
            return False
        return True


def place_of(error: BaseException) -> str:
    """Return where an error arose: the innermost line of ours, else the innermost of all."""
    frames = [
        (frame.f_globals.get("__name__", "?"), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [place for place in frames if place[0].startswith(_OURS)]
    if not frames:
        return "?"
    module, line = (ours or frames)[-1]
    return f"{module}:{line}"
