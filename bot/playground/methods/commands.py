"""The bot's list of commands, by scope and language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.playground.errors import bad_request
from bot.playground.profile import DEFAULT, Commands, Scope

if TYPE_CHECKING:
    from bot.playground.world import Call, World

MAX_COMMANDS = 100

_LANGUAGE = re.compile(r"[a-z]{2}|")


def set_my_commands(world: World, call: Call) -> bool:
    """Set the commands of one scope and language."""
    commands = call.params["commands"]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    names = [command["command"] for command in commands]
    if len(names) != len(set(names)):
        # Telegram keeps the later one in silence; in a bot that is always a mistake.
        raise bad_request("BOT_COMMAND_INVALID: a command is listed twice")
    world.profile.set_commands(commands, _scope(world, call), language(call))
    world.bell.ring()
    return True


def get_my_commands(world: World, call: Call) -> Commands:
    """Return the commands of exactly one scope and language."""
    return world.profile.commands(_scope(world, call), language(call))


def delete_my_commands(world: World, call: Call) -> bool:
    """Remove the commands of one scope and language; people see the next wider ones."""
    world.profile.set_commands([], _scope(world, call), language(call))
    world.bell.ring()
    return True


def language(call: Call) -> str:
    """Return the language a call is about, "" for all."""
    code: str = call.params.get("language_code", "")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("LANG_CODE_INVALID")
    return code


def _scope(world: World, call: Call) -> Scope:
    scope: dict[str, Any] = call.params.get("scope", {"type": DEFAULT[0]})
    chat_id, user_id = scope.get("chat_id"), scope.get("user_id")
    if chat_id is not None:
        chat_id = world.find_chat(chat_id).id
    return scope["type"], chat_id, user_id
