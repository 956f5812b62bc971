"""Who the bot is: its account, name, descriptions and menu button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.methods.commands import language

if TYPE_CHECKING:
    from bot.playground.world import Call, World


def get_me(world: World, _call: Call) -> dict[str, Any]:
    """Return the bot's own User, with what only the bot may see."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_name(world: World, call: Call) -> bool:
    """Set the name people see, in one language or in all others."""
    return _set(world, call, "name")


def get_my_name(world: World, call: Call) -> dict[str, str]:
    """Return a BotName."""
    return _get(world, call, "name")


def set_my_description(world: World, call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set(world, call, "description")


def get_my_description(world: World, call: Call) -> dict[str, str]:
    """Return a BotDescription."""
    return _get(world, call, "description")


def set_my_short_description(world: World, call: Call) -> bool:
    """Set what the bot's profile shows."""
    return _set(world, call, "short_description")


def get_my_short_description(world: World, call: Call) -> dict[str, str]:
    """Return a BotShortDescription."""
    return _get(world, call, "short_description")


def set_chat_menu_button(world: World, call: Call) -> bool:
    """Set the button beside the input field, in one private chat or by default."""
    button = call.params.get("menu_button", {"type": "default"})
    if "chat_id" in call.params:
        world.find_chat(call.params["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = button
    world.bell.ring()
    return True


def get_chat_menu_button(world: World, call: Call) -> dict[str, Any]:
    """Return the menu button of one private chat, or the default one."""
    if "chat_id" in call.params:
        return world.find_chat(call.params["chat_id"]).menu_button
    return world.profile.menu_button


def _set(world: World, call: Call, kind: str) -> bool:
    world.profile.set_text(kind, call.params.get(kind, ""), language(call))
    world.bell.ring()
    return True


def _get(world: World, call: Call, kind: str) -> dict[str, str]:
    return {kind: world.profile.text(kind, language(call))}
