"""The HTTP session: notes when Telegram answers, and when it refuses the bot for good.

A refused token or a second instance does not mend itself: trying on in silence helps nobody.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response

from bot.errors import Refused
from bot.ops.metrics import Metrics
from bot.telegram.sending.effects import Effect, effect_of
from bot.telegram.sending.patience import PatientRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiogram import Bot
    from aiogram.methods import TelegramMethod
    from aiogram.methods.base import TelegramType

logger = logging.getLogger(__name__)

_CONFLICTS_TOLERATED = 3


class PatientSession(AiohttpSession):
    """Makes requests patiently; `refused` is set once Telegram will not have the bot any more."""

    def __init__(
        self,
        heartbeat: Callable[[], None] = lambda: None,
        metrics: Metrics | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.refused: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()
        self._heartbeat = heartbeat
        self._conflicts = 0
        self.middleware(PatientRequests(metrics or Metrics()))

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Return a decoded response; what a gateway says instead of Telegram is its failure."""
        response_type(method.__returning__)
        if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and not _is_json(content):
            raise TelegramServerError(method=method, message=f"a gateway says {status_code}")
        if effect_of(method.__api_method__) is not Effect.WATCHING:
            return super().check_response(bot, method, status_code, content)
        try:
            response = super().check_response(bot, method, status_code, content)
        except TelegramUnauthorizedError:
            self.refuse("Telegram no longer accepts BOT_TOKEN; get a new one from @BotFather")
            raise
        except TelegramConflictError:
            self._conflicts += 1
            if self._conflicts >= _CONFLICTS_TOLERATED:
                self.refuse("another instance polls with this token; stop it, or use another bot")
            raise
        self._conflicts = 0
        self._heartbeat()
        return response

    def refuse(self, reason: str) -> None:
        """Note that trying on cannot help."""
        if not self.refused.done():
            logger.error(reason)
            self.refused.set_result(Refused(reason))


@cache
def response_type(returning: Any) -> type[Response[Any]]:
    """Return the model that decodes what a method returns, and keep it for good.

    pydantic keeps it only as long as somebody else does, and aiogram does not: after each garbage
    collection it would be made anew, which takes milliseconds.
    """
    return Response[returning]


def _is_json(content: str) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True
