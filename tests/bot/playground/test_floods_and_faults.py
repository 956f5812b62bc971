"""The server refuses floods when told to, and fails on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.playground import BotApiServer, Limits, faults

if TYPE_CHECKING:
    from bot.playground import Chat
    from tests.bot.playground.conftest import Client, Connect


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _refusals(call: Client, count: int, **params: object) -> list[int]:
    """Return the `retry_after` of those of `count` messages that were refused."""
    answers = [await call("sendMessage", text="x", **params) for _ in range(count)]
    return [answer["parameters"]["retry_after"] for answer in answers if not answer["ok"]]


async def test_a_chat_takes_a_burst_and_then_one_message_a_second(
    connect: Connect,
) -> None:
    """429 says how long to wait, and waiting that long is enough."""
    clock = Clock()
    async with BotApiServer(limits=Limits(chat_per_s=1, chat_burst=3), clock=clock) as server:
        call = connect(server)
        server.private_chat(server.person(1))
        server.private_chat(server.person(2))
        assert await _refusals(call, 4, chat_id=1) == [1]
        assert await _refusals(call, 3, chat_id=2) == []
        clock.now += 1
        assert await _refusals(call, 2, chat_id=1) == [1]
        refusal = await call.refusal("sendMessage", chat_id=1, text="x")
        assert refusal == "Too Many Requests: retry after 1"


async def test_a_group_takes_twenty_messages_a_minute(connect: Connect) -> None:
    """Groups have a limit of their own."""
    clock = Clock()
    async with BotApiServer(limits=Limits(group_per_min=20), clock=clock) as server:
        call = connect(server)
        server.group(-5, "Group")
        assert await _refusals(call, 21, chat_id=-5) == [3]
        clock.now += 3
        assert await _refusals(call, 1, chat_id=-5) == []


async def test_thirty_messages_a_second_are_the_most_overall(
    connect: Connect,
) -> None:
    """However many chats they go to."""
    async with BotApiServer(limits=Limits.telegram(), clock=Clock()) as server:
        call = connect(server)
        for number in range(1, 32):
            server.private_chat(server.person(number))
        refused = [await _refusals(call, 1, chat_id=number) for number in range(1, 32)]
        assert refused == [[]] * 30 + [[1]]


async def test_without_limits_nothing_is_a_flood(call: Client, chat: Chat) -> None:
    """Tests that are about something else need not wait."""
    assert await _refusals(call, 60, chat_id=chat.id) == []


async def test_a_planned_refusal_comes_as_often_as_planned(
    call: Client, server: BotApiServer, chat: Chat
) -> None:
    """Of the named method only, without the call having its effect."""
    server.faults.add(faults.rate_limited(7), times=2, method="sendMessage")
    await call.result("getMe")
    first = await call("sendMessage", chat_id=1001, text="one")
    assert (first["error_code"], first["parameters"]) == (429, {"retry_after": 7})
    await call.refusal("sendMessage", chat_id=1001, text="two")
    await call.result("sendMessage", chat_id=1001, text="three")
    assert [message.text for message in chat.messages] == ["three"]
    assert [request.ok for request in server.calls("sendMessage")] == [False, False, True]


async def test_any_error_can_be_planned(call: Client, server: BotApiServer) -> None:
    """Of the server and of the request."""
    server.faults.add(faults.server_error(502))
    server.faults.add(faults.refused("message text is empty"))
    assert await call.refusal("getMe") == "Bad Gateway"
    assert await call.refusal("getMe") == "Bad Request: message text is empty"
    await call.result("getMe")


async def test_an_answer_can_be_garbled(
    server: BotApiServer, session: aiohttp.ClientSession
) -> None:
    """It looks like JSON until it breaks off."""
    server.faults.add(faults.malformed())
    async with session.get(f"{server.url}/bot{server.token}/getMe") as response:
        assert response.status == 200
        with pytest.raises(ValueError, match="Expecting"):
            await response.json()


@pytest.mark.parametrize(
    ("moment", "sent"), [(faults.Moment.BEFORE, []), (faults.Moment.AFTER, ["x"])]
)
async def test_a_connection_can_break(
    server: BotApiServer, call: Client, chat: Chat, moment: faults.Moment, sent: list[str]
) -> None:
    """Before the message was sent, or after: the bot cannot tell."""
    server.faults.add(faults.dropped(moment), method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=1001, text="x")
    assert [message.text for message in chat.messages] == sent
    assert len(server.calls("sendMessage")) == 1


async def test_a_call_can_be_late(server: BotApiServer, call: Client) -> None:
    """A client with less patience gives up."""
    server.faults.add(faults.delayed(0.2))
    session_timeout = aiohttp.ClientTimeout(total=0.05)
    async with aiohttp.ClientSession(timeout=session_timeout) as hasty:
        with pytest.raises(TimeoutError):
            await hasty.get(f"{server.url}/bot{server.token}/getMe")
    await call.result("getMe")
