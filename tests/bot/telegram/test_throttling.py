"""One person's flood is held back kindly and costs nobody else anything; so is a rush of many."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiogram.types import TelegramObject, User

from bot.ops.metrics import Metrics
from bot.state.sqlite_store import SqliteStore
from bot.telegram import throttling
from bot.telegram.i18n import Catalogues
from bot.telegram.throttling import Rush, Throttling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiogram import BaseMiddleware

    from bot.playground import BotApiServer, Chat, Person
    from bot.state.protocol import Store
    from tests.bot.telegram.conftest import Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
TOO_FAST = "Das ist schneller, als ich lesen kann. Bitte fragen Sie in einer Minute noch einmal."
BUSY = "Gerade fragen viele. Bitte versuchen Sie es gleich noch einmal."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await SqliteStore.open(tmp_path / "store.sqlite")
    yield opened
    await opened.close()


async def asked(throttle: BaseMiddleware, person: int | None) -> bool:
    """Tell whether an event of a person is handled."""

    async def handler(_event: TelegramObject, _data: dict[str, Any]) -> bool:
        return True

    user = None if person is None else User(id=person, is_bot=False, first_name="X")
    with Catalogues().context():
        return bool(await throttle(handler, TelegramObject(), {"event_from_user": user}))


async def test_a_flood_is_told_once_and_others_are_answered(
    start: Start, ada: Person, chat: Chat, bob: Person, server: BotApiServer
) -> None:
    """Twenty of forty messages are answered, one is told, nineteen are dropped."""
    await start(questions_per_second=1000)
    for number in range(40):
        await ada.say(chat, f"{GERMAN} {number}")
    answer = await bob.ask(server.private_chat(bob), GERMAN)
    assert "Ja – Für Dachbienen" in answer.text
    await chat.wait_for(21)
    await server.quiet(0.3)
    told = [message.text for message in chat.from_bot if message.text == TOO_FAST]
    assert len(told) == 1
    assert len(chat.from_bot) == 21


async def test_taps_have_a_rate_of_their_own_and_are_always_answered(
    start: Start, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """Thrice that of questions; a button never goes on blinking; the reason is told once."""
    await start(questions_per_minute=1)
    listed = await ada.ask(chat, "/debates")
    notices = [(await ada.tap(listed, listed.labels[0])).text for _ in range(5)]
    assert notices == ["", "", "", TOO_FAST, ""]
    await server.quiet(0.2)
    assert len(chat.from_bot) == 4


async def test_admins_may_tap_as_fast_as_they_like(
    start: Start, admin: Person, admins_chat: Chat
) -> None:
    """Whoever reviews suggestions taps all the time."""
    await start(questions_per_minute=1)
    listed = await admin.ask(admins_chat, "/debates")
    notices = [(await admin.tap(listed, listed.labels[0])).text for _ in range(9)]
    assert notices == [""] * 9


async def test_the_rate_is_the_operators(start: Start, ada: Person, chat: Chat) -> None:
    """Commands count as well."""
    await start(questions_per_minute=2)
    await ada.ask(chat, "/help")
    await ada.ask(chat, GERMAN)
    assert (await ada.ask(chat, "/help")).text == TOO_FAST


async def test_inline_queries_have_a_rate_of_their_own(
    start: Start, ada: Person, chat: Chat
) -> None:
    """They come with every few letters typed, and do not use up the questions.

    One too many finds nothing for a moment but the way to the private chat, so that nobody waits.
    """
    await start(questions_per_minute=2)
    for length in range(8):
        await ada.inline(GERMAN[: 20 + length])
    turned_away = await ada.inline(GERMAN)
    assert turned_away.results == []
    assert turned_away.button
    assert turned_away.button["text"] == "Gerade kann ich nicht antworten – fragen Sie mich privat"
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_in_a_group_it_is_plain_who_was_too_fast(
    start: Start, ada: Person, server: BotApiServer
) -> None:
    """By a reply."""
    await start(questions_per_minute=1)
    group = server.group(-1001, "Round", [ada])
    await ada.ask(group, f"/ask {GERMAN}")
    question = await ada.say(group, f"/ask {GERMAN}")
    told = await group.wait_for(TOO_FAST)
    assert told.reply_to is question


async def test_a_guest_who_comes_in_a_rush_is_told_so(
    start: Start, ada: Person, bob: Person, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the one answer that there is."""
    monkeypatch.setattr(throttling, "_SECOND_S", 60.0)
    await start(questions_per_second=1)
    await bob.ask(server.private_chat(bob), GERMAN)
    told = await ada.ask_as_guest(server.elsewhere(ada), f"@test_bot {GERMAN}")
    assert told.text == BUSY


async def test_a_rush_of_many_is_told_kindly(
    start: Start, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes when as many as allowed have asked is not left in silence."""
    monkeypatch.setattr(throttling, "_SECOND_S", 60.0)
    await start(questions_per_second=2)
    crowd = [server.person(2000 + number, language_code="de") for number in range(5)]
    for person in crowd:
        await person.say(server.private_chat(person), GERMAN)
    said = [(await server.private_chat(person).wait_for(1)).text for person in crowd]
    assert sum("Ja – Für Dachbienen" in text for text in said) == 2
    assert said.count(BUSY) == 3


async def test_a_window_later_there_is_room_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before; each person has a window of their own, and each kind of update."""
    throttle, other = Throttling(store, "asking", 2), Throttling(store, "typing", 2)
    assert [await asked(throttle, 1) for _ in range(3)] == [True, True, False]
    assert await asked(throttle, 2)
    assert await asked(other, 1)
    monkeypatch.setattr(throttling, "_MINUTE_S", 0.01)
    brief = Throttling(store, "brief", 1)
    assert [await asked(brief, 1) for _ in range(2)] == [True, False]

    await asyncio.sleep(0.02)
    assert await asked(brief, 1)


async def test_replicas_that_share_a_store_share_the_rate(store: Store) -> None:
    """A person cannot ask twice as much of two of them."""
    first, second = Throttling(store, "asking", 2), Throttling(store, "asking", 2)
    assert await asked(first, 1)
    assert await asked(second, 1)
    assert not await asked(first, 1)


async def test_what_comes_from_nobody_is_let_through(store: Store) -> None:
    """There is no one to hold back, except in a rush of all."""
    throttle = Throttling(store, "asking", 1)
    assert [await asked(throttle, None) for _ in range(3)] == [True] * 3
    rush = Rush(store, 2, Metrics())
    assert sum([await asked(rush, None) for _ in range(3)]) in {2, 3}
