"""Who is spoken to: in a group the bot answers only when it is addressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.enums import ChatType, MessageEntityType
from aiogram.filters import BaseFilter, Command

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message, User


class Asked(BaseFilter):
    """Passes `question` on: any text in private; in groups a mention, or a reply to the bot.

    What is written under a picture is a text, too; under a file it is a note on that.
    """

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, str]:
        """Return the question that a message asks the bot, if it asks one."""
        text = message.text or (None if message.document else message.caption)
        if not text or text.startswith("/") or message.via_bot:
            return False
        me = await bot.me()
        mentioned = without_mention(message, me)
        if mentioned is not None:
            return {"question": mentioned}
        if message.chat.type == ChatType.PRIVATE:
            return {"question": text.strip()}
        replied = message.reply_to_message
        if replied and replied.from_user and replied.from_user.id == me.id:
            return {"question": text.strip()}
        return False


class CommandForMe(BaseFilter):
    """Passes any command: in groups only one that names the bot, as others may be meant."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        """Tell whether a message is a command to the bot."""
        text = message.text or ""
        if message.chat.type == ChatType.PRIVATE:
            return text.startswith("/")
        first = text.partition(" ")[0].lower()
        return first.startswith("/") and first.endswith(f"@{(await bot.me()).username}".lower())


def command(name: str) -> Command:
    """Return what passes a command on, in whatever case: phones begin a message with a capital."""
    return Command(name, ignore_case=True)


def without_mention(message: Message, me: User) -> str | None:
    """Return the text without the bot's name, `None` where it does not mention the bot."""
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities or ():
        named = entity.extract_from(text)
        if entity.type == MessageEntityType.MENTION and named.lower() == f"@{me.username}".lower():
            before, after = text.split(named, 1)
            return " ".join(f"{before} {after}".split())
    return None


def pointed_at(message: Message, me: User) -> str:
    """Return what somebody said that a message replies to, or the part quoted; "" if nothing.

    Who writes no more than /ask, or the bot's name, under a question asks that question.
    """
    replied = message.reply_to_message
    if replied is None or replied.via_bot or (replied.from_user and replied.from_user.id == me.id):
        return ""
    said = message.quote.text if message.quote else replied.text or replied.caption or ""
    mentioned = without_mention(replied, me) if not message.quote else None
    return "" if said.startswith("/") else (said if mentioned is None else mentioned).strip()
