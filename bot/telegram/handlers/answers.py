"""What can be done with an answer: more of it, an excerpt in context, its sources, a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.utils.i18n import gettext as _

from bot.conversation.desk import Desk, Where
from bot.conversation.feedback import Verdict
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import JudgeAnswer, OtherDebate, ShowAnswer, View
from bot.telegram.editing import edit_tapped
from bot.telegram.views import view_of, whole_answer

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery

    from bot.worker import Worker

router = Router(name="answers")

_TOAST = 200
"""Telegram's limit of what appears after a tap."""


@router.callback_query(ShowAnswer.filter())
async def on_show(
    query: CallbackQuery, callback_data: ShowAnswer, bot: Bot, desk: Desk, worker: Worker
) -> None:
    """Show a part of an answer in its message, or all of it again."""
    kept = await desk.answers.find(callback_data.answer)
    if kept is None:
        await query.answer(_gone(), show_alert=True)
        return
    try:
        shown = view_of(kept, callback_data, await worker.snapshot())
    except IndexError:
        await query.answer(_gone(), show_alert=True)
        return
    except CANNOT_ANSWER as error:
        await query.answer(apology(error)[:_TOAST], show_alert=True)
        return
    await query.answer()
    await edit_tapped(query, bot, shown)


@router.callback_query(JudgeAnswer.filter())
async def on_verdict(
    query: CallbackQuery, callback_data: JudgeAnswer, bot: Bot, desk: Desk, worker: Worker
) -> None:
    """Take note of a verdict, and go back to the answer where it was asked for."""
    kept = await desk.answers.find(callback_data.answer)
    number = None if callback_data.number < 0 else callback_data.number
    known = callback_data.verdict in set(Verdict)
    if kept is None or not known or (number or 0) >= max(1, len(kept.excerpts)):
        await query.answer(_gone(), show_alert=True)
        return
    verdict = Verdict(callback_data.verdict)
    new = await desk.feedback.note(kept.id, number, query.from_user.id, verdict)
    await query.answer(_("Thank you, noted.") if new else _("You have said so already."))
    if verdict is not Verdict.HELPFUL:
        back = ShowAnswer(answer=kept.id, view=View.WHOLE)
        await edit_tapped(query, bot, view_of(kept, back, await worker.snapshot()))


@router.callback_query(OtherDebate.filter())
async def on_other_debate(
    query: CallbackQuery, callback_data: OtherDebate, bot: Bot, desk: Desk
) -> None:
    """Answer the same question in the other debate that it may belong to."""
    kept = await desk.answers.find(callback_data.answer)
    number = callback_data.number
    if kept is None or query.message is None or not 0 <= number < len(kept.advice.alternatives):
        await query.answer(_gone(), show_alert=True)
        return
    thread = getattr(query.message, "message_thread_id", None)
    where = Where(query.message.chat.id, query.from_user.id, thread)
    try:
        given = await desk.ask_instead(kept, number, where)
    except ValueError:
        await query.answer(_("This debate is no longer here; /debates shows the current ones."))
        return
    except CANNOT_ANSWER as error:
        await query.answer(apology(error)[:_TOAST], show_alert=True)
        return
    await query.answer()
    await edit_tapped(query, bot, whole_answer(given.kept, given.agenda))


def _gone() -> str:
    return _("This answer is no longer kept. Please ask again.")
