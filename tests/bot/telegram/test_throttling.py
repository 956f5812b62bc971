"""One person's flood is held back kindly, and costs nobody else anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram.types import TelegramObject, User

from bot.telegram import throttling
from bot.telegram.throttling import Throttling

if TYPE_CHECKING:
    import pytest

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.telegram.conftest import Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
TOO_FAST = "Das ist schneller, als ich lesen kann. Bitte fragen Sie in einer Minute noch einmal."


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


async def asked(throttle: Throttling, person: int | None) -> bool:
    """Tell whether an event of a person is handled."""

    async def handler(_event: TelegramObject, _data: dict[str, Any]) -> bool:
        return True

    user = None if person is None else User(id=person, is_bot=False, first_name="X")
    return bool(await throttle(handler, TelegramObject(), {"event_from_user": user}))


async def test_a_flood_is_told_once_and_others_are_answered(
    start: Start, ada: Person, chat: Chat, bob: Person, server: BotApiServer
) -> None:
    """Twenty of forty messages are answered, one is told, nineteen are dropped."""
    await start()
    for number in range(40):
        await ada.say(chat, f"{GERMAN} {number}")
    answer = await bob.ask(server.private_chat(bob), GERMAN)
    assert "Ja – Für Dachbienen" in answer.text
    await server.drained()
    await server.quiet(0.2)
    told = [message.text for message in chat.from_bot if message.text == TOO_FAST]
    assert len(told) == 1
    assert len(chat.from_bot) == 21


async def test_taps_count_and_are_always_answered(
    start: Start, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """A button never goes on blinking; the reason is told once."""
    await start(questions_per_minute=3)
    listed = await ada.ask(chat, "/debates")
    notices = [(await ada.tap(listed, listed.labels[0])).text for _ in range(5)]
    assert notices == ["", "", TOO_FAST, "", ""]
    await server.drained()
    assert len(chat.from_bot) == 3


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

    One too many finds nothing for a moment, so that the client does not wait.
    """
    await start(questions_per_minute=2)
    for length in range(8):
        await ada.inline(GERMAN[: 20 + length])
    assert (await ada.inline(GERMAN)).results == []
    assert "Ja – Für Dachbienen" in (await ada.ask(chat, GERMAN)).text


async def test_a_minute_later_there_is_room_again() -> None:
    """Not before; each person has a minute of their own."""
    clock = Clock()
    throttle = Throttling(2, clock)
    assert [await asked(throttle, 1) for _ in range(3)] == [True, True, False]
    assert await asked(throttle, 2)
    clock.now_s += 59.9
    assert not await asked(throttle, 1)
    clock.now_s += 0.1
    assert [await asked(throttle, 1) for _ in range(3)] == [True, True, False]


async def test_what_comes_from_nobody_is_let_through() -> None:
    """There is no one to hold back."""
    throttle = Throttling(1, Clock())
    assert [await asked(throttle, None) for _ in range(3)] == [True] * 3


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person remembered longest is forgotten first."""
    monkeypatch.setattr(throttling, "_REMEMBERED", 3)
    throttle = Throttling(1, Clock())
    for person in (1, 2, 3, 4):
        assert await asked(throttle, person)
    assert len(throttle._windows) == 3
    assert not await asked(throttle, 4)
    assert await asked(throttle, 1)
