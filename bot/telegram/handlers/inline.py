"""Inline queries: `@bot question` in any chat, and what becomes of the results."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    ChosenInlineResult,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from aiogram.utils.i18n import gettext as _

from bot.conversation.feedback import Verdict
from bot.layout import Block, Heading, Quote, Title, cited, lay_out, side_name
from bot.statistics import Surface
from bot.telegram.apologies import CANNOT_ANSWER
from bot.telegram.links import ANSWER_LINK, DEBATE_LINK, start_link
from bot.telegram.rendering import as_html
from bot.translation import interface_language, translator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiogram import Bot

    from bot.conversation.answers import Kept
    from bot.conversation.desk import Desk, Given
    from bot.worker import Worker
    from index.answering.advice import Excerpt, SideOfAnswer

logger = logging.getLogger(__name__)
router = Router(name="inline")

_PAGE = 8
_CACHE_S = 60
_DESCRIPTION_LENGTH = 120
_NAME_BYTES = 12
_WHOLE = "w"


@dataclass(frozen=True, slots=True)
class _Page:
    """What is offered, and where what follows begins, if anything does."""

    results: list[InlineQueryResultArticle]
    following: str = ""


@router.inline_query()
async def on_inline(
    query: InlineQuery, bot: Bot, desk: Desk, worker: Worker, language: str
) -> None:
    """Offer both sides first, then single excerpts; the debates where nothing is asked yet."""
    start = int(query.offset) if query.offset.isascii() and query.offset.isdigit() else 0
    question = query.query.strip()
    try:
        if question:
            page = await _answer(question, query, bot, desk, language, start)
        else:
            page = await _debates(worker, bot, language, start)
    except CANNOT_ANSWER:
        await _send(query, _Page([]), _("I cannot answer just now – ask me in private"))
        return
    empty = not page.results and start == 0
    await _send(query, page, _("I have nothing on this – ask me in private") if empty else None)


@router.chosen_inline_result()
async def on_chosen(chosen: ChosenInlineResult, desk: Desk) -> None:
    """Count a result that was chosen as helpful, and keep its answer as long as any other."""
    name, _dot, place = chosen.result_id.partition(".")
    person = chosen.from_user.id
    if await desk.answers.find(name) is None:
        return
    number = int(place) if place.isdigit() else None
    await desk.feedback.note(name, number, person, Verdict.CHOSEN)
    await desk.answers.prolong(name, person)


async def _send(query: InlineQuery, page: _Page, button: str | None) -> None:
    try:
        await query.answer(
            [*page.results],
            cache_time=_CACHE_S if page.results else 1,
            is_personal=True,
            next_offset=page.following,
            button=InlineQueryResultsButton(text=button, start_parameter="ask") if button else None,
        )
    except TelegramBadRequest as error:
        if "query is too old" not in error.message:
            raise
        logger.info("an inline answer came too late")


async def _answer(
    question: str, query: InlineQuery, bot: Bot, desk: Desk, language: str, start: int
) -> _Page:
    person = query.from_user.id
    username = (await bot.me()).username or ""
    name = name_of(question, person, bot.token)
    given = await desk.in_passing(
        question,
        person,
        lambda advice: interface_language(advice.language, language),
        name,
        Surface.INLINE,
    )
    results = list(_of_answer(given, username))
    more = str(start + _PAGE) if len(results) > start + _PAGE else ""
    return _Page(results[start : start + _PAGE], more)


async def _debates(worker: Worker, bot: Bot, language: str, start: int) -> _Page:
    """Return one result a debate; only those of the page asked for are worked out."""
    username = (await bot.me()).username or ""
    agenda = (await worker.snapshot()).agenda
    results = []
    for debate in agenda.debates[start : start + _PAGE]:
        motion = debate.motion.in_language(language)
        blocks = lay_out(await worker.debate(debate.id), language, agenda)
        link = start_link(username, f"{DEBATE_LINK}{debate.id}")
        key = hashlib.sha256(debate.id.encode()).hexdigest()[:32]
        results.append(_article(f"debate-{key}", motion, _("Both sides"), blocks, link, language))
    more = str(start + _PAGE) if len(agenda.debates) > start + _PAGE else ""
    return _Page(results, more)


def name_of(question: str, person: int, token: str) -> str:
    """Return the name that an answer is kept by: the same while somebody asks the same.

    It is keyed with the bot's token, so that nobody can find out by trying names what was asked.
    """
    digest = hmac.digest(token.encode(), f"{person} {question}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_NAME_BYTES]).decode()


def whole_result(given: Given, username: str) -> InlineQueryResultArticle:
    """Return the result that posts a whole answer."""
    kept = given.kept
    translate = translator(kept.language)
    subject = translate("Both sides") if kept.advice.sides else translate("Excerpts")
    blocks = lay_out(kept.advice, kept.language, given.agenda)
    return _of_kept(kept, _WHOLE, _subject(kept), subject, blocks, username)


def _of_answer(given: Given, username: str) -> Iterator[InlineQueryResultArticle]:
    kept = given.kept
    if not kept.advice.answered:
        return
    yield whole_result(given, username)
    sides = kept.advice.sides
    every = [(*side.excerpts, *side.further) for side in sides]
    for place in range(max(map(len, every), default=0)):
        for side, excerpts in zip(sides, every, strict=True):
            if place < len(excerpts):
                yield _of_excerpt(kept, excerpts[place], side, username)
    for excerpt in kept.advice.background:
        yield _of_excerpt(kept, excerpt, None, username)


def _of_excerpt(
    kept: Kept, excerpt: Excerpt, side: SideOfAnswer | None, username: str
) -> InlineQueryResultArticle:
    language = kept.language
    translate = translator(language)
    heading = side_name(side, language) if side else translate("Background")
    quote = Quote(excerpt.quote, 1, cited(excerpt, language))
    blocks: list[Block] = [Title(_subject(kept)), Heading(heading), quote]
    number = str(kept.number(excerpt))
    return _of_kept(kept, number, heading, excerpt.quote, blocks, username)


def _of_kept(
    kept: Kept, place: str, title: str, description: str, blocks: list[Block], username: str
) -> InlineQueryResultArticle:
    link = start_link(username, f"{ANSWER_LINK}{kept.id}")
    return _article(f"{kept.id}.{place}", title, description, blocks, link, kept.language)


def _article(
    name: str, title: str, description: str, blocks: list[Block], link: str, language: str
) -> InlineQueryResultArticle:
    translate = translator(language)
    short = description[:_DESCRIPTION_LENGTH]
    full = InlineKeyboardButton(text=translate("Full answer in private"), url=link)
    return InlineQueryResultArticle(
        id=name,
        title=title,
        description=short if short == description else short.rsplit(" ", 1)[0] + " …",
        input_message_content=InputTextMessageContent(message_text=as_html(blocks)),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[full]]),
    )


def _subject(kept: Kept) -> str:
    advice = kept.advice
    subject = advice.debate.motion if advice.debate else advice.topic and advice.topic.title
    if subject:
        return subject.in_language(kept.language)
    translate = translator(kept.language)
    return translate("What the documents say")
