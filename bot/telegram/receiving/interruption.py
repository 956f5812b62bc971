"""Whoever may or may not have got an answer is asked, with a button to have it now.

A message that was on its way when the process was killed, or when the connection broke, may have
arrived. Sending it again could answer twice, staying silent could answer never.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramServerError,
)
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from aiogram.utils.i18n import gettext as _

from bot.telegram.sending.delivery import delivering
from bot.translation import interface_language, translator

if TYPE_CHECKING:
    from aiogram import Bot, Dispatcher

    from bot.ops.metrics import Metrics
    from bot.state.protocol import Store
    from bot.telegram.receiving.arrivals import Kept

logger = logging.getLogger(__name__)

AGAIN = "again:"
"""Callback data: this and an update's number."""
KEPT_IN = "interrupted"
_TAKEN_IN = "again"
_DAY_S = 86_400.0
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asked, and where."""

    person: int
    language: str
    message: Message | InaccessibleMessage


class Interruptions:
    """Asks people whose answers are in doubt."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    async def ask(self, update: Update, kept: Kept) -> None:
        """Offer to handle an update anew, as soon as Telegram can be reached.

        Raises:
            StateError: The update cannot be kept for that.
        """
        asker = _asker(update)
        if asker is None:
            return
        number = str(update.update_id)
        content = {"person": asker.person, "update": kept.raw}
        await self._store.put(KEPT_IN, number, content, owner=asker.person, lifetime_s=_DAY_S)
        translate = translator(asker.language)
        text = translate("I was interrupted while answering. If you see no answer above, tap here.")
        button = InlineKeyboardButton(
            text=translate("Answer now"), callback_data=f"{AGAIN}{number}"
        )
        self._metrics.interrupted()
        await _say(asker, text, InlineKeyboardMarkup(inline_keyboard=[[button]]))

    async def apologise(self, update: Update) -> None:
        """Say that an update cannot be handled."""
        asker = _asker(update)
        if asker:
            translate = translator(asker.language)
            await _say(asker, translate("I cannot answer this; it fails each time. I am sorry."))


def interruption_router() -> Router:
    """Return what handles the button, once."""
    router = Router(name="interruption")
    router.callback_query.register(_on_again, F.data.startswith(AGAIN))
    return router


async def _on_again(
    query: CallbackQuery, bot: Bot, store: Store, dispatcher: Dispatcher, event_update: Update
) -> None:
    """Handle an interrupted update for the person who sent it, however often they tap."""
    number = (query.data or "").removeprefix(AGAIN)
    content: Any = await store.get(KEPT_IN, number)
    if content is None:
        await query.answer(_("This is no longer here. Please ask again."))
        return
    if content["person"] != query.from_user.id:
        await query.answer(_("Only the person who asked can do that."))
        return
    if not await _taken(store, number, event_update.update_id, query.from_user.id):
        await query.answer(_("I am at it already."))
        return
    await query.answer()
    if isinstance(query.message, Message):
        with suppress(TelegramBadRequest):
            await query.message.delete()
    await dispatcher.feed_update(
        bot, Update.model_validate(content["update"], context={"bot": bot})
    )
    await store.remove(KEPT_IN, number)


async def _taken(store: Store, number: str, tap: int, person: int) -> bool:
    """Tell whether this tap is the one that counts; it still is when handled anew after a kill."""
    if await store.add(_TAKEN_IN, number, tap, owner=person, lifetime_s=_DAY_S):
        return True
    return await store.get(_TAKEN_IN, number) == tap


async def _say(asker: _Asker, text: str, buttons: InlineKeyboardMarkup | None = None) -> None:
    """Send a text until it has arrived or Telegram refuses it; twice would do no harm."""
    message = asker.message
    reply = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
    thread = message.message_thread_id if isinstance(message, Message) else None
    bot = message.bot
    pause_s = _FIRST_PAUSE_S
    while bot:
        try:
            with delivering(None):
                await bot.send_message(
                    message.chat.id,
                    text,
                    message_thread_id=thread,
                    reply_parameters=reply,
                    reply_markup=buttons,
                )
        except (TelegramNetworkError, TelegramServerError) as error:
            logger.warning("an interruption cannot be told yet: %s", type(error).__name__)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        except TelegramAPIError as error:
            logger.warning("an interruption could not be told: %s", type(error).__name__)
            return
        else:
            return


def _asker(update: Update) -> _Asker | None:
    """Return who waits for an answer in a chat, `None` where nobody does."""
    message: Message | InaccessibleMessage | None = update.message or update.edited_message
    person = message.from_user if isinstance(message, Message) else None
    if update.callback_query:
        message, person = update.callback_query.message, update.callback_query.from_user
    if message is None or person is None:
        return None
    return _Asker(person.id, interface_language(person.language_code), message)
