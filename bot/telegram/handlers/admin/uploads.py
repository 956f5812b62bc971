"""New documents: an admin sends a file, says what it does not tell of itself, and it is added."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import BaseFilter, Command
from aiogram.types import CallbackQuery, Document, Message
from aiogram.utils.i18n import gettext as _

from bot.keeping.adding import (
    KnownAlready,
    Received,
    add_document,
    discard,
    receive,
    uploads_folder,
)
from bot.keeping.catalogue import CatalogueUnclear
from bot.keeping.removing import DocumentGone
from bot.telegram.handlers.admin.access import ByAdmin, admins_only, is_admin, is_private
from bot.telegram.handlers.admin.buttons import Rebuild, Upload, UploadStep, button, keyboard
from bot.telegram.handlers.admin.waiting_files import WaitingFile, WaitingFiles, key_of
from bot.telegram.rendering import escaped
from index.corpus.formats import FORMATS, Format
from index.corpus.records import Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import InlineKeyboardMarkup

    from bot.settings import Settings
    from bot.state.protocol import Store

logger = logging.getLogger(__name__)
router = admins_only(Router(name="uploads"))

_SUFFIXES = tuple(suffix for suffix, format_ in FORMATS.items() if format_ is not Format.LINES)
_MEGABYTE = 1_000_000
_NAME_LENGTH = 80
_ANSWER_LENGTH = 200
_DOWNLOAD_TIMEOUT_S = 120


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
        if files and (files[0].asks or files[0].heard == message.message_id):
            return {"waiting": files[0]}
        return False


@router.message(F.document, ByAdmin())
async def on_document(message: Message, bot: Bot, store: Store, settings: Settings) -> None:
    """Take a file: look at its name and size, fetch it, read it, and ask what it does not tell."""
    document = message.document
    if document is None or message.from_user is None:
        return
    called = _called(document)
    refusal = _refusal(document, called, settings.upload_limit_mb)
    if refusal:
        await message.answer(escaped(refusal))
        return
    received = await _received(bot, document, called, settings)
    if isinstance(received, str):
        await message.answer(escaped(received))
        return
    known = {"title": received.title, "author": received.author}
    asks = tuple(name for name, value in known.items() if value is None)
    key = key_of(received.digest)
    desk = _Desk(message, WaitingFiles(store, message.from_user.id), settings)
    file = WaitingFile(
        key, received.file, called, received.title, received.author, asks, received.passages
    )
    before = await desk.files.all()
    if any(one.key == key for one in before):
        # sent twice, or handled anew after a restart: what was answered stays answered
        await desk.go_on()
        return
    await desk.files.keep(file)
    if before and asks and before[0].asks:
        await message.answer(
            escaped(_("“{name}” can be read, and comes next.").format(name=called))
        )
        return
    await desk.go_on()


@router.message(Answers())
async def on_answer(
    message: Message, waiting: WaitingFile, store: Store, settings: Settings
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
    desk = _Desk(message, WaitingFiles(store, message.from_user.id), settings)
    if waiting.heard != message.message_id:
        await desk.files.keep(waiting.answered(text, message.message_id))
    await desk.go_on()


@router.message(Command("cancel"), ByAdmin())
async def on_cancel(message: Message, store: Store, settings: Settings) -> None:
    """Drop the file that something is asked about."""
    if message.from_user is None:
        return
    desk = _Desk(message, WaitingFiles(store, message.from_user.id), settings)
    files = await desk.files.all()
    if not files:
        await message.answer(escaped(_("No file of yours is waiting.")))
        return
    await desk.drop(files[0])


@router.callback_query(Upload.filter())
async def on_step(
    query: CallbackQuery, callback_data: Upload, store: Store, settings: Settings
) -> None:
    """Skip a question, drop a file, or try once more to add it."""
    if not isinstance(query.message, Message):
        await query.answer(_("This message is too old; send the file once more."))
        return
    desk = _Desk(query.message, WaitingFiles(store, query.from_user.id), settings)
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


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one admin's files are dealt with, one after the other."""

    message: Message
    files: WaitingFiles
    settings: Settings

    async def go_on(self) -> None:
        """Add whatever nothing is left to ask about, then ask about the next one."""
        for file in await self.files.all():
            if file.asks:
                await self._ask(file)
                return
            if not await self._add(file):
                return

    async def drop(self, file: WaitingFile) -> None:
        """Forget a file, and go on with the next."""
        await self._forget(file)
        await self._say(_("“{name}” is dropped; nothing has changed.").format(name=file.called))
        await self.go_on()

    async def _ask(self, file: WaitingFile) -> None:
        asked = file.asks[0]
        questions = {
            "title": _("“{name}” tells no title. What is it called?"),
            "author": _("“{name}” tells no author. Who wrote it?"),
        }
        skip = Upload(step=UploadStep.SKIP, file=file.key, asked=asked)
        cancel = Upload(step=UploadStep.CANCEL, file=file.key)
        row = [button(_("Skip"), skip), button(_("Do not add it"), cancel)]
        text = questions[asked].format(name=file.title or file.called)
        await self._say(text, keyboard(row))

    async def _add(self, file: WaitingFile) -> bool:
        """Add a file; return whether it is dealt with, one way or another."""
        day = datetime.now(UTC).date().isoformat()
        card = Card(file.title, file.author, origin=f"sent to the bot on {day} as {file.called}")
        settings = self.settings
        again = Upload(step=UploadStep.AGAIN, file=file.key)
        cancel = Upload(step=UploadStep.CANCEL, file=file.key)
        try:
            document = await asyncio.to_thread(
                add_document, settings.corpus, settings.data, file.file, card
            )
        except KnownAlready as known:
            text = _known(str(known))
        except DocumentGone:
            text = _("“{name}” is gone; please send it once more.").format(name=file.called)
        except CorpusError as error:
            text = _unreadable(file.called, error)
        except (CatalogueUnclear, OSError) as error:
            row = [button(_("Try again"), again), button(_("Do not add it"), cancel)]
            await self._say(_not_written(error), keyboard(row))
            return False
        else:
            logger.info("a document of %d passages was added", file.passages)
            text = _(
                "Added: {title} ({count} passages), as {document}. It is quoted once the index "
                "is rebuilt."
            ).format(title=file.title or file.called, count=file.passages, document=document)
            await self._say(text, keyboard([button(_("Rebuild the index"), Rebuild())]))
            await self._forget(file)
            return True
        await self._say(text)
        await self._forget(file)
        return True

    async def _forget(self, file: WaitingFile) -> None:
        await self.files.drop(file)
        await asyncio.to_thread(discard, self.settings.data, file.file)

    async def _say(self, text: str, rows: InlineKeyboardMarkup | None = None) -> None:
        await self.message.answer(escaped(text), reply_markup=rows)


