"""Answers → messages: the text in Telegram's HTML, and the keyboard under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.layout import fit, lay_out
from bot.layout.pages import (
    context_blocks,
    pages_of,
    side_page,
    sources_of,
    verdict_question,
)
from bot.telegram import keyboards
from bot.telegram.buttons import View
from bot.telegram.rendering import as_html
from index.answering.context import in_context

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardMarkup

    from bot.conversation.answers import Kept
    from bot.telegram.buttons import ShowAnswer
    from index.debates.loading import Agenda
    from index.storage.protocol import Snapshot


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message holds."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None


def whole_answer(kept: Kept, agenda: Agenda) -> Shown:
    """Return an answer as it is given at first."""
    fitted = fit(kept.advice, kept.language, agenda)
    text = as_html(lay_out(fitted, kept.language, agenda, with_buttons=True))
    if kept.advice.answered:
        return Shown(text, keyboards.under_answer(kept, fitted.excerpts()))
    return Shown(text, keyboards.under_nothing(kept, agenda))


def view_of(kept: Kept, wanted: ShowAnswer, snapshot: Snapshot) -> Shown:
    """Return what a button under an answer asks for.

    Raises:
        IndexError: The button names a side, a page or an excerpt that the answer does not have.
    """
    if wanted.view is View.SIDE:
        return _side(kept, wanted)
    if wanted.view is View.CONTEXT:
        return _context(kept, wanted, snapshot)
    if wanted.view is View.SOURCES:
        shown = fit(kept.advice, kept.language, snapshot.agenda).excerpts()
        text = as_html(sources_of(shown, kept.language))
        return Shown(text, keyboards.under_sources(kept))
    if wanted.view is View.DOUBTS:
        shown = fit(kept.advice, kept.language, snapshot.agenda).excerpts()
        text = as_html(verdict_question(shown, kept.language))
        return Shown(text, keyboards.under_doubts(kept, shown))
    return whole_answer(kept, snapshot.agenda)


def _side(kept: Kept, wanted: ShowAnswer) -> Shown:
    side = kept.advice.sides[_place(wanted.side)]
    page = _place(wanted.number)
    _ = pages_of(side)[page]
    text = as_html(side_page(kept.advice, side, page, kept.language))
    return Shown(text, keyboards.under_side(kept, wanted.side, page))


def _context(kept: Kept, wanted: ShowAnswer, snapshot: Snapshot) -> Shown:
    excerpt = kept.excerpts[_place(wanted.number)]
    context = in_context(snapshot.records, excerpt)
    text = as_html(context_blocks(excerpt, context, kept.language))
    keyboard = keyboards.under_context(kept, wanted.number, wanted.side, wanted.back)
    return Shown(text, keyboard)


def _place(number: int) -> int:
    if number < 0:
        raise IndexError(f"no place {number}")
    return number
