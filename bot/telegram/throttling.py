"""Keeps one person from asking faster than is fair, and all together from asking too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import (
    CallbackQuery,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
    User,
)
from aiogram.utils.i18n import gettext as _

from bot.statistics import Outcome
from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from aiogram.types import TelegramObject

    from bot.ops.metrics import Metrics
    from bot.state.protocol import Store

    Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_MINUTE_S = 60.0
_SECOND_S = 1.0


class Throttling(BaseMiddleware):
    """Lets through so many updates per person and minute; the first one too many is answered.

    `name` tells rates of several kinds apart, `exempt` are people who may be as fast as they like.
    Replicas that share a store share the rate.
    """

    def __init__(
        self, store: Store, name: str, per_minute: int, exempt: Collection[int] = ()
    ) -> None:
        self._store = store
        self._exempt = exempt
        self._name = name
        self._per_minute = per_minute

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Hand the event on, or drop it and say why, once a window."""
        user: User | None = data.get("event_from_user")
        if user is None or user.id in self._exempt:
            return await handler(event, data)
        count = await self._store.hit(f"{self._name} {user.id}", _MINUTE_S)
        if count <= self._per_minute:
            return await handler(event, data)
        told = count > self._per_minute + 1
        await _turn_away(event, None if told else _too_fast())
        return None


class Rush(BaseMiddleware):
    """Lets through so many updates a second from all together; whoever comes then is told."""

    def __init__(self, store: Store, per_second: int, metrics: Metrics) -> None:
        self._store = store
        self._per_second = per_second
        self._metrics = metrics

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Hand the event on, or say that too many are asking."""
        if await self._store.hit("all", _SECOND_S) <= self._per_second:
            return await handler(event, data)
        self._metrics.answered(Outcome.BUSY)
        await _turn_away(event, _("Many are asking just now. Please try again in a moment."))
        return None


async def _turn_away(event: TelegramObject, reason: str | None) -> None:
    """Leave nobody waiting: a button stops blinking, a list says so, a message gets the reason."""
    if isinstance(event, CallbackQuery):
        await event.answer(reason)
    elif isinstance(event, InlineQuery):
        text = _("I cannot answer just now – ask me in private")
        button = InlineQueryResultsButton(text=text, start_parameter="ask")
        await event.answer([], cache_time=1, is_personal=True, button=button)
    elif isinstance(event, Message) and reason:
        await _say(event, escaped(reason))


async def _say(message: Message, text: str) -> None:
    """Say why; in a group, and to a guest, so that it is plain to whom."""
    if message.guest_query_id and message.bot:
        content = InputTextMessageContent(message_text=text)
        article = InlineQueryResultArticle(id="busy", title="…", input_message_content=content)
        await message.bot.answer_guest_query(message.guest_query_id, article)
    elif message.chat.type == ChatType.PRIVATE:
        await message.answer(text)
    else:
        to = message.as_reply_parameters(allow_sending_without_reply=True)
        await message.answer(text, reply_parameters=to)


def _too_fast() -> str:
    return _("That is faster than I can read. Please ask again in a minute.")
