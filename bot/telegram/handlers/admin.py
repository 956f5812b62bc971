"""What only admins may do. Every path asks who it is."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command
from aiogram.utils.i18n import gettext as _

from bot.telegram.rendering import escaped
from index.errors import AudiaturError, BuildInProgress

if TYPE_CHECKING:
    from aiogram.types import Message

    from bot.settings import Settings
    from bot.worker import Worker
    from index.building import BuildReport

logger = logging.getLogger(__name__)
router = Router(name="admin")

_EDIT_EVERY_S = 1.5


@router.message(Command("reindex"))
async def on_reindex(message: Message, worker: Worker, settings: Settings) -> None:
    """Build the index anew, for admins; progress is shown by editing one message."""
    person = message.from_user
    if person is None or message.sender_chat or person.id not in settings.admins:
        await message.answer(escaped(_("Only admins can rebuild the index. Ask one of them.")))
        return
    shown = await message.answer(escaped(_("Rebuilding the index …")))
    progress = _ProgressMessage(shown)
    try:
        report = await worker.rebuild(progress.note)
    except BuildInProgress:
        await progress.finish(_("The index is being rebuilt already. Please wait for that."))
    except AudiaturError as error:
        logger.warning("reindex failed: %s", type(error).__name__)
        await progress.finish(
            _("That failed: {reason}. The old index keeps answering.").format(reason=error)
        )
    except Exception:
        await progress.finish(_("That failed. The old index keeps answering; the log says more."))
        raise
    else:
        await progress.finish(_report_text(report))


def _report_text(report: BuildReport) -> str:
    lines = [
        _(
            "Done: {documents} documents, {passages} passages, {embedded} re-embedded, "
            "{seconds:.1f} s."
        ).format(
            documents=report.documents,
            passages=report.passages,
            embedded=report.embedded,
            seconds=report.seconds,
        )
    ]
    if report.problems:
        lines.append(_("To look at ({count}):").format(count=len(report.problems)))
        lines += [f"• {problem.what}: {problem.reason}" for problem in report.problems[:5]]
    return "\n".join(lines)


class _ProgressMessage:
    """Edits one message as a build goes on, at a pace that Telegram allows."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._edited_s = time.monotonic()
        self._editing: asyncio.Task[None] | None = None
        # translated now: what comes from the build's thread knows no reader's language
        self._texts = {
            "read": _("Reading documents …"),
            "embed": _("Embedding passages …"),
            "learn": _("Learning questions …"),
            "suggest": _("Suggesting sides …"),
            "write": _("Writing the index …"),
            "verify": _("Verifying the index …"),
        }

    def note(self, stage: str, done: int, total: int) -> None:
        """Show a step, unless the last edit was a moment ago or is still under way."""
        now = time.monotonic()
        if now - self._edited_s < _EDIT_EVERY_S or (self._editing and not self._editing.done()):
            return
        self._edited_s = now
        count = f" {done}/{total}" if total else ""
        self._editing = asyncio.ensure_future(self._edit(self._texts[stage] + count))

    async def finish(self, text: str) -> None:
        """Show how it ended, after any edit under way."""
        if self._editing:
            await asyncio.wait({self._editing})
        await self._edit(text)

    async def _edit(self, text: str) -> None:
        try:
            await self._message.edit_text(escaped(text))
        except TelegramBadRequest as error:
            if "message is not modified" not in error.message:
                logger.warning("progress could not be shown: %s", error.message)
