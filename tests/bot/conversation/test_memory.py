"""A follow-up refers to the person's own last question in this chat, for a short while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.conversation.memory import Memory
from bot.conversation.ticks import Ticks

if TYPE_CHECKING:
    from bot.state.protocol import Store

GROUP, ADA, BOB = -100, 1001, 1002


async def test_each_person_in_each_chat_and_topic_has_a_last_question(store: Store) -> None:
    """Nobody goes on from what somebody else asked."""
    memory = Memory(store, 60)
    await memory.note(GROUP, ADA, None, "Ada's")
    await memory.note(GROUP, BOB, None, "Bob's")
    await memory.note(GROUP, ADA, 5, "Ada's in a topic")
    assert await memory.last(GROUP, ADA) == "Ada's"
    assert await memory.last(GROUP, BOB) == "Bob's"
    assert await memory.last(GROUP, ADA, 5) == "Ada's in a topic"
    assert await memory.last(ADA, ADA) is None


async def test_it_is_forgotten_after_the_window(store: Store) -> None:
    """What was asked long ago has nothing to do with a new question."""
    memory = Memory(store, 0.05)
    await memory.note(ADA, ADA, None, "?")
    await asyncio.sleep(0.1)
    assert await memory.last(ADA, ADA) is None


async def test_it_can_be_cleared(store: Store) -> None:
    """And it is told whether there was anything."""
    memory = Memory(store, 60)
    await memory.note(ADA, ADA, None, "?")
    assert await memory.clear(ADA, ADA)
    assert await memory.last(ADA, ADA) is None
    assert not await memory.clear(ADA, ADA)


async def test_ticks_are_a_persons_own(store: Store) -> None:
    """Set, taken back, and forgotten with the person."""
    ticks = Ticks(store)
    assert await ticks.exchange(ADA, "exit", "reason") == {"reason"}
    assert await ticks.exchange(ADA, "exit", "notice") == {"reason", "notice"}
    assert await ticks.exchange(ADA, "exit", "reason") == {"notice"}
    assert await ticks.of(ADA, "exit") == {"notice"}
    assert await ticks.of(BOB, "exit") == frozenset()
    assert await ticks.of(ADA, "other") == frozenset()
    await store.forget(ADA)
    assert await ticks.of(ADA, "exit") == frozenset()
