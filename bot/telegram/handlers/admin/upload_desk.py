"""Where one admin's files are dealt with: asked about, added, dropped, one after the other."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiogram.utils.i18n import gettext as _

from bot.keeping.adding import KnownAlready, add_document, discard
from bot.keeping.catalogue import CatalogueUnclear
from bot.keeping.removing import DocumentGone
from bot.telegram.handlers.admin.buttons import Rebuild, Upload, UploadStep, button, keyboard
from bot.telegram.handlers.admin.waiting_files import asked_about
from bot.telegram.rendering import escaped
from bot.translation import said
from index.corpus.records import Card
from index.errors import DocumentError

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardMarkup, Message

    from bot.settings import Settings
    from bot.telegram.handlers.admin.waiting_files import WaitingFile, WaitingFiles

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one admin's files are dealt with, one after the other."""

    message: Message
    files: WaitingFiles
    settings: Settings
    language: str

    async def go_on(self, *, ask: bool = True) -> None:
        """Add whatever nothing is left to ask about, then ask about the next one."""
        for file in await self.files.all():
            if not file.asks and not await self._add(file):
                break
        waiting = asked_about(await self.files.all())
        if ask and waiting:
            await self._ask(waiting)

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
            text = known_text(str(known))
        except DocumentGone:
            text = _("“{name}” is gone; please send it once more.").format(name=file.called)
        except DocumentError as error:
            text = unreadable_text(file.called, error, self.language)
        except (CatalogueUnclear, OSError) as error:
            row = [button(_("Try again"), again), button(_("Do not add it"), cancel)]
            await self._say(not_written_text(error), keyboard(row))
            return False
        else:
            logger.info("a document of %d passages was added", file.passages)
            text = _(
                "Added: {title} (passages: {count}), as {document}. It is quoted once the index "
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


def known_text(document: str) -> str:
    """Return what is said of a file that the corpus has."""
    return _("The corpus has this already, as {document}; nothing has changed.").format(
        document=document
    )


def unreadable_text(called: str, error: DocumentError, language: str) -> str:
    """Return what is said of a file that cannot be read."""
    return _("“{name}” cannot be read: {reason}. Nothing has changed.").format(
        name=called, reason=said(error.remark, language)
    )


def not_written_text(error: Exception) -> str:
    """Return what is said where a folder or the catalogue cannot be changed."""
    reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else error
    return _("The corpus cannot be changed: {reason}. Nothing has changed.").format(reason=reason)
