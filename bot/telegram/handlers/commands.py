"""The commands that explain: start, help, sources, new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import InlineKeyboardMarkup
from aiogram.utils.i18n import gettext as _

from bot.conversation.desk import Desk, Where
from bot.layout import sources_blocks
from bot.telegram.addressing import command
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import ListDebates
from bot.telegram.handlers.guides import overview_page
from bot.telegram.keyboards import button, debate_row
from bot.telegram.links import ANSWER_LINK, DEBATE_LINK, GUIDE_LINK
from bot.telegram.rendering import as_html, escaped
from bot.telegram.views import Shown, whole_answer
from index.errors import SnapshotError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message

    from bot.conversation.ticks import Ticks
    from bot.worker import Worker

router = Router(name="commands")

_EXAMPLES = 3


@router.message(CommandStart(deep_link=True, ignore_case=True))
async def on_link(
    message: Message,
    command: CommandObject,
    desk: Desk,
    ticks: Ticks,
    worker: Worker,
    language: str,
) -> None:
    """Show what a deep link names: an answer, a debate, a guide; or greet."""
    payload = command.args or ""
    try:
        shown = await _linked(payload, message, desk, ticks, worker, language)
    except CANNOT_ANSWER as error:
        shown = Shown(escaped(apology(error)))
    if shown is None:
        await on_start(message, worker, language)
        return
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.message(CommandStart(ignore_case=True))
async def on_start(message: Message, worker: Worker, language: str) -> None:
    """Greet, and offer examples to tap."""
    text = _(
        "Ask me a question that can be answered with yes or no. I show the strongest excerpts for "
        "and against from my documents, word for word and with their source, and say so where I "
        "have nothing. I give no verdict of my own."
    )
    try:
        debates = (await worker.snapshot()).agenda.debates
    except SnapshotError:
        debates = ()
    if not debates:
        await message.answer(escaped(text))
        return
    text += "\n\n" + _("Write in any language, or tap an example:")
    rows = [debate_row(debate, language) for debate in debates[:_EXAMPLES]]
    if len(debates) > _EXAMPLES:
        rows.append([button(_("All debates"), ListDebates(page=0))])
    await message.answer(escaped(text), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@router.message(command("help"))
async def on_help(message: Message, bot: Bot, worker: Worker, language: str) -> None:
    """Say how the bot is used."""
    me = await bot.me()
    lines = [
        *([_("Here, any text is a question.")] if message.chat.type == ChatType.PRIVATE else ()),
        _(
            "A follow-up such as “and what about costs?” goes on from your last question; "
            "/new starts afresh."
        ),
        _("Edit your question, and I edit my answer."),
        _(
            "In groups: /ask and the question, a mention of me, or a reply to me. "
            "/ask in reply to a question answers that one."
        ),
        _("In any chat: type @{name} and a question, then pick a result.").format(name=me.username),
        _("/debates lists what I know, /sources the documents, /privacy what is kept."),
    ]
    try:
        offers = (await worker.snapshot()).guidebook.menu(language)
    except SnapshotError:
        offers = ()
    lines += [f"/{name}: {description}" for name, description in offers]
    await message.answer(escaped("\n".join(lines)))


@router.message(command("sources"))
async def on_sources(message: Message, worker: Worker, language: str) -> None:
    """List the documents."""
    try:
        snapshot = await worker.snapshot()
    except CANNOT_ANSWER as error:
        await message.answer(escaped(apology(error)))
        return
    await message.answer(as_html(sources_blocks(snapshot.records.documents(), language)))


@router.message(command("new"))
async def on_new(message: Message, desk: Desk) -> None:
    """Forget the last question, so that the next one stands alone."""
    person = message.from_user.id if message.from_user else message.chat.id
    where = Where(message.chat.id, person, message.message_thread_id)
    await desk.memory.clear(where.chat, where.person, where.thread)
    text = _("A fresh start: your next question stands alone.")
    if message.chat.type == ChatType.PRIVATE:
        await message.answer(escaped(text))
    else:
        await message.reply(escaped(text))


async def _linked(
    payload: str, message: Message, desk: Desk, ticks: Ticks, worker: Worker, language: str
) -> Shown | None:
    """Return what a payload names, `None` where it names nothing that is still there."""
    person = message.from_user.id if message.from_user else message.chat.id
    snapshot = await worker.snapshot()
    if payload.startswith(ANSWER_LINK):
        kept = await desk.answers.find(payload.removeprefix(ANSWER_LINK))
        if kept is None:
            return Shown(escaped(_("This answer is no longer kept. Please ask again.")))
        return whole_answer(kept, snapshot.agenda)
    if payload.startswith(DEBATE_LINK):
        where = Where(message.chat.id, person)
        try:
            given = await desk.debate(payload.removeprefix(DEBATE_LINK), where, language)
        except ValueError:
            return None
        return whole_answer(given.kept, given.agenda)
    if payload.startswith(GUIDE_LINK):
        name = payload.removeprefix(GUIDE_LINK)
        for guide in snapshot.guides:
            if guide.id == name:
                return overview_page(guide, await ticks.of(person, name), language)
    return None
