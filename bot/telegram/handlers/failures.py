"""A handler's failure: the person gets an apology and an id, the log gets the rest."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.utils.i18n import gettext as _

from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from aiogram.types import ErrorEvent

logger = logging.getLogger(__name__)
router = Router(name="failures")


@router.errors()
async def on_failure(event: ErrorEvent) -> bool:
    """Apologise with an id under which the log tells more; the question is not logged."""
    number = secrets.token_hex(4)
    logger.error(
        "update %d failed, id %s", event.update.update_id, number, exc_info=event.exception
    )
    text = _("Something went wrong on my side. If it happens again, tell an admin: {id}").format(
        id=number
    )
    try:
        if event.update.message:
            await event.update.message.answer(escaped(text))
        elif event.update.callback_query:
            await event.update.callback_query.answer(text[:200])
    except TelegramAPIError:
        logger.warning("the apology %s could not be delivered", number)
    return True
