"""Inline queries: `@bot question` in any chat."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from aiogram.utils.i18n import gettext as _

from bot.layout import Block, Heading, Quote, Title, cited, lay_out, side_name
from bot.telegram.rendering import as_html
from bot.translation import interface_language
from bot.worker import Busy, Worker
from index.answering.advisor import PER_SIDE
from index.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.answering.advice import Advice, Excerpt, SideOfAnswer
    from index.debates.loading import Agenda

logger = logging.getLogger(__name__)
router = Router(name="inline")

_PAGE = 8
_PER_SIDE = 8
_CACHE_S = 60
_DESCRIPTION_LENGTH = 120


@router.inline_query()
async def on_inline(query: InlineQuery, worker: Worker, language: str) -> None:
    """Offer both sides first, then single excerpts; the debates where nothing is asked yet."""
    start = int(query.offset) if query.offset.isascii() and query.offset.isdigit() else 0
    try:
        results = await _results(query.query.strip(), worker, language, start)
    except (SnapshotError, TimeoutError, Busy):
        await _send(query, [], "", _("I cannot answer just now – ask me in private"))
        return
    page = results[start : start + _PAGE]
    following = str(start + _PAGE) if len(results) > start + _PAGE else ""
    nothing = _("I have nothing on this – ask me in private") if not results else None
    await _send(query, page, following, nothing)


async def _send(
    query: InlineQuery, page: list[InlineQueryResultArticle], following: str, button: str | None
) -> None:
    try:
        await query.answer(
            [*page],
            cache_time=_CACHE_S if page else 1,
            is_personal=True,
            next_offset=following,
            button=InlineQueryResultsButton(text=button, start_parameter="ask") if button else None,
        )
    except TelegramBadRequest as error:
        if "query is too old" not in error.message:
            raise
        logger.info("an inline answer came too late")


async def _results(
    question: str, worker: Worker, language: str, start: int
) -> list[InlineQueryResultArticle]:
    snapshot = await worker.snapshot()
    if not question:
        return await _debates(worker, snapshot.agenda, language, start)
    advice = await worker.advise(question, _PER_SIDE)
    shown = interface_language(advice.language, language)
    return list(_of_advice(advice, shown, snapshot.agenda))


async def _debates(
    worker: Worker, agenda: Agenda, language: str, start: int
) -> list[InlineQueryResultArticle]:
    """Return one result a debate; only those of the page asked for are worked out."""
    results: list[InlineQueryResultArticle] = []
    for place, debate in enumerate(agenda.debates):
        motion = debate.motion.in_language(language)
        blocks: list[Block] = [Title(motion)]
        if start <= place < start + _PAGE:
            blocks = lay_out(await worker.debate(debate.id), language, agenda)
        results.append(_article(f"debate {debate.id}", motion, _("Both sides"), blocks))
    return results


def _of_advice(advice: Advice, language: str, agenda: Agenda) -> Iterator[InlineQueryResultArticle]:
    if not advice.answered:
        return
    whole = lay_out(_shortened(advice), language, agenda)
    subject = advice.debate.motion if advice.debate else advice.topic and advice.topic.title
    name = subject.in_language(language) if subject else _("What the documents say")
    yield _article("whole", name, _("Both sides") if advice.sides else _("Excerpts"), whole)
    longest = max((len(side.excerpts) for side in advice.sides), default=0)
    for place in range(longest):
        for side in advice.sides:
            if place < len(side.excerpts):
                yield _of_excerpt(side.excerpts[place], side, name, language)
    for excerpt in advice.background:
        yield _of_excerpt(excerpt, None, name, language)


def _of_excerpt(
    excerpt: Excerpt, side: SideOfAnswer | None, name: str, language: str
) -> InlineQueryResultArticle:
    heading = side_name(side, language) if side else _("Background")
    quote = Quote(excerpt.quote, 1, cited(excerpt, language))
    blocks: list[Block] = [Title(name), Heading(heading), quote]
    key = f"{heading} {excerpt.document} {excerpt.start} {excerpt.end}"
    return _article(key, heading, excerpt.quote, blocks)


def _article(
    key: str, title: str, description: str, blocks: list[Block]
) -> InlineQueryResultArticle:
    short = description[:_DESCRIPTION_LENGTH]
    return InlineQueryResultArticle(
        id=hashlib.sha256(key.encode()).hexdigest()[:32],
        title=title,
        description=short if short == description else short.rsplit(" ", 1)[0] + " …",
        input_message_content=InputTextMessageContent(message_text=as_html(blocks)),
    )


def _shortened(advice: Advice) -> Advice:
    """Return the answer with as many excerpts as a chat shows."""
    sides = tuple(replace(side, excerpts=side.excerpts[:PER_SIDE]) for side in advice.sides)
    return replace(advice, sides=sides)
