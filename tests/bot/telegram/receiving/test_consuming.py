"""Updates are handled in order within a chat, chats side by side, and none is dropped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.ops.metrics import Metrics
from bot.state.errors import StateUnreachable
from bot.state.protocol import Arrival, Claim
from bot.telegram.receiving import consuming
from bot.telegram.receiving.consuming import Consumers

if TYPE_CHECKING:
    from bot.state.protocol import Inbox
    from tests.bot.conftest import Eventually


def arrival(number: int, line: str) -> Arrival:
    return Arrival(number, line, {"kind": "message", "received_s": 0.0, "update": {}})


class Handler:
    """Notes what it is given, and waits where it is told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.errors: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, claim: Claim) -> None:
        self.begun.append(claim.update_id)
        await self.open.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.ended.append(claim.update_id)


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def consumers(inbox: Inbox, handler: Handler) -> Consumers:
    return Consumers(inbox, "alone", handler.answer, Metrics(), at_once=3)


async def test_a_chat_keeps_its_order_and_holds_up_no_other(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually
) -> None:
    """The second question of a chat begins when the first one has ended."""
    handler.open.clear()
    await inbox.receive([arrival(1, "a"), arrival(2, "a"), arrival(3, "b")])
    await consumers.start()
    await eventually(lambda: sorted(handler.begun) == [1, 3])
    await asyncio.sleep(0.05)
    assert sorted(handler.begun) == [1, 3]
    handler.open.set()
    await eventually(lambda: len(handler.ended) == 3)
    assert handler.ended.index(1) < handler.ended.index(2)
    assert await consumers.stop(5) == 0
    assert await inbox.waiting() == 0


async def test_no_more_than_so_many_are_handled_at_once(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually
) -> None:
    """The others wait in the inbox, and get their turn."""
    handler.open.clear()
    await inbox.receive([arrival(number, f"line {number}") for number in range(1, 9)])
    await consumers.start()
    await eventually(lambda: len(handler.begun) == 3)
    await asyncio.sleep(0.05)
    assert len(handler.begun) == 3
    handler.open.set()
    await eventually(lambda: sorted(handler.ended) == list(range(1, 9)))
    await consumers.stop(5)


async def test_a_failure_is_logged_and_done_with(
    inbox: Inbox, handler: Handler, consumers: Consumers, caplog: pytest.LogCaptureFixture,
    eventually: Eventually,
) -> None:  # fmt: skip
    """The next update of the chat follows."""
    handler.errors = [RuntimeError("broken")]
    await inbox.receive([arrival(1, "a"), arrival(2, "a")])
    await consumers.start()
    await eventually(lambda: handler.ended == [2])
    await consumers.stop(5)
    assert await inbox.waiting() == 0
    assert "RuntimeError: broken" in caplog.text


async def test_while_the_memory_fails_an_update_is_held(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """And handled when it is back, before the next of its chat."""
    monkeypatch.setattr(consuming, "_FIRST_PAUSE_S", 0.01)
    handler.errors = [StateUnreachable("gone") for _ in range(3)]
    await inbox.receive([arrival(1, "a"), arrival(2, "a")])
    await consumers.start()
    await eventually(lambda: handler.ended == [1, 2])
    assert handler.begun == [1, 1, 1, 1, 2]
    await consumers.stop(5)


async def test_what_is_not_done_in_time_is_given_back(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually
) -> None:
    """It is counted, and the next process has it at once."""
    handler.open.clear()
    await inbox.receive([arrival(1, "a")])
    await consumers.start()
    await eventually(lambda: handler.begun == [1])
    assert await consumers.stop(0.02) == 1
    (claim,) = await inbox.claim("another", 5, 1.0)
    assert (claim.update_id, claim.attempts) == (1, 2)


async def test_a_process_of_the_same_name_begins_where_the_last_one_ended(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually
) -> None:
    """It need not wait until a lease is over."""
    await inbox.receive([arrival(1, "a")])
    assert await inbox.claim("alone", 5, 1000.0)
    await consumers.start()
    await eventually(lambda: handler.ended == [1])
    await consumers.stop(5)


async def test_leases_are_renewed_for_as_long_as_the_work_takes(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Nobody else gets what is in work."""
    monkeypatch.setattr(consuming, "LEASE_S", 0.6)
    monkeypatch.setattr(consuming, "_RENEW_S", 0.1)
    handler.open.clear()
    await inbox.receive([arrival(1, "a")])
    await consumers.start()
    await eventually(lambda: handler.begun == [1])
    await asyncio.sleep(1.2)
    assert await inbox.claim("another", 5, 1.0) == []
    handler.open.set()
    await consumers.stop(5)
    assert handler.ended == [1]


async def test_it_is_known_for_how_long_nothing_moved(
    inbox: Inbox, handler: Handler, consumers: Consumers, eventually: Eventually
) -> None:
    """An empty inbox is as good as an update that was finished."""
    handler.open.clear()
    await inbox.receive([arrival(1, "a")])
    await consumers.start()
    await eventually(lambda: handler.begun == [1])
    await asyncio.sleep(0.1)
    assert consumers.idle_s() >= 0.1
    handler.open.set()
    await eventually(lambda: consumers.idle_s() < 0.1)
    await consumers.stop(5)
