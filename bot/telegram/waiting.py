"""Shows that an answer is being made: typing, and in private chats a draft, where there are drafts.

Source: https://core.telegram.org/bots/api#sendmessagedraft
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.utils.chat_action import ChatActionSender
from aiogram.utils.i18n import gettext as _

from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiogram import Bot
    from aiogram.types import Message

logger = logging.getLogger(__name__)

TYPING_AFTER_S = 0.7
DRAFT_AFTER_S = 1.5
DRAFT_EVERY_S = 4.0


@asynccontextmanager
async def waiting(message: Message, bot: Bot) -> AsyncIterator[None]:
    """Say that something is coming, for as long as the context lasts and it takes a while."""
    typing = ChatActionSender.typing(
        message.chat.id, bot, message.message_thread_id, initial_sleep=TYPING_AFTER_S
    )
    drafts: asyncio.Task[None] | None = None
    if message.chat.type == ChatType.PRIVATE:
        drafts = asyncio.create_task(_drafts(message, bot))
    try:
        async with typing:
            yield
    finally:
        if drafts:
            drafts.cancel()
            with suppress(asyncio.CancelledError):
                await drafts


async def _drafts(message: Message, bot: Bot) -> None:
    """Stream a preview that grows; Telegram clears it when the answer is sent."""
    stages = (
        _("I am looking for both sides in my documents …"),
        _("This takes longer than usual; the answer will come here."),
    )
    await asyncio.sleep(DRAFT_AFTER_S)
    try:
        for count in range(1, len(stages) + 1):
            text = escaped("\n".join(stages[:count]))
            await bot.send_message_draft(
                message.chat.id,
                message.message_id,
                message_thread_id=message.message_thread_id,
                text=text,
            )
            await asyncio.sleep(DRAFT_EVERY_S)
    except TelegramAPIError as error:
        # an older server has no drafts; typing is shown all the same
        logger.info("no draft was shown: %s", type(error).__name__)
