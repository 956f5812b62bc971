"""Guest mode: a mention in a chat that the bot is not in, answered once.

Source: https://core.telegram.org/bots/features#guest-mode
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent
from aiogram.utils.i18n import gettext as _

from bot.layout import lay_out
from bot.statistics import Surface
from bot.telegram.addressing import without_mention
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.handlers.inline import name_of, whole_result
from bot.telegram.rendering import as_html, escaped
from bot.translation import interface_language

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message

    from bot.conversation.desk import Desk

router = Router(name="guests")


@router.guest_message()
async def on_guest(message: Message, bot: Bot, desk: Desk, language: str) -> None:
    """Answer a guest's question with one message, also where there is nothing to say."""
    if message.guest_query_id is None:
        return
    question = without_mention(message, await bot.me())
    question = (message.text or "").strip() if question is None else question
    result = await _result(question, message, bot, desk, language)
    await bot.answer_guest_query(message.guest_query_id, result)


async def _result(
    question: str, message: Message, bot: Bot, desk: Desk, language: str
) -> InlineQueryResultArticle:
    if not question:
        return _words(_("Mention me together with your question, in any language."))
    person = message.from_user.id if message.from_user else None
    try:
        given = await desk.in_passing(
            question,
            person,
            lambda advice: interface_language(advice.language, language),
            name_of(question, person or message.chat.id, bot.token),
            Surface.GUEST,
        )
    except CANNOT_ANSWER as error:
        return _words(apology(error))
    if not given.kept.advice.answered:
        blocks = lay_out(given.kept.advice, given.kept.language, given.agenda)
        return _article(as_html(blocks))
    return whole_result(given, (await bot.me()).username or "")


def _words(text: str) -> InlineQueryResultArticle:
    return _article(escaped(text))


def _article(text: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(message_text=text)
    return InlineQueryResultArticle(id="answer", title="Audiatur", input_message_content=content)
