"""Guides of the corpus, walked step by step; ticks are a person's own, the list can be exported."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.utils.i18n import gettext as _

from bot.dossier.composing import from_walk
from bot.layout.guides import DONE, OPEN, overview, step_blocks
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import ExportGuide, Form, ShowStep
from bot.telegram.dossiers import send_dossier
from bot.telegram.editing import edit_tapped
from bot.telegram.keyboards import Row, button
from bot.telegram.links import GUIDE_LINK, start_link
from bot.telegram.offers import Opens
from bot.telegram.rendering import as_html, escaped
from bot.telegram.views import Shown
from index.guides.records import Guide
from index.guides.walking import walk

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message

    from bot.conversation.ticks import Ticks
    from bot.dossier.records import Dossier
    from bot.worker import Worker
    from index.answering.advisor import Advisor
    from index.storage.protocol import Snapshot

router = Router(name="guides")


@router.message(Opens(Guide))
async def on_guide(message: Message, guide: Guide, bot: Bot, ticks: Ticks, language: str) -> None:
    """Open a guide; ticks are personal, so in a group the way to the private chat is shown."""
    if message.chat.type != ChatType.PRIVATE:
        link = start_link((await bot.me()).username or "", f"{GUIDE_LINK}{guide.id}")
        text = _("Ticks are yours alone, so this opens in our private chat.")
        row = [InlineKeyboardButton(text=guide.title.in_language(language), url=link)]
        await message.reply(escaped(text), reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
        return
    person = message.from_user.id if message.from_user else message.chat.id
    shown = overview_page(guide, await ticks.of(person, guide.id), language)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(ShowStep.filter())
async def on_step(
    query: CallbackQuery,
    callback_data: ShowStep,
    bot: Bot,
    worker: Worker,
    ticks: Ticks,
    language: str,
) -> None:
    """Show a step or the overview, after exchanging a tick where that is asked for."""
    try:
        snapshot = await worker.snapshot()
    except CANNOT_ANSWER as error:
        await query.answer(apology(error))
        return
    guide = _find(snapshot, callback_data.guide)
    if guide is None or callback_data.step >= len(guide.steps):
        await query.answer(_("This guide has changed. Please open it again."), show_alert=True)
        return
    person = query.from_user.id
    if callback_data.tick:
        step = guide.steps[max(0, callback_data.step)]
        ticked = await ticks.exchange(person, guide.id, step.id)
    else:
        ticked = await ticks.of(person, guide.id)
    await query.answer()
    if callback_data.step < 0:
        await edit_tapped(query, bot, overview_page(guide, ticked, language))
    else:
        await edit_tapped(query, bot, _step(snapshot, guide, callback_data.step, ticked, language))


@router.callback_query(ExportGuide.filter())
async def on_export(
    query: CallbackQuery, callback_data: ExportGuide, worker: Worker, ticks: Ticks, language: str
) -> None:
    """Send the list with the person's ticks as a file."""
    name, ticked = callback_data.guide, await ticks.of(query.from_user.id, callback_data.guide)
    today = datetime.now(UTC).date()

    def composed(advisor: Advisor) -> Dossier:
        guide = _find(advisor.snapshot, name)
        if guide is None:
            raise ValueError(f"no guide is called {name!r}")
        return from_walk(guide, walk(advisor.snapshot, guide), ticked, language, today)

    await send_dossier(query, worker, composed, callback_data.form)


def overview_page(guide: Guide, ticked: Collection[str], language: str) -> Shown:
    """Return a guide's overview with a button for each step."""
    rows: list[Row] = [
        [
            button(
                f"{DONE if step.id in ticked else OPEN} {step.title.in_language(language)}",
                ShowStep(guide=guide.id, step=at),
            )
        ]
        for at, step in enumerate(guide.steps)
    ]
    rows.append(_exports(guide))
    text = as_html(overview(guide, ticked, language))
    return Shown(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _step(
    snapshot: Snapshot, guide: Guide, at: int, ticked: Collection[str], language: str
) -> Shown:
    step = walk(snapshot, guide)[at]
    done = step.step.id in ticked
    tick = _("Open again") if done else _("Done")
    turn: Row = [button(_("Overview"), ShowStep(guide=guide.id))]
    if at > 0:
        turn.insert(0, button("◀", ShowStep(guide=guide.id, step=at - 1)))
    if at + 1 < len(guide.steps):
        turn.append(button("▶", ShowStep(guide=guide.id, step=at + 1)))
    rows = [
        [button(f"{OPEN if done else DONE} {tick}", ShowStep(guide=guide.id, step=at, tick=True))],
        turn,
    ]
    text = as_html(step_blocks(guide, step, at, ticked, language))
    return Shown(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _exports(guide: Guide) -> Row:
    return [
        button(_("As PDF"), ExportGuide(guide=guide.id, form=Form.PDF)),
        button(_("As web page"), ExportGuide(guide=guide.id, form=Form.HTML)),
    ]


def _find(snapshot: Snapshot, name: str) -> Guide | None:
    return next((guide for guide in snapshot.guides if guide.id == name), None)
