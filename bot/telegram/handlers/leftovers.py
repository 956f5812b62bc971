"""What nothing else takes: unknown commands and buttons, files, pictures, voice messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.enums import ChatType, ContentType
from aiogram.utils.i18n import gettext as _

from bot.telegram.addressing import CommandForMe
from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message

router = Router(name="leftovers")

_PRIVATE = F.chat.type == ChatType.PRIVATE
_NO_TEXT = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""What a person sends that holds no text; all else is a chat's own doing, such as a timer set."""


@router.message(CommandForMe())
async def on_unknown_command(message: Message) -> None:
    """Say what a question looks like, and where commands are listed."""
    if message.chat.type != ChatType.PRIVATE:
        await message.reply(escaped(_("I do not know this command; /help tells which there are.")))
        return
    text = _(
        "I do not know this command; /help tells which there are. Any other text is a question."
    )
    await message.answer(escaped(text))


@router.edited_message(_PRIVATE, F.text.startswith("/"))
async def on_edited_command(message: Message) -> None:
    """Say that an edit carries out no command: what it was before may have been answered."""
    await message.answer(
        escaped(_("I carry out a command only in a new message. Please send it once more."))
    )


@router.message(_PRIVATE, F.document)
async def on_file(message: Message) -> None:
    """Say who may send files, to somebody who may not."""
    await message.answer(
        escaped(_("I take files from admins only. Please write your question as text."))
    )


@router.message(_PRIVATE, F.content_type.in_(_NO_TEXT))
async def on_something_else(message: Message) -> None:
    """Say what can be read, where somebody sends a picture or a voice message."""
    await message.answer(escaped(_("I can only read text. Please write your question.")))


@router.callback_query()
async def on_unknown_button(query: CallbackQuery) -> None:
    """Say that a button is from another time, so that it does not go on blinking."""
    await query.answer(_("This button no longer works. Please ask again."), show_alert=True)
