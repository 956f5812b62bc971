"""The commands that explain: start, help, sources, debates, privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.utils.i18n import gettext as _

from bot.layout import Block, Paragraph, Title, sources_blocks
from bot.telegram.handlers.questions import DEBATE
from bot.telegram.rendering import as_html, escaped
from index.errors import SnapshotError

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.worker import Worker
    from index.debates.records import Debate

router = Router(name="commands")

_BUTTON_LENGTH = 60
_BUTTONS = 40


@router.message(CommandStart())
async def on_start(message: Message, worker: Worker, language: str) -> None:
    """Greet, and offer an example to tap."""
    text = _(
        "Ask me a question that can be answered with yes or no. I show the strongest excerpts for "
        "and against from my documents, word for word and with their source, and say so where I "
        "have nothing. I give no verdict of my own."
    )
    try:
        debates = (await worker.snapshot()).agenda.debates[:1]
    except SnapshotError:
        debates = ()
    if debates:
        text += "\n\n" + _("Write in any language, or tap an example:")
    await message.answer(escaped(text), reply_markup=_keyboard(debates, language))


@router.message(Command("help"))
async def on_help(message: Message, bot: Bot) -> None:
    """Say how the bot is used."""
    me = await bot.me()
    lines = [
        _("Here, any text is a question."),
        _("In groups: /ask and the question, a mention of me, or a reply to me."),
        _("In any chat: type @{name} and a question, then pick a result.").format(name=me.username),
        _("/debates lists what I know, /sources the documents, /privacy what is kept."),
    ]
    await message.answer(escaped("\n".join(lines)))


@router.message(Command("sources"))
async def on_sources(message: Message, worker: Worker, language: str) -> None:
    """List the documents."""
    try:
        snapshot = await worker.snapshot()
    except SnapshotError:
        await message.answer(escaped(_no_index()))
        return
    await message.answer(as_html(sources_blocks(snapshot.records.documents(), language)))


@router.message(Command("debates"))
async def on_debates(message: Message, worker: Worker, language: str) -> None:
    """List the debates, to tap."""
    try:
        debates = (await worker.snapshot()).agenda.debates
    except SnapshotError:
        await message.answer(escaped(_no_index()))
        return
    if not debates:
        await message.answer(escaped(_("No debate is described for these documents.")))
        return
    blocks: list[Block] = [Title(_("Debates")), Paragraph(_("Tap one to see both sides."))]
    if len(debates) > _BUTTONS:
        more = _("And {count} more: simply ask.").format(count=len(debates) - _BUTTONS)
        blocks.append(Paragraph(more))
    await message.answer(as_html(blocks), reply_markup=_keyboard(debates[:_BUTTONS], language))


@router.message(Command("privacy"))
async def on_privacy(message: Message) -> None:
    """Say what is kept of a person."""
    text = _(
        "I keep nothing of what you write: your question is answered and forgotten. My log holds "
        "counts and milliseconds, no texts and no names. To hold back floods I remember for a "
        "minute that your account has asked; that is never written to disk."
    )
    await message.answer(escaped(text))


def _no_index() -> str:
    return _("There is no index to answer from yet. An admin can build it with /reindex.")


def _keyboard(debates: tuple[Debate, ...], language: str) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(
                text=_shortened(debate.motion.in_language(language)),
                callback_data=f"{DEBATE}{debate.id}",
            )
        ]
        for debate in debates
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _shortened(text: str) -> str:
    return text if len(text) <= _BUTTON_LENGTH else text[: _BUTTON_LENGTH - 1] + "…"
