"""The debates of the corpus: a list to turn and to tap, each opens its two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import InlineKeyboardMarkup, Message
from aiogram.utils.i18n import gettext as _

from bot.conversation.desk import Desk, Where
from bot.layout import Block, Note, Paragraph, Title
from bot.telegram.addressing import command
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import ListDebates, ShowDebate
from bot.telegram.editing import edit_tapped
from bot.telegram.keyboards import button, debate_row
from bot.telegram.rendering import as_html, escaped
from bot.telegram.views import Shown, whole_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram import Bot
    from aiogram.types import CallbackQuery

    from bot.worker import Worker
    from index.debates.records import Debate

router = Router(name="debates")

_PAGE = 8


@router.message(command("debates"))
async def on_debates(message: Message, worker: Worker, language: str) -> None:
    """List the debates, to tap."""
    try:
        debates = (await worker.snapshot()).agenda.debates
    except CANNOT_ANSWER as error:
        await message.answer(escaped(apology(error)))
        return
    shown = list_page(debates, 0, language)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(ListDebates.filter())
async def on_page(
    query: CallbackQuery, callback_data: ListDebates, bot: Bot, worker: Worker, language: str
) -> None:
    """Turn the list's page; one that is no more becomes the last."""
    try:
        debates = (await worker.snapshot()).agenda.debates
    except CANNOT_ANSWER as error:
        await query.answer(apology(error))
        return
    await query.answer()
    await edit_tapped(query, bot, list_page(debates, callback_data.page, language))


@router.callback_query(ShowDebate.filter())
async def on_debate(
    query: CallbackQuery, callback_data: ShowDebate, desk: Desk, language: str
) -> None:
    """Show both sides of a debate that was tapped, in a message of its own."""
    if not isinstance(query.message, Message):
        await query.answer(_("Please ask for /debates again; this list is too old."))
        return
    where = Where(query.message.chat.id, query.from_user.id, query.message.message_thread_id)
    try:
        given = await desk.debate(callback_data.name, where, language)
    except ValueError:
        await query.answer(_("This debate is no longer here; /debates shows the current ones."))
        return
    except CANNOT_ANSWER as error:
        await query.answer(apology(error))
        return
    await query.answer()
    shown = whole_answer(given.kept, given.agenda)
    sent = await query.message.answer(shown.text, reply_markup=shown.keyboard)
    # a reply to the answer goes on from it
    await desk.answers.place(where.chat, sent.message_id, given.kept, sent.message_id, where.person)


def list_page(debates: Sequence[Debate], page: int, language: str) -> Shown:
    """Return a page of the list, with a button for each debate."""
    if not debates:
        return Shown(escaped(_("No debate is described for these documents.")))
    pages = -(-len(debates) // _PAGE)
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [Title(_("Debates")), Paragraph(_("Tap one to see both sides."))]
    if pages > 1:
        blocks.append(Note(_("Page {page} of {pages}").format(page=page + 1, pages=pages)))
    rows = [debate_row(one, language) for one in debates[page * _PAGE : (page + 1) * _PAGE]]
    turn = [
        button(sign, ListDebates(page=to))
        for sign, to in (("◀", page - 1), ("▶", page + 1))
        if 0 <= to < pages
    ]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[row for row in (*rows, turn) if row])
    return Shown(as_html(blocks), keyboard)
