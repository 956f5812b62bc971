"""What the bot can learn about a chat, and what it shows there without a message."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.playground.chats import ChatAction
from bot.playground.errors import bad_request
from bot.playground.methods.sending import thread_of
from bot.playground.schema.description import bot_api

if TYPE_CHECKING:
    from bot.playground.chats import Chat
    from bot.playground.world import Call, World


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """Return a ChatFullInfo."""
    chat = world.find_chat(call.params["chat_id"])
    return chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    """Return a ChatMember."""
    chat = world.find_chat(call.params["chat_id"])
    user_id = call.params["user_id"]
    if user_id not in world.people and user_id != world.bot.id:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_json(world, chat, user_id)


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    """Return the ChatMembers who administer a group."""
    chat = world.find_chat(call.params["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [member_json(world, chat, user_id) for user_id in sorted(chat.admins)]


def get_chat_member_count(world: World, call: Call) -> int:
    """Return how many people and bots are in a chat."""
    chat = world.find_chat(call.params["chat_id"])
    return len(chat.members) + chat.has_bot


def leave_chat(world: World, call: Call) -> bool:
    """Leave a group."""
    chat = world.open_chat(call.params["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.has_bot = False
    chat.bell.ring()
    return True


def send_chat_action(world: World, call: Call) -> bool:
    """Show for five seconds what the bot is doing."""
    params = call.params
    chat = world.open_chat(params["chat_id"])
    if params["action"] not in bot_api().enums["ChatAction"]:
        raise bad_request("wrong parameter action in request")
    chat.act(ChatAction(params["action"], time.monotonic(), thread_of(chat, params)))
    return True


def member_json(world: World, chat: Chat, user_id: int) -> dict[str, Any]:
    """Return what a person or the bot is in a chat: administrator, member, or gone."""
    account = world.bot if user_id == world.bot.id else world.people[user_id]
    inside = chat.has_bot if account is world.bot else user_id in chat.members
    member: dict[str, Any] = {"user": account.as_json()}
    if not inside:
        return member | {"status": "left"}
    if user_id in chat.admins:
        return member | {"status": "administrator"} | _admin_rights()
    return member | {"status": "member"}


def _admin_rights() -> dict[str, bool]:
    """Return every right the description knows, so that none is missing when it grows."""
    fields = bot_api().types["ChatMemberAdministrator"].fields.values()
    rights = {
        field.name: True for field in fields if field.required and field.types == ("Boolean",)
    }
    return rights | {"can_be_edited": False, "is_anonymous": False}
