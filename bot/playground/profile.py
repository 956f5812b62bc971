"""The bot's name, descriptions, commands and menu button, per language and scope.

Source: https://core.telegram.org/bots/api#determining-list-of-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.accounts import Account
    from bot.playground.chats import Chat

Scope = tuple[str, int | None, int | None]
Commands = list[dict[str, Any]]

DEFAULT: Scope = ("default", None, None)


class Profile:
    """What the bot has told about itself."""

    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self._commands: dict[tuple[Scope, str], Commands] = {}
        self._first_name = name
        self.menu_button: dict[str, Any] = {"type": "commands"}

    def set_text(self, kind: str, text: str, language: str) -> None:
        """Set "name", "description" or "short_description"; an empty one removes it."""
        if text:
            self._texts[kind, language] = text
        else:
            self._texts.pop((kind, language), None)

    def text(self, kind: str, language: str) -> str:
        """Return a text in a language, or where there is none the one for all languages."""
        fallback = self._first_name if kind == "name" else ""
        return self._texts.get((kind, language)) or self._texts.get((kind, ""), fallback)

    def set_commands(self, commands: Commands, scope: Scope, language: str) -> None:
        """Set the commands of exactly one scope and language; an empty list removes them."""
        if commands:
            self._commands[scope, language] = commands
        else:
            self._commands.pop((scope, language), None)

    def commands(self, scope: Scope, language: str) -> Commands:
        """Return the commands of exactly one scope and language."""
        return self._commands.get((scope, language), [])

    def commands_seen(self, account: Account, chat: Chat) -> Commands:
        """Return the commands a person is offered in a chat: the first list that is set."""
        language = account.language_code or ""
        for scope in _scopes(account, chat):
            for wanted in (language, ""):
                if (scope, wanted) in self._commands:
                    return self._commands[scope, wanted]
        return []


def _scopes(account: Account, chat: Chat) -> list[Scope]:
    """Telegram's order, the narrowest scope first."""
    if chat.is_private:
        return [("chat", chat.id, None), ("all_private_chats", None, None), DEFAULT]
    admin = account.id in chat.admins
    return [
        ("chat_member", chat.id, account.id),
        *([("chat_administrators", chat.id, None)] if admin else []),
        ("chat", chat.id, None),
        *([("all_chat_administrators", None, None)] if admin else []),
        ("all_group_chats", None, None),
        DEFAULT,
    ]
