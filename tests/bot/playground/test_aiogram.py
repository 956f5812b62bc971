"""A real aiogram bot can live here: it decodes every answer and every update."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter, TelegramServerError
from aiogram.filters import CommandStart
from aiogram.methods import SendMessage
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    ChosenInlineResult,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
    MessageEntity,
    ReplyParameters,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.playground import BotApiServer, faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground import Chat, Person

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]]
)


@pytest.fixture
async def polling(bot: Bot) -> AsyncIterator[Dispatcher]:
    """A small bot with all kinds of handlers, polling."""
    dispatcher = Dispatcher()
    dispatcher.message.register(_start, CommandStart(deep_link=True))
    dispatcher.message.register(_echo, F.text)
    dispatcher.callback_query.register(_more)
    dispatcher.inline_query.register(_offer)
    dispatcher.chosen_inline_result.register(_chosen)
    dispatcher.guest_message.register(_guest)
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    yield dispatcher
    with contextlib.suppress(RuntimeError):
        await dispatcher.stop_polling()
    await task


async def _start(message: Message) -> None:
    await message.answer(f"started: {(message.text or '').partition(' ')[2]}")


async def _echo(message: Message) -> None:
    text = message.text or ""
    await message.reply(f"<b>You said</b> {text}", reply_markup=KEYBOARD)


async def _more(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.message.edit_text("<i>more</i>")
    await query.answer("here is more")


async def _offer(query: InlineQuery) -> None:
    content = InputTextMessageContent(message_text=f"<b>{query.query}</b>")
    result = InlineQueryResultArticle(
        id="1", title="Title", input_message_content=content, reply_markup=KEYBOARD
    )
    button = InlineQueryResultsButton(text="Help", start_parameter="help")
    await query.answer([result], cache_time=1, is_personal=True, button=button)


async def _chosen(chosen: ChosenInlineResult, bot: Bot) -> None:
    await bot.edit_message_text("chosen", inline_message_id=chosen.inline_message_id)


async def _guest(message: Message, bot: Bot) -> None:
    content = InputTextMessageContent(message_text="guest")
    result = InlineQueryResultArticle(id="1", title="T", input_message_content=content)
    assert message.guest_query_id
    await bot.answer_guest_query(message.guest_query_id, result)


@pytest.mark.usefixtures("polling")
async def test_a_conversation(ada: Person, chat: Chat) -> None:
    """Start, question, button."""
    await ada.start(chat, "payload")
    assert (await chat.wait_for(1)).text == "started: payload"
    answer = await ada.ask(chat, "hello 😀")
    assert answer.html == "<b>You said</b> hello 😀"
    assert answer.reply_to
    tapped = await ada.tap(answer, "More")
    assert (tapped.text, answer.html) == ("here is more", "<i>more</i>")


@pytest.mark.usefixtures("polling")
async def test_an_inline_journey(server: BotApiServer, ada: Person) -> None:
    """Query, choice, edit; and a guest's question."""
    outside = server.elsewhere(ada)
    answer = await ada.inline("why?")
    assert (answer.results[0].html, answer.is_personal) == ("<b>why?</b>", True)
    await ada.choose(answer.results[0], outside)
    await outside.bell.until(lambda: outside.messages[0].text == "chosen", 2)
    assert (await ada.ask_as_guest(outside, "@test_bot?")).text == "guest"


@pytest.mark.usefixtures("polling")
async def test_every_update_and_answer_was_accepted(
    server: BotApiServer, ada: Person, chat: Chat
) -> None:
    """Nothing that aiogram sent on the way was refused."""
    await ada.ask(chat, "hello")
    await server.drained()
    await server.quiet(0.05)
    assert all(request.error is None for request in server.requests)


async def test_methods_decode(bot: Bot, chat: Chat) -> None:
    """What the server returns is what aiogram's types demand."""
    assert (await bot.get_me()).username == "test_bot"
    assert (await bot.get_chat(chat.id)).first_name == "Ada"
    assert (await bot.get_chat_member(chat.id, chat.id)).status == "member"
    commands = [BotCommand(command="ask", description="Ask")]
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope, language_code="de")
    (listed,) = await bot.get_my_commands(scope=scope, language_code="de")
    assert (listed.command, listed.description) == ("ask", "Ask")
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_my_name()).name == "Test"


async def test_entities_and_quotes_pass(bot: Bot, chat: Chat) -> None:
    """Given explicitly, without a parse mode."""
    first = await bot.send_message(
        chat.id,
        "😀 bold",
        parse_mode=None,
        entities=[MessageEntity(type="bold", offset=3, length=4)],
    )
    reply = ReplyParameters(message_id=first.message_id, quote="bold")
    second = await bot.send_message(chat.id, "x", reply_parameters=reply)
    assert chat.messages[0].html == "😀 <b>bold</b>"
    assert second.quote
    assert second.quote.position == 3


async def test_files_travel_both_ways(bot: Bot, chat: Chat) -> None:
    """Up as multipart, down by the path that getFile names."""
    file = BufferedInputFile(b"content", "notes.txt")
    sent = await bot.send_document(chat.id, file, caption="<b>Notes</b>")
    assert sent.document
    assert sent.document.file_name == "notes.txt"
    assert chat.messages[0].html == "<b>Notes</b>"
    downloaded = await bot.download(sent.document)
    assert downloaded
    assert downloaded.read() == b"content"
    again = await bot.send_document(chat.id, sent.document.file_id)
    assert again.document
    assert again.document.file_id == sent.document.file_id


async def test_refusals_become_aiograms_errors(bot: Bot, server: BotApiServer, chat: Chat) -> None:
    """Each of its own kind."""
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(chat.id, "<b>")
    server.faults.add(faults.rate_limited(3))
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(chat.id, "x")
    assert flood.value.retry_after == 3
    server.faults.add(faults.server_error())
    with pytest.raises(TelegramServerError):
        await bot.send_message(chat.id, "x")


async def test_a_webhook_may_be_aiograms(bot: Bot, ada: Person, chat: Chat) -> None:
    """With its secret, and with methods returned by handlers, which it answers as multipart."""
    dispatcher = Dispatcher()
    dispatcher.message.register(_pong)
    handler = SimpleRequestHandler(
        dispatcher, bot, handle_in_background=False, secret_token="s3cret"
    )
    application = web.Application()
    handler.register(application, "/hook")
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(url, secret_token="wrong")
    await ada.say(chat, "unheard, and kept")
    await asyncio.sleep(0.05)
    assert (await bot.get_webhook_info()).last_error_message is not None
    await bot.set_webhook(url, secret_token="s3cret")
    assert (await chat.wait_for(1)).text == "pong"
    await bot.delete_webhook()
    await runner.cleanup()


async def _pong(message: Message) -> SendMessage:
    return SendMessage(chat_id=message.chat.id, text="pong")
