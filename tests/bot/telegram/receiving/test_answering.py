"""What an earlier process did to an update decides what is done with it now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.state.opening import State, open_state
from bot.state.protocol import Arrival, Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground import BotApiServer, Chat, Message, Person
    from bot.settings import Settings
    from tests.bot.telegram.conftest import Start

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
NUMBER = 500_001


@pytest.fixture
async def state(settings: Settings) -> AsyncIterator[State]:
    """The memory of a bot that is not running."""
    opened = await open_state(settings)
    yield opened
    await opened.close()


async def left(state: State, update: dict[str, Any], stage: Stage, attempts: int = 1) -> None:
    """Leave an update as a process leaves it that is killed."""
    kind = next(iter(update))
    payload = {"kind": kind, "received_s": time.time(), "update": {"update_id": NUMBER} | update}
    await state.inbox.receive([Arrival(NUMBER, "chat 1001", payload)])
    for _ in range(attempts):
        assert await state.inbox.claim("alone", 1, 1000.0)
        await state.inbox.mark(NUMBER, stage)
        await state.inbox.release("alone")


@pytest.fixture
async def question(ada: Person, chat: Chat) -> Message:
    """A question that nobody was told of."""
    return await ada.say(chat, GERMAN)


@pytest.fixture
def update(server: BotApiServer, question: Message) -> dict[str, Any]:
    server.world.updates.clear()
    return {"message": question.as_json()}


async def test_what_nobody_began_to_answer_is_answered(
    state: State, update: dict[str, Any], start: Start, chat: Chat, server: BotApiServer
) -> None:
    """Once."""
    await left(state, update, Stage.NEW)
    await start()
    assert "Ja – Für Dachbienen" in (await chat.wait_for(1)).text
    await server.quiet(0.3)
    assert len(chat.from_bot) == 1
    assert await state.inbox.waiting() == 0


async def test_what_has_an_answer_gets_no_second_one(
    state: State, update: dict[str, Any], start: Start, chat: Chat, server: BotApiServer
) -> None:
    """It is done with."""
    await left(state, update, Stage.SENT)
    await start()
    await server.quiet(0.5)
    assert chat.from_bot == []
    assert await state.inbox.waiting() == 0


async def test_what_may_have_an_answer_is_asked_about(
    state: State, update: dict[str, Any], question: Message, start: Start, ada: Person, chat: Chat
) -> None:
    """In the person's language, and a tap answers it."""
    await left(state, update, Stage.SENDING)
    await start()
    notice = await chat.wait_for(1)
    assert notice.text.startswith("Ich wurde beim Antworten unterbrochen. ")
    assert notice.reply_to is question
    await ada.tap(notice, "Jetzt antworten")
    assert "Ja – Für Dachbienen" in (await chat.wait_for(lambda one: one is not notice)).text


@pytest.mark.parametrize(("attempts", "said"), [(3, 1), (6, 0)])
async def test_what_ends_every_process_is_given_up(
    attempts: int, said: int, state: State, update: dict[str, Any], start: Start, chat: Chat,
    server: BotApiServer, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """With an apology, unless that fails as well; the log has an error for a person to see."""
    await left(state, update, Stage.NEW, attempts)
    await start()
    await server.quiet(0.5)
    assert f"update {NUMBER} ended {attempts} processes, left out" in caplog.text
    assert len(chat.from_bot) == said
    assert all("misslingt jedes Mal" in message.text for message in chat.from_bot)
    assert await state.inbox.waiting() == 0


async def test_an_expired_inline_query_is_nobodys_loss(
    state: State, start: Start, ada: Person, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Its answer is refused, which is no failure; an interrupted one has no chat to ask in."""
    query = {"id": "gone", "from": ada.account.as_json(), "query": GERMAN, "offset": ""}
    await left(state, {"inline_query": query}, Stage.NEW)
    await start()
    await server.quiet(0.5)
    assert [request.ok for request in server.calls("answerInlineQuery")] == [False]
    assert await state.inbox.waiting() == 0
    assert "failed" not in caplog.text


async def test_an_expired_tap_still_shows_what_was_tapped(
    state: State, start: Start, ada: Person, chat: Chat, server: BotApiServer
) -> None:
    """The button stopped blinking long ago; the answer comes all the same."""
    service = await start()
    listed = await ada.ask(chat, "/debates")
    await service.stop()
    button = listed.button(listed.labels[0])
    server.world.updates.clear()
    query = {
        "id": "gone", "from": ada.account.as_json(), "chat_instance": "1",
        "message": listed.as_json(), "data": button["callback_data"],
    }  # fmt: skip
    await left(state, {"callback_query": query}, Stage.NEW)
    await start()
    shown = await chat.wait_for(2)
    assert shown.text.startswith(listed.labels[0])
    assert [call.ok for call in server.calls("answerCallbackQuery")][-1:] == [False]


async def test_what_a_newer_version_left_and_this_one_cannot_read_is_left_out(
    state: State, start: Start, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """It blocks nothing."""
    await left(state, {"message": {"unreadable": "Vertrauliches"}}, Stage.NEW)
    await start()
    await ada.ask(chat, "/help")
    assert f"update {NUMBER} can no longer be decoded" in caplog.text
    assert "Vertrauliches" not in caplog.text
