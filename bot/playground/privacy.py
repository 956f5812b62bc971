"""Decides which messages of a group reach the bot.

Source: https://core.telegram.org/bots/features#privacy-mode. Messages that mention the bot are
let through as well: the page does not name them, Telegram delivers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import utf16

if TYPE_CHECKING:
    from bot.playground.accounts import Account
    from bot.playground.messages import Message
    from bot.playground.tags import Entity
    from bot.playground.world import World


def reaches_bot(world: World, message: Message) -> bool:
    """Whether the bot gets an update about a message."""
    chat = message.chat
    if not chat.has_bot:
        return False
    if chat.is_private or not world.privacy_mode or world.bot.id in chat.admins:
        return True
    return (
        bool(message.service)
        or message.via_bot is world.bot
        or (message.reply_to is not None and message.reply_to.sender is world.bot)
        or any(_addresses(world.bot, message.text, entity) for entity in message.entities)
    )


def _addresses(bot: Account, text: str, entity: Entity) -> bool:
    name = f"@{bot.username}".lower()
    part = utf16.cut(text, entity["offset"], entity["length"]).lower()
    match entity["type"]:
        case "bot_command":
            # A command without a name is meant for every bot that is there.
            return "@" not in part or part.endswith(name)
        case "mention":
            return part == name
        case "text_mention":
            return bool(entity["user"]["id"] == bot.id)
        case _:
            return False
