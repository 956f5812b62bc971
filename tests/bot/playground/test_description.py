"""The description is whole, and the server itself keeps to it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.formatting import Formatted
from bot.playground.methods import HANDLERS
from bot.playground.schema.description import bot_api
from bot.playground.schema.prune import PRUNED, encode, prune
from bot.playground.validation import fits

if TYPE_CHECKING:
    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.playground.conftest import Client

RESULTS: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("getChat", {"chat_id": 1001}),
    ("getChat", {"chat_id": -5}),
    ("getChatAdministrators", {"chat_id": -5}),
    ("getChatMember", {"chat_id": -5, "user_id": 1001}),
    ("getChatMember", {"chat_id": -5, "user_id": 2}),
    ("getChatMemberCount", {"chat_id": -5}),
    ("getChatMenuButton", {}),
    ("getMyCommands", {}),
    ("getMyDescription", {}),
    ("getMyName", {}),
    ("getMyShortDescription", {}),
    ("getWebhookInfo", {}),
    ("sendMessage", {"chat_id": -5, "text": "<i>x</i>", "parse_mode": "HTML"}),
    ("editMessageText", {"chat_id": 1001, "message_id": 1, "text": "edited"}),
    ("leaveChat", {"chat_id": -5}),
]


def test_the_package_ships_a_whole_description() -> None:
    """Every type that a field names is there, and every method implemented is in it."""
    description = bot_api()
    shapes = [*description.methods.values(), *description.types.values()]
    named = {
        part
        for shape in shapes
        for field in shape.fields.values()
        for name in field.types
        for part in name.replace("Array of ", "").split("|")
    }
    scalars = {"String", "Integer", "Boolean", "Float", "InputFile", "Literal"}
    assert named - scalars - description.unions.keys() <= description.types.keys()
    assert HANDLERS.keys() <= description.methods.keys()
    assert PRUNED.stat().st_size < 350_000


def test_pruning_keeps_what_a_validator_needs() -> None:
    """Names, types, presence, limits; and the shipped file is in the form that pruning writes."""
    limit = {"min": 1, "max": 5, "unit": "bytes", "after_entities": False}
    fields = [
        {"name": "a", "types": ["Integer(date)"], "required": True, "description": "d"},
        {"name": "b", "types": ["String"], "required": False, "description": "", "limit": limit},
        {
            "name": "c",
            "types": ['Literal:["X.Y"]'],
            "required": False,
            "description": "",
            "default": "y",
        },
    ]
    emoji = {
        "name": "emoji",
        "types": ["String"],
        "required": True,
        "description": 'one of "❤", "👍".',
    }
    enums = {name: ["v"] for name in ("ChatAction", "MessageEntityType", "ParseMode", "UpdateType")}
    full = {
        "version": "1",
        "methods": {"m": {"returns": ["ReactionTypeEmoji"], "fields": fields}},
        "types": {
            "ReactionTypeEmoji": {"fields": [emoji], "bases": []},
            "Unused": {"fields": [], "bases": []},
        },
        "enums": enums,
    }
    pruned = prune(full)
    assert pruned["methods"]["m"]["fields"] == [
        {"name": "a", "types": ["Integer"], "required": True},
        {"name": "b", "types": ["String"], "limit": {"min": 1, "max": 5, "unit": "bytes"}},
        {"name": "c", "types": ["Literal"], "literal": "y", "required": True},
    ]
    assert list(pruned["types"]) == ["ReactionTypeEmoji"]
    assert pruned["enums"]["ReactionEmoji"] == ["❤", "👍"]
    shipped = PRUNED.read_text(encoding="utf-8")
    assert encode(json.loads(shipped)) == shipped


@pytest.mark.parametrize(("method", "params"), RESULTS)
async def test_results_fit_the_description(
    call: Client, server: BotApiServer, chat: Chat, method: str, params: Any
) -> None:
    """The server is held to the same types as the bot."""
    server.person(2)
    server.group(-5, "Group", admins=[server.bot], topics=True)
    chat.add(server.bot, Formatted("x"))
    result = await call.result(method, **params)
    assert fits(result, bot_api().returns[method]) is None


async def test_updates_fit_the_description(
    call: Client, server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """Of every kind that people can cause."""
    group = server.group(-5, "Group", [ada], has_bot=False)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await call.result("getUpdates", allowed_updates=sorted(bot_api().enums["UpdateType"]))
    await call.result("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    (mine,) = chat.messages
    message = await ada.say(chat, "/start @ada https://example.org", reply_to=mine)
    await ada.edit(message, "edited")
    await ada.react(message, "👍")
    await ada.send_document(chat, "a.txt", b"a", "caption")
    await ada.block(chat)
    await ada.unblock(chat)
    await ada.add_bot(group)
    await ada.remove_bot(group)
    with pytest.raises(TimeoutError):
        await ada.tap(mine, "a", timeout_s=0.001)
    with pytest.raises(TimeoutError):
        await ada.inline("x", timeout_s=0.001)
    with pytest.raises(TimeoutError):
        await ada.ask_as_guest(server.elsewhere(ada), "x", timeout_s=0.001)
    updates = await asyncio.wait_for(call.result("getUpdates"), 1)
    assert len(updates) == 12
    assert [fits(update, ["Update"]) for update in updates] == [None] * 12
