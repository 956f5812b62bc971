"""Sends documents to take away, composed off the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.types import BufferedInputFile, Message
from aiogram.utils.i18n import gettext as _

from bot.dossier.html import as_html
from bot.dossier.pdf import as_pdf
from bot.telegram.apologies import CANNOT_ANSWER, apology
from bot.telegram.buttons import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiogram.types import CallbackQuery

    from bot.dossier.records import Dossier
    from bot.worker import Worker
    from index.answering.advisor import Advisor


async def send_dossier(
    query: CallbackQuery, worker: Worker, composed: Callable[[Advisor], Dossier], form: Form
) -> None:
    """Send what is composed as a file; `composed` raises ValueError where its matter is gone."""

    def made(advisor: Advisor) -> tuple[str, bytes]:
        dossier = composed(advisor)
        if form is Form.PDF:
            return f"{dossier.name}.pdf", as_pdf(dossier)
        return f"{dossier.name}.html", as_html(dossier).encode()

    if not isinstance(query.message, Message):
        await query.answer(_("This message is too old. Please begin again."), show_alert=True)
        return
    try:
        name, content = await worker.consult(made)
    except ValueError:
        await query.answer(_("This has changed meanwhile. Please begin again."), show_alert=True)
        return
    except CANNOT_ANSWER as error:
        await query.answer(apology(error), show_alert=True)
        return
    await query.answer()
    await query.message.answer_document(BufferedInputFile(content, name))
