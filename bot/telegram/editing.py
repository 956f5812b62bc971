"""Edits that change nothing, or come too late, are no errors for a person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramBadRequest

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery

    from bot.telegram.views import Shown

logger = logging.getLogger(__name__)

_HARMLESS = ("message is not modified", "message to edit not found", "message can't be edited")


async def edit(bot: Bot, chat: int, message_id: int, shown: Shown) -> None:
    """Let a message of ours show something else; one that is gone stays gone."""
    try:
        await bot.edit_message_text(
            shown.text, chat_id=chat, message_id=message_id, reply_markup=shown.keyboard
        )
    except TelegramBadRequest as error:
        if not any(reason in error.message for reason in _HARMLESS):
            raise
        logger.info("an edit was not needed or came too late")


async def edit_tapped(query: CallbackQuery, bot: Bot, shown: Shown) -> None:
    """Let the message whose button was tapped show something else."""
    if query.message:
        await edit(bot, query.message.chat.id, query.message.message_id, shown)
