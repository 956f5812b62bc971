"""The HTTP session: waits out floods, survives one bad update, and says aloud what is final.

aiogram retries everything while polling, in silence. But a refused token or a second instance
does not mend itself, and an update that cannot be decoded would be asked for again for ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import Update
from pydantic import ValidationError

from bot.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiogram import Bot
    from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
    from aiogram.methods import Response, TelegramMethod
    from aiogram.methods.base import TelegramType

logger = logging.getLogger(__name__)

_GET_UPDATES = "getUpdates"
_CONFLICTS_TOLERATED = 3
_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.5


class PatientSession(AiohttpSession):
    """Decodes updates one by one, and notes when Telegram refuses the bot for good."""

    def __init__(self, heartbeat: Callable[[], None] = lambda: None, **options: Any) -> None:
        super().__init__(**options)
        self.refused: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()
        self._heartbeat = heartbeat
        self._conflicts = 0
        self.middleware(PatientRequests())

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Return a decoded response; getUpdates loses only the updates that cannot be decoded."""
        if method.__api_method__ != _GET_UPDATES:
            return super().check_response(bot, method, status_code, content)
        try:
            response = super().check_response(bot, method, status_code, _decodable(bot, content))
        except TelegramUnauthorizedError:
            self._refuse("Telegram no longer accepts BOT_TOKEN; get a new one from @BotFather")
            raise
        except TelegramConflictError:
            self._conflicts += 1
            if self._conflicts >= _CONFLICTS_TOLERATED:
                self._refuse("another instance polls with this token; stop it, or use another bot")
            raise
        self._conflicts = 0
        self._heartbeat()
        return response

    def _refuse(self, reason: str) -> None:
        if not self.refused.done():
            logger.error(reason)
            self.refused.set_result(Refused(reason))


class PatientRequests(BaseRequestMiddleware):
    """Waits as long as Telegram asks, and tries again where the network failed."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make a request, again if it is worth it; polling has a rhythm of its own."""
        if method.__api_method__ == _GET_UPDATES:
            return await make_request(bot, method)
        pause_s = _FIRST_PAUSE_S
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if attempt == _ATTEMPTS:
                    raise
                logger.info("told to wait %d s", error.retry_after)
                await asyncio.sleep(error.retry_after)
            except (TelegramNetworkError, TelegramServerError) as error:
                if attempt == _ATTEMPTS:
                    raise
                logger.info("%s, attempt %d", type(error).__name__, attempt)
                await asyncio.sleep(pause_s)
                pause_s *= 2
        raise AssertionError("unreachable")


def _decodable(bot: Bot, content: str) -> str:
    """Return getUpdates' answer with each update that cannot be decoded reduced to its id."""
    try:
        answer = json.loads(content)
        updates = answer["result"] if answer["ok"] else None
    except (ValueError, KeyError, TypeError):
        return content
    if not isinstance(updates, list):
        return content
    answer["result"] = [update for each in updates if (update := _checked(bot, each)) is not None]
    return json.dumps(answer)


def _checked(bot: Bot, update: Any) -> Any:
    try:
        Update.model_validate(update, context={"bot": bot})
    except ValidationError as error:
        number = update.get("update_id") if isinstance(update, dict) else None
        # places only: the error itself quotes what people wrote
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        places = ", ".join(".".join(map(str, each["loc"])) for each in wrong)
        logger.error("left out update %s: it cannot be decoded (%s)", number, places)  # noqa: TRY400
        return {"update_id": number} if isinstance(number, int) else None
    return update
