"""getUpdates hands out, confirms and forgets as Telegram does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.playground import BotApiServer

if TYPE_CHECKING:
    from bot.playground import Chat, Person
    from tests.bot.playground.conftest import Client, Connect


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    call: Client, ada: Person, chat: Chat
) -> None:
    """Asking twice gives the same twice; the offset is what forgets."""
    for text in ("one", "two", "three"):
        await ada.say(chat, text)
    first = await call.result("getUpdates")
    assert texts(first) == texts(await call.result("getUpdates")) == ["one", "two", "three"]
    rest = await call.result("getUpdates", offset=first[0]["update_id"] + 1)
    assert texts(rest) == ["two", "three"]
    assert texts(await call.result("getUpdates")) == ["two", "three"]


async def test_the_limit_takes_the_oldest(call: Client, ada: Person, chat: Chat) -> None:
    """What is beyond the limit comes next time."""
    for text in ("one", "two"):
        await ada.say(chat, text)
    assert texts(await call.result("getUpdates", limit=1)) == ["one"]


async def test_a_negative_offset_keeps_the_last_ones(call: Client, ada: Person, chat: Chat) -> None:
    """All before them are forgotten."""
    for text in ("one", "two", "three"):
        await ada.say(chat, text)
    assert texts(await call.result("getUpdates", offset=-2)) == ["two", "three"]
    assert texts(await call.result("getUpdates")) == ["two", "three"]


async def test_a_long_poll_returns_when_something_comes(
    call: Client, ada: Person, chat: Chat
) -> None:
    """It waits, and no longer than it must."""
    poll = asyncio.create_task(call.result("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await ada.say(chat, "hello")
    assert texts(await asyncio.wait_for(poll, 1)) == ["hello"]


async def test_a_long_poll_ends_empty(call: Client) -> None:
    """After its timeout, without an error."""
    assert await asyncio.wait_for(call.result("getUpdates", timeout=1), 2) == []


async def test_the_later_of_two_polls_goes_on(call: Client, ada: Person, chat: Chat) -> None:
    """The earlier one ends with 409, as when two instances of a bot run."""
    earlier = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    later = asyncio.create_task(call.result("getUpdates", timeout=30))
    refused = await asyncio.wait_for(earlier, 1)
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    await ada.say(chat, "hello")
    assert texts(await asyncio.wait_for(later, 1)) == ["hello"]


async def test_kinds_not_asked_for_are_not_queued(call: Client, ada: Person, chat: Chat) -> None:
    """And the wish persists until another one is uttered."""
    await call.result("getUpdates", allowed_updates=["callback_query"])
    await ada.say(chat, "unheard")
    assert await call.result("getUpdates") == []
    await call.result("getUpdates", allowed_updates=["message"])
    await ada.say(chat, "heard")
    assert texts(await call.result("getUpdates")) == ["heard"]


async def test_reactions_come_on_request_only(call: Client, ada: Person, chat: Chat) -> None:
    """The default leaves them out; an empty list means the default."""
    message = await ada.say(chat, "x")
    await ada.react(message, "👍")
    assert [update.keys() & {"message_reaction"} for update in await call.result("getUpdates")] == [
        set()
    ]
    await call.result("getUpdates", allowed_updates=["message_reaction"], offset=-1)
    await ada.react(message, "👍")
    assert "message_reaction" in (await call.result("getUpdates"))[-1]
    await call.result("getUpdates", allowed_updates=[], offset=-1)
    await ada.react(message, "👍")
    assert len(await call.result("getUpdates")) == 1


async def test_a_raw_update_comes_as_it_stands(call: Client, server: BotApiServer) -> None:
    """Even one that nobody can decode."""
    update_id = server.queue_raw({"message": {"garbage": True}})
    assert await call.result("getUpdates") == [
        {"update_id": update_id, "message": {"garbage": True}}
    ]


async def test_numbers_can_follow_those_of_an_earlier_server(connect: Connect) -> None:
    """Updates and messages alike, so that a bot that remembers takes none for an old one."""
    async with BotApiServer(first_id=5_000_000) as server:
        ada = server.person(1)
        message = await ada.say(server.private_chat(ada), "x")
        (update,) = await connect(server).result("getUpdates")
        assert (update["update_id"], message.message_id) == (5_000_000, 5_000_000)


async def test_a_webhook_excludes_polling(call: Client) -> None:
    """409 until the webhook is deleted."""
    await call.result("setWebhook", url="http://127.0.0.1:1/hook")
    assert await call.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await call.result("deleteWebhook")
    assert await call.result("getUpdates") == []
