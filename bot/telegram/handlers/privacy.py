"""What is kept of a person, and how it is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import InlineKeyboardMarkup
from aiogram.utils.i18n import gettext as _

from bot.telegram.addressing import command
from bot.telegram.buttons import Forget
from bot.telegram.editing import edit_tapped
from bot.telegram.keyboards import button
from bot.telegram.rendering import escaped
from bot.telegram.views import Shown

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message

    from bot.settings import Settings
    from bot.state.protocol import Store

router = Router(name="privacy")


@router.message(command("privacy"))
async def on_privacy(message: Message, settings: Settings) -> None:
    """Say what is kept of a person, what for and how long."""
    lines = [
        _("What I keep of you, and how long:"),
        "• "
        + _(
            "your questions with their answers, so that the buttons go on working: {days} days"
        ).format(days=settings.keep_days),
        "• "
        + _("your last question, for follow-ups: {minutes} minutes").format(
            minutes=max(1, round(settings.follow_up_s / 60))
        ),
        "• " + _("what you ticked off in a guide, until you take it back"),
        "• "
        + _("that you found an excerpt helpful or not, so as to count it once: {days} days").format(
            days=settings.keep_days
        ),
        _(
            "A question that waits for its answer is kept until it is answered. My log and my "
            "statistics hold counts and milliseconds, no texts and no names."
        ),
        _("/forget deletes all that is kept of you, at once."),
    ]
    await message.answer(escaped("\n".join(lines)))


@router.message(command("forget"))
async def on_forget(message: Message) -> None:
    """Ask whether a person is sure."""
    text = _(
        "Delete your questions and their answers, your ticks and your verdicts? The buttons under "
        "my old answers to you stop working. This cannot be undone."
    )
    person = message.from_user.id if message.from_user else message.chat.id
    row = [
        button(_("Delete all"), Forget(person=person, sure=True)),
        button(_("Keep"), Forget(person=person, sure=False)),
    ]
    await message.answer(escaped(text), reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))


@router.callback_query(Forget.filter())
async def on_decided(query: CallbackQuery, callback_data: Forget, bot: Bot, store: Store) -> None:
    """Delete what is kept of whoever asked for that, or keep it; in a group others see it too."""
    if query.from_user.id != callback_data.person:
        await query.answer(_("Only the person who asked can do that."), show_alert=True)
        return
    if callback_data.sure:
        count = await store.forget(query.from_user.id)
        text = _("Entries deleted: {count}. I know nothing of you any more.").format(count=count)
    else:
        text = _("Nothing was deleted.")
    await query.answer()
    await edit_tapped(query, bot, Shown(escaped(text)))
