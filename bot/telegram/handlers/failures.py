"""A handler's failure: the person gets an apology and an id, the log and the admins the rest."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Protocol

from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent
from aiogram.utils.i18n import gettext as _

from bot.state.errors import StateError
from bot.statistics import Outcome
from bot.telegram.rendering import escaped
from bot.telegram.sending.delivery import NotDelivered, delivering
from bot.telegram.sending.patience import TOO_OLD

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import ErrorEvent, Message, Update

    from bot.ops.metrics import Metrics

logger = logging.getLogger(__name__)
router = Router(name="failures")

_NOTICE_LENGTH = 200
_PAUSES_S = (0.5, 1.0, 2.0, 4.0)


class Alarms(Protocol):
    """Tells the admins of an error, once, and nothing of what people wrote."""

    async def raise_alarm(self, number: str, exception: BaseException, /) -> None:
        """Tell that an error happened; `number` is the id that the person and the log got."""


# what was not delivered is asked about later; without the bot's memory, all is tried again
@router.errors(~ExceptionTypeFilter(NotDelivered, StateError))
async def on_failure(
    event: ErrorEvent, bot: Bot, metrics: Metrics | None = None, alarms: Alarms | None = None
) -> bool:
    """Apologise with an id under which the log tells more; the question is not logged."""
    if _is_over(event.exception):
        logger.info("nobody waits any more: %s", type(event.exception).__name__)
        return True
    number = secrets.token_hex(4)
    logger.error(
        "update %d failed, id %s",
        event.update.update_id,
        number,
        exc_info=event.exception,
        extra={"failure": number},
    )
    if metrics:
        metrics.answered(Outcome.FAILED)
    try:
        await _apologise(event.update, bot, number)
    except TelegramAPIError:
        logger.warning("the apology %s could not be delivered", number)
    if alarms:
        await _tell_admins(alarms, number, event.exception)
    return True


def _is_over(exception: Exception) -> bool:
    """Tell whether it failed only because the person has gone, or the query has expired."""
    if isinstance(exception, TelegramForbiddenError):
        return True
    return isinstance(exception, TelegramBadRequest) and TOO_OLD in exception.message


async def _apologise(update: Update, bot: Bot, number: str) -> None:
    text = _("Something went wrong on my side. If it happens again, tell an admin: {id}").format(
        id=number
    )
    message = update.message or update.edited_message
    if message:
        await _say(message, escaped(text))
    elif update.callback_query:
        await update.callback_query.answer(text[:_NOTICE_LENGTH])
    elif update.guest_message and update.guest_message.guest_query_id:
        content = InputTextMessageContent(message_text=escaped(text))
        article = InlineQueryResultArticle(id=number, title=number, input_message_content=content)
        await bot.answer_guest_query(update.guest_message.guest_query_id, article)


async def _say(message: Message, text: str) -> None:
    """Answer a message; where that is refused, try again, as what was wrong may pass."""
    for pause_s in _PAUSES_S:
        try:
            await message.answer(text)
        except TelegramBadRequest as error:
            logger.warning("an apology is refused, trying again: %s", type(error).__name__)
            await asyncio.sleep(pause_s)
        else:
            return
    await message.answer(text)


async def _tell_admins(alarms: Alarms, number: str, exception: BaseException) -> None:
    # no message to an admin is an answer to the person
    with delivering(None):
        try:
            await alarms.raise_alarm(number, exception)
        except Exception:
            logger.exception("the alarm %s could not be raised", number)
