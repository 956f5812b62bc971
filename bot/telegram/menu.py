"""The command menus, per language and scope, and what an empty chat says of the bot.

What a corpus brings is in the menus, too.

Admins' commands show only in admins' chats. After a build the menus follow the corpus.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.translation import DEFAULT, languages, translator
from index.errors import AudiaturError
from index.guides.records import Guidebook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiogram import Bot
    from aiogram.types import TelegramObject

    from bot.settings import Settings
    from bot.worker import Worker

logger = logging.getLogger(__name__)

_FIRST = {"ask": "Ask a question", "debates": "The debates I know"}
_LAST = {
    "new": "Start afresh, without your last question",
    "sources": "The documents I quote",
    "help": "How this works",
    "privacy": "What is kept of you",
    "forget": "Delete what is kept of you",
}
_GROUP = {"ask": "Ask a question", "debates": "The debates I know", "help": "How this works"}
_ADMIN = {
    "reindex": "Build the index anew",
    "stats": "What was asked, in numbers",
    "review": "Decide on suggested sides",
    "cancel": "Drop the file that waits",
}
_OWN = frozenset({*_FIRST, *_LAST, *_GROUP, *_ADMIN, "start"})
"""Commands that are ours: a corpus cannot take them."""
_LOOK_EVERY_S = 5.0


class Menus(BaseMiddleware):
    """Publishes the menus, and again when another index brings other guides."""

    def __init__(self, settings: Settings, worker: Worker) -> None:
        self._admins = sorted(settings.admins)
        self._worker = worker
        self._shown: Guidebook | None = None
        self._looked_s = 0.0

    async def publish(self, bot: Bot) -> None:
        """Set the menus of all scopes in all languages, if they are not what they should be."""
        self._looked_s = time.monotonic()
        guidebook = await self._guidebook()
        if guidebook == self._shown:
            return
        for language in languages():
            await self._publish_in(bot, language, guidebook)
            await _describe(bot, language)
        self._shown = guidebook

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle an update, then look whether the corpus brings something else, now and then."""
        result = await handler(event, data)
        if time.monotonic() - self._looked_s >= _LOOK_EVERY_S:
            try:
                await self.publish(data["bot"])
            except TelegramAPIError as error:
                logger.warning("the menus could not be published: %s", type(error).__name__)
        return result

    async def _guidebook(self) -> Guidebook:
        try:
            return (await self._worker.snapshot()).guidebook
        except (AudiaturError, TimeoutError):
            return self._shown or Guidebook()

    async def _publish_in(self, bot: Bot, language: str, guidebook: Guidebook) -> None:
        translate = translator(language)
        offered = {name: text for name, text in guidebook.menu(language) if name not in _OWN}
        first = {name: translate(text) for name, text in _FIRST.items()}
        last = {name: translate(text) for name, text in _LAST.items()}
        private = first | offered | last
        group = {name: translate(text) for name, text in _GROUP.items()}
        admin = private | {name: translate(text) for name, text in _ADMIN.items()}
        code = None if language == DEFAULT else language
        await _set(bot, private, BotCommandScopeAllPrivateChats(), code)
        await _set(bot, group, BotCommandScopeAllGroupChats(), code)
        for person in self._admins:
            try:
                await _set(bot, admin, BotCommandScopeChat(chat_id=person), code)
            except (TelegramBadRequest, TelegramForbiddenError):
                logger.warning(
                    "admin %d is unknown to Telegram or has not started the bot; "
                    "/reindex works for them, but their menu does not show it",
                    person,
                )


async def _describe(bot: Bot, language: str) -> None:
    translate = translator(language)
    code = None if language == DEFAULT else language
    about = translate(
        "Both sides of a question, word for word from documents, each with its source. No verdict."
    )
    await bot.set_my_short_description(about, language_code=code)
    text = translate(
        "Ask me a question that can be answered with yes or no. I show what my documents say for "
        "and against, word for word and with its source, and say so where they say nothing."
    )
    await bot.set_my_description(text, language_code=code)


async def _set(
    bot: Bot, texts: Mapping[str, str], scope: BotCommandScopeUnion, code: str | None
) -> None:
    commands = [BotCommand(command=name, description=text) for name, text in texts.items()]
    await bot.set_my_commands(commands, scope=scope, language_code=code)
