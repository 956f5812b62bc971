"""A server that runs for long forgets the oldest; one in a test forgets nothing."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from bot.playground import BotApiServer, Message
from bot.playground.answers import InlineAnswer
from bot.playground.bell import Bell
from bot.playground.files import Files
from bot.playground.inline_cache import InlineCache
from bot.playground.retention import Retention, trim

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Connect


def test_trimming_takes_the_oldest() -> None:
    """Of lists and of mappings; nothing where there is room."""
    numbers = [1, 2, 3, 4]
    trim(numbers, 2)
    assert numbers == [3, 4]
    trim(numbers, None)
    assert numbers == [3, 4]
    named = {"a": 1, "b": 2, "c": 3}
    trim(named, 1)
    assert named == {"c": 3}


async def test_a_chat_keeps_its_last_messages(connect: Connect) -> None:
    """Numbers go on, and a chain of replies holds nothing back."""
    async with BotApiServer(retention=Retention(messages=3)) as server:
        call = connect(server)
        chat = server.private_chat(server.person(1))
        await call.result("sendMessage", chat_id=1, text="1")
        for number in range(2, 9):
            reply = {"message_id": number - 1}
            await call.result("sendMessage", chat_id=1, text=str(number), reply_parameters=reply)
        assert [message.message_id for message in chat.messages] == [6, 7, 8]
        assert chat.first_id == 6
        server.requests.clear()
        gc.collect()
        known = [one for one in gc.get_objects() if isinstance(one, Message) and one.chat is chat]
        # The oldest that is kept still shows what it replies to.
        assert sorted(one.message_id for one in known) == [5, 6, 7, 8]


async def test_the_log_of_calls_is_bounded(connect: Connect) -> None:
    """So are previews and actions."""
    async with BotApiServer(retention=Retention(calls=5)) as server:
        call = connect(server)
        chat = server.private_chat(server.person(1))
        for number in range(1, 9):
            await call.result("sendMessageDraft", chat_id=1, draft_id=number, text="x")
            await call.result("sendChatAction", chat_id=1, action="typing")
        assert (len(server.requests), len(chat.drafts), len(chat.actions)) == (5, 5, 5)


async def test_without_retention_all_is_kept(connect: Connect) -> None:
    """A test may look at everything."""
    async with BotApiServer() as server:
        chat = server.private_chat(server.person(1))
        call = connect(server)
        for _ in range(30):
            await call.result("sendMessage", chat_id=1, text="x")
        assert (len(chat.messages), len(server.requests)) == (30, 30)


def test_files_make_room() -> None:
    """The newest is always kept, and identifiers are not used again."""
    files = Files(most_bytes=10)
    first, second, third = (files.add("a.txt", b"12345", "text/plain") for _ in range(3))
    assert [files.find(one.file_id) for one in (first, second, third)] == [None, second, third]
    large = files.add("b", b"x" * 50, "text/plain")
    assert files.find(large.file_id) is large
    assert files.find(third.file_id) is None
    assert len({one.file_id for one in (first, second, third, large)}) == 4


def test_stale_inline_answers_go() -> None:
    """When a new one is kept."""
    now = [0.0]
    cache = InlineCache(lambda: now[0])
    cache.keep(1, "x", "", InlineAnswer([], cache_time=5))
    now[0] = 6
    cache.keep(1, "y", "", InlineAnswer([], cache_time=5))
    assert len(cache._kept) == 1


async def test_questions_nobody_answered_are_forgotten() -> None:
    """Once they have expired."""
    now = [0.0]
    async with BotApiServer(clock=lambda: now[0]) as server:
        ada = server.person(1)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await ada.inline("x", timeout_s=0.001)
            now[0] += 11
        assert len(server.world._queries) == 1


def test_a_bell_rings_the_houses_bell() -> None:
    """Which counts for all."""
    house = Bell()
    one, other = Bell(house), Bell(house)
    assert [one.ring(), other.ring(), one.ring()] == [1, 2, 3]
    assert (one.rings, house.rings) == (2, 3)