async def _received(
    bot: Bot, document: Document, called: str, settings: Settings
) -> Received | str:
    """Fetch and read a file; return what it tells, or in words why it cannot be taken."""
    suffix = _suffix(document)
    part = None
    try:
        folder = await asyncio.to_thread(uploads_folder, settings.data)
        part = folder / f"{secrets.token_hex(8)}.part"
        await bot.download(document, part, timeout=_DOWNLOAD_TIMEOUT_S)
        if part.stat().st_size > settings.upload_limit_mb * _MEGABYTE:
            return _too_large(called, settings.upload_limit_mb)
        return await asyncio.to_thread(receive, settings.corpus, settings.data, part, suffix)
    except KnownAlready as known:
        return _known(str(known))
    except CorpusError as error:
        return _unreadable(called, error)
    except (TelegramAPIError, TimeoutError) as error:
        logger.warning("a file could not be fetched: %s", type(error).__name__)
        return _("“{name}” could not be fetched from Telegram; please send it once more.").format(
            name=called
        )
    except OSError as error:
        return _not_written(error)
    finally:
        if part:
            part.unlink(missing_ok=True)


def _refusal(document: Document, called: str, limit_mb: int) -> str | None:
    """Return why a file is not even fetched."""
    if _suffix(document) not in _SUFFIXES:
        return _("“{name}” is no file that I can read. Send one of these: {formats}.").format(
            name=called, formats=", ".join(_SUFFIXES)
        )
    if (document.file_size or 0) > limit_mb * _MEGABYTE:
        return _too_large(called, limit_mb)
    return None


def _suffix(document: Document) -> str:
    return PurePosixPath(document.file_name or "").suffix.lower()


def _called(document: Document) -> str:
    """Return what the sender calls a file, on one line, to show and never to open."""
    name = "".join(filter(str.isprintable, " ".join((document.file_name or "").split())))
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def _too_large(called: str, limit_mb: int) -> str:
    return _("“{name}” is larger than {limit} MB, which is the limit.").format(
        name=called, limit=limit_mb
    )


def _known(document: str) -> str:
    return _("The corpus has this already, as {document}; nothing has changed.").format(
        document=document
    )


def _unreadable(called: str, error: CorpusError) -> str:
    return _("“{name}” cannot be read: {reason}. Nothing has changed.").format(
        name=called, reason=str(error).rstrip(".")
    )


def _not_written(error: Exception) -> str:
    reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else error
    return _("The corpus cannot be changed: {reason}. Nothing has changed.").format(reason=reason)
