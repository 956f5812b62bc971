"""In a group, privacy mode decides what the bot hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import BotApiServer
from bot.playground.privacy import reaches_bot

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Client

HEARD = ["/ask", "/ask@test_bot why?", "say /ask", "hey @Test_Bot, why?"]
UNHEARD = ["hello all", "/ask@other_bot why?", "hey @other_bot", "mail test_bot@example.org"]


@pytest.mark.parametrize("text", HEARD + UNHEARD)
async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    server: BotApiServer, text: str
) -> None:
    """Commands without or with its name, and mentions of it."""
    ada = server.person(1)
    message = await ada.say(server.group(-5, "Group", [ada]), text)
    assert reaches_bot(server.world, message) is (text in HEARD)
    assert bool(len(server.world.updates)) is (text in HEARD)


async def test_replies_to_the_bot_are_heard(call: Client, server: BotApiServer) -> None:
    """And replies to others are not."""
    ada = server.person(1)
    group = server.group(-5, "Group", [ada])
    await call.result("sendMessage", chat_id=-5, text="x")
    await ada.say(group, "why?", reply_to=group.messages[0])
    assert len(await call.result("getUpdates")) == 1
    await ada.say(group, "indeed", reply_to=group.messages[1])
    assert len(await call.result("getUpdates")) == 1


async def test_without_privacy_mode_everything_is_heard() -> None:
    """As for an administrator."""
    for privacy_mode, admin in ((False, False), (True, True)):
        async with BotApiServer(privacy_mode=privacy_mode) as server:
            ada = server.person(1)
            admins = [server.bot] if admin else []
            await ada.say(server.group(-5, "Group", [ada], admins=admins), "hello all")
            assert len(server.world.updates) == 1
