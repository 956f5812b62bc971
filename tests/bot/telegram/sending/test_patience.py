"""Requests are made again exactly where that is safe, and it is noted how far an answer got."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from aiohttp import ClientConnectorError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from bot.ops.metrics import Metrics
from bot.state.errors import StateError
from bot.state.protocol import Arrival, Stage
from bot.state.sqlite_inbox import SqliteInbox
from bot.telegram.sending import patience
from bot.telegram.sending.delivery import Delivery, NotDelivered, delivering
from bot.telegram.sending.patience import PatientRequests

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.state.protocol import Inbox

MESSAGE = SendMessage(chat_id=1, text="x")
EDIT = EditMessageText(chat_id=1, message_id=1, text="x")
TYPING = SendChatAction(chat_id=1, action="typing")
TAP = AnswerCallbackQuery(callback_query_id="1")


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_FIRST_PAUSE_S", 0.001)


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    opened = await SqliteInbox.open(tmp_path / "inbox.sqlite")
    await opened.receive([Arrival(1, "line", {})])
    yield opened
    await opened.close()


@pytest.fixture
def delivery(inbox: Inbox) -> Delivery:
    return Delivery(inbox, 1)


class Server:
    """Answers a request with each of some errors, then well."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls: list[TelegramMethod[Any]] = []

    async def __call__(self, _bot: Bot, method: TelegramMethod[Any]) -> Any:
        self.calls.append(method)
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def request(self, method: TelegramMethod[Any]) -> Any:
        return await PatientRequests(Metrics())(self, Bot("42:TEST"), method)


async def stage(inbox: Inbox) -> Stage:
    """Return what the next process would read."""
    (claim,) = await inbox.claim("reader", 1, 0.0)
    return claim.stage


def caused(cause: Exception) -> TelegramNetworkError:
    error = TelegramNetworkError(MESSAGE, "broken")
    error.__cause__ = cause
    return error


def refused_connection() -> TelegramNetworkError:
    key = ConnectionKey("host", 443, True, True, None, None, None)  # noqa: FBT003
    return caused(ClientConnectorError(key, OSError("refused")))


SAFE = [TelegramServerError(MESSAGE, "500"), refused_connection()]
UNSAFE = [
    caused(ServerDisconnectedError()),
    caused(TimeoutError()),
    ClientDecodeError("broken", ValueError(), "what people wrote"),
]


@pytest.mark.parametrize("error", SAFE, ids=["500", "no connection"])
async def test_a_message_that_cannot_have_arrived_is_sent_again(
    error: Exception, delivery: Delivery, inbox: Inbox
) -> None:
    """It is sent in the end, and that is noted."""
    server = Server(error, error)
    with delivering(delivery):
        assert await server.request(MESSAGE) == "done"
    assert len(server.calls) == 3
    assert await stage(inbox) is Stage.SENT
    assert not delivery.owed


@pytest.mark.parametrize("error", UNSAFE, ids=["lost", "late", "unreadable"])
async def test_a_message_that_may_have_arrived_is_not(
    error: Exception, delivery: Delivery, inbox: Inbox
) -> None:
    """It is raised, what is known is noted, and nothing of the answer is told."""
    server = Server(error)
    with delivering(delivery), pytest.raises(NotDelivered) as raised:
        await server.request(MESSAGE)
    assert len(server.calls) == 1
    assert await stage(inbox) is Stage.SENDING
    assert delivery.owed
    assert "what people wrote" not in str(raised.value)


@pytest.mark.parametrize("error", [*SAFE, *UNSAFE])
async def test_what_does_no_harm_twice_is_always_repeated(error: Exception) -> None:
    """An edit is the same edit again."""
    server = Server(error, error)
    assert await server.request(EDIT) == "done"
    assert len(server.calls) == 3


@pytest.mark.parametrize("error", [*SAFE, *UNSAFE, TelegramRetryAfter(TYPING, "slow", 100)])
async def test_what_is_gone_in_a_moment_is_never_repeated(error: Exception) -> None:
    """Nor is it an error: the answer must not wait for it."""
    server = Server(error)
    assert await server.request(TYPING) is True
    assert len(server.calls) == 1


