"""A bot that does on request everything a bot can do on the page."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendMessageDraft
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
)

from bot.playground.stage import GRACE

if TYPE_CHECKING:
    from aiogram.filters import CommandObject

    from bot.settings import Settings

LONG = " ".join(f"Sentence {number} of a long quotation." for number in range(1, 31))
ENTITIES = (
    "<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>code()</code> "
    '<a href="https://example.org/page">a link</a> <tg-spoiler>secret</tg-spoiler>\n'
    "/entities @audiatur_bot https://example.com me@example.org\n"
    '<pre><code class="language-python">print("&lt;hello&gt;")</code></pre>\n'
    "<blockquote>short quotation</blockquote>\n"
    f"<blockquote expandable>{LONG}</blockquote>\n"
    '<a href="https://t.me/audiatur_bot?start=deep-1">deep link</a> 😀 &lt;script&gt;alert(1)'
)
PAGE, TOTAL = 20, 45


def _key(text: str, **action: object) -> InlineKeyboardButton:
    return InlineKeyboardButton.model_validate({"text": text, **action})


KEYS = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            _key("Toast", callback_data="toast"),
            _key("Alert", callback_data="alert"),
            _key("Edit", callback_data="edit", style="primary"),
        ],
        [_key("Never", callback_data="never"), _key("Remove", callback_data="x", style="danger")],
        [
            _key("Website", url="https://example.org/"),
            _key("Copy", copy_text=CopyTextButton(text="copied text")),
        ],
        [
            _key("Here", switch_inline_query_current_chat="cats"),
            _key("Elsewhere", switch_inline_query="dogs"),
            _key(
                "Groups only",
                switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat(
                    query="birds", allow_group_chats=True
                ),
            ),
        ],
        [_key("Open me", url="https://t.me/audiatur_bot?start=from-key")],
    ]
)


async def run_scripted(settings: Settings) -> None:
    """Publish menus and poll until cancelled."""
    api = TelegramAPIServer.from_base(settings.api_url or "")
    defaults = DefaultBotProperties(parse_mode="HTML")
    async with Bot(settings.token or "", AiohttpSession(api=api), defaults) as bot:
        await _publish(bot)
        dispatcher = _dispatcher()
        poll = dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
        task = asyncio.create_task(poll)
        try:
            await asyncio.shield(task)
        finally:
            with contextlib.suppress(RuntimeError):
                await dispatcher.stop_polling()
            await task


async def _publish(bot: Bot) -> None:
    menus: list[tuple[BotCommandScopeUnion, str | None, dict[str, str]]] = [
        (BotCommandScopeAllPrivateChats(), None, {"entities": "All entities", "keys": "Keys"}),
        (BotCommandScopeAllPrivateChats(), "de", {"entities": "Alles", "keys": "Tasten"}),
        (BotCommandScopeAllGroupChats(), None, {"ask": "Ask here"}),
        (BotCommandScopeChat(chat_id=GRACE), "de", {"keys": "Tasten", "reindex": "Neu aufbauen"}),
    ]
    for scope, language, commands in menus:
        listed = [BotCommand(command=name, description=text) for name, text in commands.items()]
        await bot.set_my_commands(listed, scope=scope, language_code=language)
    await bot.set_my_description("A bot for tests.")
    await bot.set_my_description("Ein Bot für Tests.", language_code="de")


def _dispatcher() -> Dispatcher:
    dispatcher = Dispatcher()
    on = dispatcher.message.register
    on(_start, CommandStart())
    on(_entities, Command("entities"))
    on(_keys, Command("keys"))
    on(_steps, Command("steps"))
    on(_draft, Command("draft"))
    on(_file, Command("file"))
    on(_think, Command("think"))
    on(_received, F.document)
    on(_echo, F.text)
    dispatcher.edited_message.register(_edited)
    dispatcher.callback_query.register(_tapped)
    dispatcher.inline_query.register(_offer)
    dispatcher.guest_message.register(_guest)
    return dispatcher


async def _start(message: Message, command: CommandObject) -> None:
    await message.answer(f"Started with {command.args or 'nothing'}")


async def _entities(message: Message) -> None:
    await message.answer(ENTITIES)


async def _keys(message: Message) -> None:
    await message.answer("Press a key", reply_markup=KEYS)


async def _steps(message: Message) -> None:
    sent = await message.answer("Step 1")
    for number in (2, 3):
        await asyncio.sleep(0.3)
        await sent.edit_text(f"Step {number}")


async def _draft(message: Message, bot: Bot) -> None:
    text = ""
    for word in ("Growing", "word", "by", "word"):
        text = f"{text} {word}".strip()
        await bot(SendMessageDraft(chat_id=message.chat.id, draft_id=1, text=text))
        await asyncio.sleep(0.3)
    await message.answer(f"{text}: done")


async def _think(message: Message, bot: Bot) -> None:
    await bot.send_chat_action(
        message.chat.id, "typing", message_thread_id=message.message_thread_id
    )
    await asyncio.sleep(1)
    await message.answer("Thought.")


async def _file(message: Message) -> None:
    file = BufferedInputFile(b"<script>alert(1)</script>", "notes & more.html")
    await message.answer_document(file, caption="Your <b>file</b>")


async def _received(message: Message, bot: Bot) -> None:
    assert message.document
    content = await bot.download(message.document)
    assert content
    size = len(content.read())
    await message.reply(f"Got {message.document.file_name}, {size} bytes, {message.caption!r}")


async def _echo(message: Message) -> None:
    text = message.text or ""
    quoted = f", quoting {message.quote.text!r}" if message.quote else ""
    await message.react([ReactionTypeEmoji(emoji="👍")])
    reply = ReplyParameters(message_id=message.message_id, quote=text.split(maxsplit=1)[0])
    await message.answer(f"You said {text!r}{quoted}".replace("<", "&lt;"), reply_parameters=reply)


async def _edited(message: Message) -> None:
    await message.reply(f"You changed it to {message.text}")


async def _tapped(query: CallbackQuery) -> None:
    match query.data:
        case "toast":
            await query.answer("A toast")
        case "alert":
            await query.answer("An alert", show_alert=True)
        case "edit":
            assert isinstance(query.message, Message)
            await query.message.edit_text("Edited in place", reply_markup=KEYS)
            await query.answer()


async def _offer(query: InlineQuery) -> None:
    if query.query == "nothing":
        button = InlineQueryResultsButton(text="Ask me privately", start_parameter="ask")
        await query.answer([], cache_time=1, is_personal=True, button=button)
        return
    start = int(query.offset or 0)
    results = [
        InlineQueryResultArticle(
            id=str(number),
            title=f"{query.query} {number}",
            description="A result to choose",
            input_message_content=InputTextMessageContent(
                message_text=f"<b>{query.query}</b> no. {number}"
            ),
        )
        for number in range(start + 1, min(start + PAGE, TOTAL) + 1)
    ]
    after = str(start + PAGE) if start + PAGE < TOTAL else ""
    await query.answer(list(results), cache_time=1, is_personal=True, next_offset=after)


async def _guest(message: Message, bot: Bot) -> None:
    content = InputTextMessageContent(message_text="A guest is welcome")
    result = InlineQueryResultArticle(id="1", title="T", input_message_content=content)
    assert message.guest_query_id
    await bot.answer_guest_query(message.guest_query_id, result)
