"""Questions in chats, and the debates to tap."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, ReplyParameters
from aiogram.utils.chat_action import ChatActionSender
from aiogram.utils.i18n import gettext as _

from bot.layout import lay_out
from bot.telegram.addressing import Asked
from bot.telegram.rendering import as_html, escaped
from bot.translation import interface_language
from bot.worker import Busy, Worker
from index.errors import SnapshotError

if TYPE_CHECKING:
    from aiogram import Bot

    from index.answering.advice import Advice

logger = logging.getLogger(__name__)
router = Router(name="questions")

DEBATE = "debate:"
"""Callback data: this and a debate's id, at most 64 bytes together."""
_TYPING_AFTER_S = 0.7


@router.message(Command("ask"))
async def on_ask(
    message: Message, command: CommandObject, bot: Bot, worker: Worker, language: str
) -> None:
    """Answer `/ask question`, in private and in groups."""
    if not command.args:
        await _reply(message, escaped(_("Write your question after /ask, in any language.")))
        return
    await _answer(message, command.args, bot, worker, language)


@router.message(Asked())
async def on_question(
    message: Message, question: str, bot: Bot, worker: Worker, language: str
) -> None:
    """Answer whatever asks the bot something."""
    if not question:
        await _reply(message, escaped(_("Write your question after /ask, in any language.")))
        return
    await _answer(message, question, bot, worker, language)


@router.message(F.chat.type == ChatType.PRIVATE, F.text.startswith("/"))
async def on_unknown_command(message: Message) -> None:
    """Say what a question looks like, where a command is not known."""
    await message.answer(
        escaped(_("I do not know this command. Any text without a slash is a question."))
    )


@router.message(F.chat.type == ChatType.PRIVATE, ~F.text, ~F.pinned_message)
async def on_something_else(message: Message) -> None:
    """Say what can be read, where somebody sends a picture or a voice message."""
    await message.answer(escaped(_("I can only read text. Please write your question.")))


@router.callback_query(F.data.startswith(DEBATE))
async def on_debate(query: CallbackQuery, worker: Worker, language: str) -> None:
    """Show both sides of a debate that was tapped."""
    name = (query.data or "").removeprefix(DEBATE)
    try:
        advice = await worker.debate(name)
    except ValueError:
        await query.answer(_("This debate is no longer here; /debates shows the current ones."))
        return
    except (SnapshotError, TimeoutError, Busy) as error:
        await query.answer(_apology(error)[:200])
        return
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.answer(await _rendered(advice, worker, language))


async def _answer(message: Message, question: str, bot: Bot, worker: Worker, language: str) -> None:
    typing = ChatActionSender.typing(
        message.chat.id, bot, message.message_thread_id, initial_sleep=_TYPING_AFTER_S
    )
    try:
        async with typing:
            advice = await worker.advise(question)
    except (SnapshotError, TimeoutError, Busy) as error:
        logger.warning("no answer: %s", type(error).__name__)
        await _reply(message, escaped(_apology(error)))
        return
    shown = interface_language(advice.language, language)
    await _reply(message, await _rendered(advice, worker, shown))
    logger.info(
        "answered=%s debate=%s ms=%.0f",
        advice.answered,
        advice.debate.id if advice.debate else None,
        advice.timings_ms["total"],
    )


async def _rendered(advice: Advice, worker: Worker, language: str) -> str:
    agenda = (await worker.snapshot()).agenda
    return as_html(lay_out(advice, language, agenda))


def _apology(error: Exception) -> str:
    if isinstance(error, Busy):
        return _("Many are asking just now. Please try again in a moment.")
    if isinstance(error, TimeoutError):
        return _("That took too long. Please try again, perhaps with a shorter question.")
    return _("There is no index to answer from yet. An admin can build it with /reindex.")


async def _reply(message: Message, text: str) -> None:
    """Answer; in a group as a reply, so that it is plain to whom."""
    to = None
    if message.chat.type != ChatType.PRIVATE:
        to = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
    await message.answer(text, reply_parameters=to)