async def test_patience_with_failures_has_an_end(delivery: Delivery, inbox: Inbox) -> None:
    """The person is owed an answer; after a kill, the update would be handled anew."""
    server = Server(*[TelegramServerError(MESSAGE, "500")] * 5)
    with delivering(delivery), pytest.raises(NotDelivered):
        await server.request(MESSAGE)
    assert len(server.calls) == 5
    assert await stage(inbox) is Stage.NEW
    assert delivery.owed


async def test_patience_with_floods_has_none(
    delivery: Delivery, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wait is as long as told; during it, nothing is under way."""
    waits: list[tuple[float, Stage]] = []

    async def slept(wait_s: float) -> None:
        waits.append((wait_s, delivery.stage))

    monkeypatch.setattr(asyncio, "sleep", slept)
    server = Server(*[TelegramRetryAfter(MESSAGE, "slow", 7)] * 9)
    with delivering(delivery):
        assert await server.request(MESSAGE) == "done"
    assert waits == [(7, Stage.NEW)] * 9
    assert await stage(inbox) is Stage.SENT


async def test_a_refusal_is_raised_and_nothing_is_under_way(
    delivery: Delivery, inbox: Inbox
) -> None:
    """Somebody has blocked the bot."""
    server = Server(TelegramForbiddenError(MESSAGE, "blocked"))
    with delivering(delivery), pytest.raises(TelegramForbiddenError):
        await server.request(MESSAGE)
    assert len(server.calls) == 1
    assert await stage(inbox) is Stage.NEW
    assert not delivery.owed


async def test_what_fails_after_an_answer_is_not_owed(delivery: Delivery, inbox: Inbox) -> None:
    """The first message has arrived; asking would only offer it again."""
    with delivering(delivery):
        await Server().request(MESSAGE)
        with pytest.raises(NotDelivered):
            await Server(caused(TimeoutError())).request(MESSAGE)
    assert await stage(inbox) is Stage.SENT
    assert not delivery.owed


async def test_without_the_bots_memory_nothing_is_sent(
    delivery: Delivery, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill could otherwise not be told from a message that never left."""

    async def failing(_number: int, _stage: Stage) -> None:
        raise StateError("full")

    monkeypatch.setattr(inbox, "mark", failing)
    server = Server()
    with delivering(delivery), pytest.raises(StateError):
        await server.request(MESSAGE)
    assert server.calls == []


async def test_an_arrival_that_cannot_be_noted_is_still_an_arrival(
    delivery: Delivery, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raising would have the message sent again."""
    mark = inbox.mark

    async def failing(number: int, reached: Stage) -> None:
        if reached is Stage.SENT:
            raise StateError("full")
        await mark(number, reached)

    monkeypatch.setattr(inbox, "mark", failing)
    with delivering(delivery):
        assert await Server().request(MESSAGE) == "done"
    assert delivery.stage is Stage.SENT


async def test_a_group_that_became_a_supergroup_is_followed() -> None:
    """The answer goes to where the chat is now; a loop ends."""
    server = Server(TelegramMigrateToChat(MESSAGE, "moved", -100))
    assert await server.request(MESSAGE) == "done"
    assert [getattr(call, "chat_id", None) for call in server.calls] == [1, -100]
    endless = Server(*[TelegramMigrateToChat(MESSAGE, "moved", -100)] * 3)
    with pytest.raises(TelegramMigrateToChat):
        await endless.request(MESSAGE)


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (EDIT, "Bad Request: message is not modified: specified new message content"),
        (TAP, "Bad Request: query is too old and response timeout expired"),
    ],
)
async def test_what_is_no_error_for_a_person_is_swallowed(
    method: TelegramMethod[Any], reason: str
) -> None:
    """An edit that changes nothing, an answer to a tap of long ago."""
    assert await Server(TelegramBadRequest(method, reason)).request(method) is True
    with pytest.raises(TelegramBadRequest):
        await Server(TelegramBadRequest(MESSAGE, reason)).request(MESSAGE)
