"""People tap buttons, type inline queries, choose results, and ask as guests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import BotApiServer

if TYPE_CHECKING:
    from bot.playground import Chat, Person
    from tests.bot.playground.conftest import Client, Connect

MORE = {
    "inline_keyboard": [
        [
            {"text": "More", "callback_data": "more:1"},
            {"text": "Site", "url": "https://example.org"},
        ]
    ]
}
STALE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def article(**changes: Any) -> dict[str, Any]:
    content = {"message_text": "<b>yes</b>", "parse_mode": "HTML"}
    one = {"type": "article", "id": "a", "title": "Yes", "input_message_content": content}
    return one | changes


async def _next(call: Client, kind: str) -> dict[str, Any]:
    """Take the next update, of a kind, and confirm it."""
    (update,) = await call.result("getUpdates", timeout=2, limit=1)
    await call.result("getUpdates", offset=update["update_id"] + 1)
    found: dict[str, Any] = update[kind]
    return found


@pytest.mark.parametrize("wanted", ["More", "more:1"])
async def test_a_tap_is_answered(call: Client, ada: Person, chat: Chat, wanted: str) -> None:
    """The button is named by what it says or by what it sends."""
    await call.result("sendMessage", chat_id=1001, text="x", reply_markup=MORE)
    tap = asyncio.create_task(ada.tap(chat.messages[0], wanted))
    query = await _next(call, "callback_query")
    assert (query["data"], query["message"]["text"]) == ("more:1", "x")
    params = {"callback_query_id": query["id"], "text": "done", "show_alert": True}
    await call.result("answerCallbackQuery", **params)
    answer = await tap
    assert (answer.text, answer.show_alert) == ("done", True)
    assert await call.refusal("answerCallbackQuery", **params) == STALE


async def test_a_tap_nobody_answers_is_an_error(call: Client, ada: Person, chat: Chat) -> None:
    """A person would see the button spin; so is a button that is not there or asks nothing."""
    await call.result("sendMessage", chat_id=1001, text="x", reply_markup=MORE)
    (message,) = chat.messages
    with pytest.raises(TimeoutError, match="callback query unanswered"):
        await ada.tap(message, "More", timeout_s=0.01)
    with pytest.raises(ValueError, match="no button 'Less'"):
        await ada.tap(message, "Less")
    with pytest.raises(ValueError, match="asks nothing"):
        await ada.tap(message, "Site")


async def test_an_inline_query_gets_results(call: Client, ada: Person) -> None:
    """With all that says how they may be kept and continued."""
    typing = asyncio.create_task(ada.inline("free will?", "10"))
    query = await _next(call, "inline_query")
    assert (query["query"], query["offset"], query["from"]["language_code"]) == (
        "free will?",
        "10",
        "de",
    )
    await call.result(
        "answerInlineQuery",
        inline_query_id=query["id"],
        results=[article()],
        next_offset="20",
        is_personal=True,
        cache_time=5,
        button={"text": "Help", "start_parameter": "help"},
    )
    answer = await typing
    assert [(result.title, result.html) for result in answer.results] == [("Yes", "<b>yes</b>")]
    assert (answer.next_offset, answer.is_personal, answer.cache_time) == ("20", True, 5)
    assert answer.button == {"text": "Help", "start_parameter": "help"}


async def test_an_inline_answer_can_come_too_late(connect: Connect) -> None:
    """Ten seconds are all a bot has, and there is no second answer."""
    now = [0.0]
    async with BotApiServer(clock=lambda: now[0]) as server:
        call = connect(server)
        typing = asyncio.create_task(server.person(1).inline("x", timeout_s=1))
        query = await _next(call, "inline_query")
        now[0] = 10.1
        late = {"inline_query_id": query["id"], "results": []}
        assert await call.refusal("answerInlineQuery", **late) == STALE
        with pytest.raises(TimeoutError):
            await typing


async def test_a_chosen_result_is_posted_and_told(
    call: Client, server: BotApiServer, ada: Person
) -> None:
    """Only a message with a keyboard can be edited later."""
    outside = server.elsewhere(ada)
    for markup, editable in ((None, False), (MORE, True)):
        typing = asyncio.create_task(ada.inline("x"))
        await _answer(call, article(reply_markup=markup) if markup else article())
        message = await ada.choose((await typing).results[0], outside)
        assert message.via_bot is server.bot
        assert message.html == "<b>yes</b>"
        chosen = await _next(call, "chosen_inline_result")
        assert (chosen["result_id"], chosen["query"]) == ("a", "x")
        assert ("inline_message_id" in chosen) is editable
    edited = {"inline_message_id": chosen["inline_message_id"], "text": "no"}
    assert await call.result("editMessageText", **edited) is True
    assert outside.messages[-1].text == "no"


async def test_a_tap_on_an_inline_message_names_it(call: Client, ada: Person) -> None:
    """By its inline identifier instead of a chat the bot cannot see."""
    typing = asyncio.create_task(ada.inline("x"))
    await _answer(call, article(reply_markup=MORE))
    message = await ada.choose((await typing).results[0])
    await _next(call, "chosen_inline_result")
    tap = asyncio.create_task(ada.tap(message, "More"))
    query = await _next(call, "callback_query")
    assert query["inline_message_id"] == message.inline_message_id
    assert "message" not in query
    await call.result("answerCallbackQuery", callback_query_id=query["id"])
    await tap


async def test_a_guest_gets_one_answer(call: Client, server: BotApiServer, ada: Person) -> None:
    """In a chat the bot is not in, as a reply to the question."""
    outside = server.elsewhere(ada)
    asking = asyncio.create_task(ada.ask_as_guest(outside, "@test_bot free will?"))
    question = await _next(call, "guest_message")
    reply = {"guest_query_id": question["guest_query_id"], "result": article()}
    sent = await call.result("answerGuestQuery", **reply)
    message = await asking
    assert (message.html, message.inline_message_id) == ("<b>yes</b>", sent["inline_message_id"])
    assert message.reply_to
    assert message.reply_to.text == "@test_bot free will?"
    assert await call.refusal("answerGuestQuery", **reply) == STALE


@pytest.mark.parametrize(("keeping", "asked"), [({"is_personal": True}, 2), ({}, 1)])
async def test_answers_are_kept_for_everyone_unless_personal(
    connect: Connect, keeping: dict[str, bool], asked: int
) -> None:
    """So that one person's answer is shown to another where a bot forgets `is_personal`."""
    async with BotApiServer(inline_cache=True) as server:
        call = connect(server)
        people = [server.person(1), server.person(2)]
        for person in people[:asked]:
            typing = asyncio.create_task(person.inline("x"))
            await _answer(call, article(), **keeping)
            await typing
        for person in people:
            assert (await person.inline("x")).results


async def _answer(call: Client, *results: dict[str, Any], **more: Any) -> None:
    query = await _next(call, "inline_query")
    await call.result("answerInlineQuery", inline_query_id=query["id"], results=results, **more)
