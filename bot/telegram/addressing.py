"""Who is spoken to: in a group the bot answers only when it is addressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.enums import ChatType, MessageEntityType
from aiogram.filters import BaseFilter

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message, User


class Asked(BaseFilter):
    """Passes `question` on: any text in private; in groups a mention, or a reply to the bot."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, str]:
        """Return the question that a message asks the bot, if it asks one."""
        if not message.text or message.text.startswith("/") or message.via_bot:
            return False
        if message.chat.type == ChatType.PRIVATE:
            return {"question": message.text.strip()}
        me = await bot.me()
        mentioned = without_mention(message, me)
        if mentioned is not None:
            return {"question": mentioned}
        replied = message.reply_to_message
        if replied and replied.from_user and replied.from_user.id == me.id:
            return {"question": message.text.strip()}
        return False


def without_mention(message: Message, me: User) -> str | None:
    """Return the text without the bot's name, `None` where it does not mention the bot."""
    for entity in message.entities or ():
        named = entity.extract_from(message.text or "")
        if entity.type == MessageEntityType.MENTION and named.lower() == f"@{me.username}".lower():
            before, after = (message.text or "").split(named, 1)
            return " ".join(f"{before} {after}".split())
    return None
