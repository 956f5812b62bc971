"""Questions in chats: asked, and edited."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.types import Message, ReplyParameters
from aiogram.utils.i18n import gettext as _

from bot.conversation.desk import Desk, Where
from bot.layout import utf16_length
from bot.telegram.addressing import Asked, command, pointed_at
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.editing import edit
from bot.telegram.rendering import escaped
from bot.telegram.views import Shown, whole_answer
from bot.telegram.waiting import waiting
from bot.translation import interface_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiogram import Bot
    from aiogram.filters import CommandObject

    from bot.conversation.answers import Place
    from bot.conversation.desk import Given
    from index.answering.advice import Advice

logger = logging.getLogger(__name__)
router = Router(name="questions")

_QUOTED = 1024
"""Telegram's limit of a quote in a reply, in UTF-16 units."""


@router.message(command("ask"))
@router.edited_message(command("ask"))
async def on_ask(
    message: Message, command: CommandObject, bot: Bot, desk: Desk, language: str
) -> None:
    """Answer `/ask question`, in private and in groups, or the question that `/ask` replies to."""
    await _take(message, (command.args or "").strip(), bot, desk, language)


@router.message(Asked())
@router.edited_message(Asked())
async def on_question(message: Message, question: str, bot: Bot, desk: Desk, language: str) -> None:
    """Answer whatever asks the bot something."""
    await _take(message, question, bot, desk, language)


async def _take(message: Message, question: str, bot: Bot, desk: Desk, language: str) -> None:
    """Answer a question, in place of the old answer where the question was edited."""
    place = await desk.answers.placed(message.chat.id, message.message_id)
    question = question or pointed_at(message, await bot.me())
    if not question:
        if not message.edit_date:
            text = escaped(_("Write your question after /ask, in any language."))
            await _reply(message, Shown(text), question)
        return
    where = Where(message.chat.id, _person(message), message.message_thread_id)
    try:
        async with waiting(message, bot):
            previous = await _referred_to(message, place, desk)
            given = await desk.ask(question, where, _in_language(language), previous)
    except CANNOT_ANSWER as error:
        logger.warning("no answer: %s", type(error).__name__)
        await _reply(message, Shown(escaped(apology(error))), question)
        return
    await _give(message, given, place, bot, desk, question)


async def _give(
    message: Message, given: Given, place: Place | None, bot: Bot, desk: Desk, question: str
) -> None:
    shown = whole_answer(given.kept, given.agenda)
    if place:
        await edit(bot, message.chat.id, place.message_id, shown)
        answer_id = place.message_id
    else:
        answer_id = (await _reply(message, shown, question)).message_id
    await desk.answers.place(
        message.chat.id, message.message_id, given.kept, answer_id, _person(message)
    )
    advice = given.kept.advice
    debate = advice.debate.id if advice.debate else None
    ms = advice.timings_ms.get("total", 0.0)
    logger.info(
        "answered=%s debate=%s ms=%.0f", advice.answered, debate, ms, extra={"ms": round(ms)}
    )


async def _referred_to(message: Message, place: Place | None, desk: Desk) -> str | None:
    """Return what a question goes on from, other than the last one.

    A reply to an answer goes on from that; an edited follow-up from what it refined at first.
    """
    if place:
        before = await desk.answers.find(place.answer)
        return before.advice.refines if before else None
    replied = message.reply_to_message
    if replied is None:
        return None
    place = await desk.answers.placed(message.chat.id, replied.message_id)
    before = await desk.answers.find(place.answer) if place else None
    return before.advice.context if before and before.advice.answered else None


def _in_language(persons: str) -> Callable[[Advice], str]:
    """Return the choice of the words around an answer: the question's language, if we speak it.

    A single word, such as "Hallo", tells its language too uncertainly: there it is the person's.
    """

    def chosen(advice: Advice) -> str:
        told = len(advice.question.split()) > 1
        return interface_language(advice.language if told else None, persons)

    return chosen


def _person(message: Message) -> int:
    """Return who asks; a channel or an anonymous admin asks as the chat."""
    if message.from_user and not message.sender_chat:
        return message.from_user.id
    return (message.sender_chat or message.chat).id


async def _reply(message: Message, shown: Shown, question: str) -> Message:
    """Answer; in a group as a reply that quotes the question, so that it is plain to whom."""
    to = None
    if message.chat.type != ChatType.PRIVATE:
        quotable = 0 < utf16_length(question) <= _QUOTED and question in (
            message.text or message.caption or ""
        )
        to = ReplyParameters(
            message_id=message.message_id,
            allow_sending_without_reply=True,
            quote=question if quotable else None,
            quote_parse_mode=None,
        )
    return await message.answer(shown.text, reply_markup=shown.keyboard, reply_parameters=to)
