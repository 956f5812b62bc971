"""The command menus, per language and scope: `/reindex` shows only in admins' chats."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.translation import DEFAULT, languages, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiogram import Bot

logger = logging.getLogger(__name__)

_PRIVATE = {
    "ask": "Ask a question",
    "debates": "The debates I know",
    "sources": "The documents I quote",
    "help": "How this works",
    "privacy": "What is kept of you",
}
_GROUP = {"ask": "Ask a question", "help": "How this works"}
_ADMIN = {**_PRIVATE, "reindex": "Build the index anew"}


async def publish_menus(bot: Bot, admins: Iterable[int]) -> None:
    """Set the menus of all scopes in all languages."""
    for language in languages():
        code = None if language == DEFAULT else language
        await _publish(bot, _PRIVATE, BotCommandScopeAllPrivateChats(), language, code)
        await _publish(bot, _GROUP, BotCommandScopeAllGroupChats(), language, code)
        for admin in admins:
            try:
                await _publish(bot, _ADMIN, BotCommandScopeChat(chat_id=admin), language, code)
            except (TelegramBadRequest, TelegramForbiddenError):
                logger.warning(
                    "admin %d is unknown to Telegram or has not started the bot; "
                    "/reindex works for them, but their menu does not show it",
                    admin,
                )


async def _publish(
    bot: Bot, texts: dict[str, str], scope: BotCommandScopeUnion, language: str, code: str | None
) -> None:
    translate = translator(language)
    commands = [
        BotCommand(command=name, description=translate(text)) for name, text in texts.items()
    ]
    await bot.set_my_commands(commands, scope=scope, language_code=code)
