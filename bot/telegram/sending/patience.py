"""Waits as long as Telegram asks, tries again where that is safe, and swallows what is no error."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from aiogram.client.session.middlewares.base import BaseRequestMiddleware
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.telegram.sending.delivery import Delivery, NotDelivered, current_delivery
from bot.telegram.sending.effects import Effect, effect_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram import Bot
    from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
    from aiogram.methods import TelegramMethod
    from aiogram.methods.base import TelegramType

    from bot.ops.metrics import Metrics

    Request = Callable[[Bot, TelegramMethod[Any]], Awaitable[Any]]

logger = logging.getLogger(__name__)

_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.5
TOO_OLD = "query is too old"
_UNCHANGED = "message is not modified"
_EXPIRING = frozenset({"answerCallbackQuery", "answerInlineQuery"})


class PatientRequests(BaseRequestMiddleware):
    """Makes requests again where it is worth it; a message that may have arrived is not resent."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Make a request, and return its result.

        Raises:
            NotDelivered: A message failed for long, or may have arrived.
            TelegramAPIError: Telegram refuses, or cannot be reached.
        """
        effect = effect_of(method.__api_method__)
        if effect is Effect.WATCHING:
            return await make_request(bot, method)
        if effect is Effect.FLEETING:
            return await _or_not(make_request, bot, method)
        if effect is Effect.REPEATABLE:
            return await self._repeated(make_request, bot, method)
        return await self._delivered(make_request, bot, method)

    async def _delivered(self, make_request: Request, bot: Bot, method: TelegramMethod[Any]) -> Any:
        delivery = current_delivery()
        sending = _Sending(make_request, delivery) if delivery else _careful(make_request)
        try:
            return await self._repeated(sending, bot, method)
        except (TelegramNetworkError, TelegramServerError) as error:
            if delivery is None or isinstance(error, TelegramEntityTooLarge):
                raise
            delivery.failed()
            if isinstance(error, NotDelivered):
                raise
            raise NotDelivered(method=method, message=type(error).__name__) from error

    async def _repeated(self, make_request: Request, bot: Bot, method: TelegramMethod[Any]) -> Any:
        pause_s = _FIRST_PAUSE_S
        attempt = 1
        while True:
            try:
                return await _readable(make_request, bot, method)
            except TelegramRetryAfter as error:
                self._metrics.flooded()
                logger.info("told to wait %d s", error.retry_after)
                await asyncio.sleep(error.retry_after)
            except TelegramMigrateToChat as error:
                method = _moved(method, error)
            except TelegramBadRequest as error:
                if not _is_harmless(method, error):
                    raise
                return True
            except (TelegramNetworkError, TelegramServerError) as error:
                if attempt == _ATTEMPTS or isinstance(error, NotDelivered | TelegramEntityTooLarge):
                    raise
                logger.info("%s, attempt %d", type(error).__name__, attempt)
                self._metrics.retried()
                await asyncio.sleep(pause_s)
                pause_s, attempt = 2 * pause_s, attempt + 1


class _Sending:
    """Makes a request that sends a message, and notes how far it gets."""

    def __init__(self, make_request: Request, delivery: Delivery) -> None:
        self._make_request = _careful(make_request)
        self._delivery = delivery

    async def __call__(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Make it once."""
        await self._delivery.begins()
        try:
            result = await self._make_request(bot, method)
        except NotDelivered:
            raise
        except TelegramAPIError:
            await self._delivery.refused()
            raise
        await self._delivery.arrived()
        return result


def _careful(make_request: Request) -> Request:
    """Return a request that raises `NotDelivered` where it may have had its effect."""

    async def made(bot: Bot, method: TelegramMethod[Any]) -> Any:
        try:
            return await make_request(bot, method)
        except ClientDecodeError:
            # its text holds the answer, which holds what people wrote
            raise NotDelivered(method=method, message="the answer cannot be read") from None
        except TelegramNetworkError as error:
            if isinstance(error, TelegramEntityTooLarge) or _never_left(error):
                raise
            raise NotDelivered(method=method, message="the answer was lost") from error

    return made


async def _readable(make_request: Request, bot: Bot, method: TelegramMethod[Any]) -> Any:
    """Make a request; an answer that cannot be read is the server's failure."""
    try:
        return await make_request(bot, method)
    except ClientDecodeError:
        raise TelegramServerError(method=method, message="the answer cannot be read") from None


async def _or_not(make_request: Request, bot: Bot, method: TelegramMethod[Any]) -> Any:
    """Make a request that may fail: waiting to repeat it would hold up the answer itself."""
    try:
        return await make_request(bot, method)
    except (TelegramRetryAfter, TelegramNetworkError, TelegramServerError, ClientDecodeError):
        return True


def _never_left(error: TelegramNetworkError) -> bool:
    """Tell whether a connection was never made: refused, no such name, nobody there."""
    return isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError)


def _is_harmless(method: TelegramMethod[Any], error: TelegramBadRequest) -> bool:
    """Tell whether a refusal changes nothing: an edit that is done, a query that is over."""
    name, reason = method.__api_method__, error.message
    if name in _EXPIRING and TOO_OLD in reason:
        logger.info("%s came too late", name)
        return True
    return name.startswith("edit") and _UNCHANGED in reason


def _moved(method: TelegramMethod[Any], error: TelegramMigrateToChat) -> TelegramMethod[Any]:
    """Return a request for the supergroup that a group has become."""
    chat_id = getattr(method, "chat_id", None)
    if chat_id in {None, error.migrate_to_chat_id}:
        raise error
    return method.model_copy(update={"chat_id": error.migrate_to_chat_id})
