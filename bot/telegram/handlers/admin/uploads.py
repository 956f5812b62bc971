"""New documents: an admin sends a file, says what it does not tell of itself, and it is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message
from aiogram.utils.i18n import gettext as _

from bot.telegram.addressing import command
from bot.telegram.handlers.admin.access import ByAdmin, admins_only, is_admin, is_private
from bot.telegram.handlers.admin.buttons import Upload, UploadStep
from bot.telegram.handlers.admin.upload_desk import Desk
from bot.telegram.handlers.admin.upload_intake import called_name, received, refusal
from bot.telegram.handlers.admin.waiting_files import WaitingFile, WaitingFiles, asked_about
from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.settings import Settings
    from bot.state.protocol import Store

router = admins_only(Router(name="uploads"))

_ANSWER_LENGTH = 200


class Answers(BaseFilter):
    """Passes an admin's text while something is asked about a file of theirs."""

    async def __call__(
        self, message: Message, settings: Settings, store: Store
    ) -> bool | dict[str, WaitingFile]:
        """Tell whether a text answers a question, and pass the file on as `waiting`."""
        if not is_admin(message, settings) or not is_private(message) or not message.from_user:
            return False
        if not message.text or message.text.startswith("/"):
            return False
        files = await WaitingFiles(store, message.from_user.id).all()
        heard = next((file for file in files if file.heard == message.message_id), None)
        waiting = heard or asked_about(files)
        return {"waiting": waiting} if waiting else False


@router.message(F.document, ByAdmin())
async def on_document(
    message: Message, bot: Bot, store: Store, settings: Settings, language: str
) -> None:
    """Take a file: look at its name and size, fetch it, read it, and ask what it does not tell."""
    document = message.document
    if document is None or message.from_user is None:
        return
    called = called_name(document)
    refused = refusal(document, called, settings.upload_limit_mb)
    told = refused or await received(bot, document, called, settings, language)
    if isinstance(told, str):
        await message.answer(escaped(told))
        return
    desk = Desk(message, WaitingFiles(store, message.from_user.id), settings, language)
    file = WaitingFile.of(told, called)
    before = await desk.files.all()
    # sent twice, or handled anew after a restart: what was answered stays answered
    known = any(one.key == file.key for one in before)
    asking = not known and asked_about(before) is not None
    if not known:
        await desk.files.keep(file)
    if asking and file.asks:
        text = _("“{name}” can be read, and comes next.").format(name=called)
        await message.answer(escaped(text))
    await desk.go_on(ask=not asking)


@router.message(Answers())
async def on_answer(
    message: Message, waiting: WaitingFile, store: Store, settings: Settings, language: str
) -> None:
    """Take a text as the title or the author that was asked for."""
    text = " ".join((message.text or "").split())
    if message.from_user is None:
        return
    if len(text) > _ANSWER_LENGTH:
        await message.answer(
            escaped(_("That is too long; at most {count} characters.").format(count=_ANSWER_LENGTH))
        )
        return
    desk = Desk(message, WaitingFiles(store, message.from_user.id), settings, language)
    if waiting.heard != message.message_id:
        await desk.files.keep(waiting.answered(text, message.message_id))
    await desk.go_on()


@router.message(command("cancel"), ByAdmin())
async def on_cancel(message: Message, store: Store, settings: Settings, language: str) -> None:
    """Drop the file that something is asked about."""
    if message.from_user is None:
        return
    desk = Desk(message, WaitingFiles(store, message.from_user.id), settings, language)
    files = await desk.files.all()
    if not files:
        await message.answer(escaped(_("No file of yours is waiting.")))
        return
    await desk.drop(asked_about(files) or files[0])


@router.callback_query(Upload.filter())
async def on_step(
    query: CallbackQuery, callback_data: Upload, store: Store, settings: Settings, language: str
) -> None:
    """Skip a question, drop a file, or try once more to add it."""
    if not isinstance(query.message, Message):
        await query.answer(_("This message is too old; send the file once more."))
        return
    desk = Desk(query.message, WaitingFiles(store, query.from_user.id), settings, language)
    files = await desk.files.all()
    file = next((one for one in files if one.key == callback_data.file), None)
    if file is None:
        await query.answer(_("This file is not waiting any more."))
        return
    if callback_data.step is UploadStep.SKIP and file.asks[:1] != (callback_data.asked,):
        await query.answer(_("That has been answered already."))
        return
    await query.answer()
    if callback_data.step is UploadStep.CANCEL:
        await desk.drop(file)
        return
    if callback_data.step is UploadStep.SKIP:
        await desk.files.keep(file.answered(None))
    await desk.go_on()
