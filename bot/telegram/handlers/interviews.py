"""Interviews of the corpus: a few taps, then both sides for just these circumstances.

All answers so far stand in the buttons themselves, so that nothing need be kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import InlineKeyboardMarkup
from aiogram.utils.i18n import gettext as _

from bot.dossier.composing import from_weighing
from bot.layout.guides import question_blocks, weighing_blocks
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import ExportInterview, Form, GoOn
from bot.telegram.dossiers import send_dossier
from bot.telegram.editing import edit_tapped
from bot.telegram.keyboards import Row, button
from bot.telegram.offers import Opens
from bot.telegram.rendering import as_html
from bot.telegram.views import Shown
from index.guides.records import Interview
from index.guides.weighing import Weighing, weigh

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message

    from bot.dossier.records import Dossier
    from bot.worker import Worker
    from index.answering.advisor import Advisor
    from index.storage.protocol import Snapshot

router = Router(name="interviews")


@router.message(Opens(Interview))
async def on_interview(message: Message, interview: Interview, language: str) -> None:
    """Ask the first question."""
    shown = _question(interview, "", language)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(GoOn.filter())
async def on_choice(
    query: CallbackQuery, callback_data: GoOn, bot: Bot, worker: Worker, language: str
) -> None:
    """Ask the next question, or lay out what the documents say for these circumstances."""
    chosen = callback_data.chosen
    try:
        snapshot = await worker.snapshot()
        interview = _find(snapshot, callback_data.name)
        choices = choices_of(interview, chosen)
        if len(choices) < len(interview.questions):
            shown = _question(interview, chosen, language)
        else:
            weighing = await worker.consult(lambda advisor: _weighed(advisor, interview, chosen))
            shown = _result(weighing, chosen, language)
    except ValueError:
        text = _("These questions have changed. Please begin again.")
        await query.answer(text, show_alert=True)
        return
    except CANNOT_ANSWER as error:
        await query.answer(apology(error), show_alert=True)
        return
    await query.answer()
    await edit_tapped(query, bot, shown)


@router.callback_query(ExportInterview.filter())
async def on_export(
    query: CallbackQuery, callback_data: ExportInterview, worker: Worker, language: str
) -> None:
    """Send what the interview came to as a file."""
    today = datetime.now(UTC).date()

    def composed(advisor: Advisor) -> Dossier:
        interview = _find(advisor.snapshot, callback_data.name)
        return from_weighing(_weighed(advisor, interview, callback_data.chosen), language, today)

    await send_dossier(query, worker, composed, callback_data.form)


def choices_of(interview: Interview, chosen: str) -> dict[str, str]:
    """Return the option chosen for each question answered so far.

    Raises:
        ValueError: The interview has no such question or option.
    """
    if len(chosen) > len(interview.questions) or not (chosen + "0").isdecimal():
        raise ValueError(f"{interview.id} has no such answers")
    choices = {}
    for question, digit in zip(interview.questions, chosen, strict=False):
        if int(digit) >= len(question.options):
            raise ValueError(f"{question.id} has no option {digit}")
        choices[question.id] = question.options[int(digit)].id
    return choices


def _weighed(advisor: Advisor, interview: Interview, chosen: str) -> Weighing:
    return weigh(advisor, interview, choices_of(interview, chosen))


def _question(interview: Interview, chosen: str, language: str) -> Shown:
    question = interview.questions[len(chosen)]
    rows: list[Row] = [
        [
            button(
                option.text.in_language(language),
                GoOn(name=interview.id, chosen=f"{chosen}{at}"),
            )
        ]
        for at, option in enumerate(question.options)
    ]
    if chosen:
        rows.append([button("↩ " + _("Back"), GoOn(name=interview.id, chosen=chosen[:-1]))])
    text = as_html(question_blocks(interview, question, language))
    return Shown(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _result(weighing: Weighing, chosen: str, language: str) -> Shown:
    name = weighing.interview.id
    files: Row = [
        button(_("As PDF"), ExportInterview(name=name, chosen=chosen, form=Form.PDF)),
        button(_("As web page"), ExportInterview(name=name, chosen=chosen, form=Form.HTML)),
    ]
    again: Row = [
        button("↩ " + _("Back"), GoOn(name=name, chosen=chosen[:-1])),
        button(_("Begin again"), GoOn(name=name)),
    ]
    text = as_html(weighing_blocks(weighing, language))
    return Shown(text, InlineKeyboardMarkup(inline_keyboard=[files, again]))


def _find(snapshot: Snapshot, name: str) -> Interview:
    for interview in snapshot.interviews:
        if interview.id == name:
            return interview
    raise ValueError(f"no interview is called {name!r}")
