"""The documents, for admins: a list to tap, a card each, removal behind a question, and undo."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.utils.i18n import gettext as _

from bot.keeping.catalogue import CatalogueUnclear
from bot.keeping.removing import (
    DocumentGone,
    LastDocument,
    PlaceTaken,
    last_removal,
    put_back,
    remove_document,
)
from bot.telegram.addressing import command
from bot.telegram.editing import edit_tapped
from bot.telegram.handlers.admin.access import ByAdmin, admins_only
from bot.telegram.handlers.admin.buttons import (
    ListSources,
    RemoveSource,
    RestoreSource,
    ShowSource,
    key_of,
)
from bot.telegram.handlers.admin.source_views import (
    card_view,
    list_view,
    question_view,
    removed_view,
    restored_view,
)
from bot.telegram.rendering import escaped
from bot.telegram.views import Shown
from index.errors import SnapshotError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message

    from bot.settings import Settings
    from bot.worker import Worker
    from index.storage.protocol import Snapshot
    from index.storage.records import Entry

logger = logging.getLogger(__name__)
router = admins_only(Router(name="sources"))


@router.message(command("sources"), ByAdmin())
async def on_sources(message: Message, worker: Worker) -> None:
    """List the documents, to tap."""
    shown = await _list(worker, 0)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(ListSources.filter())
async def on_page(
    query: CallbackQuery, callback_data: ListSources, bot: Bot, worker: Worker
) -> None:
    """Turn to a page of the list."""
    await edit_tapped(query, bot, await _list(worker, callback_data.page))
    await query.answer()


@router.callback_query(ShowSource.filter())
async def on_source(
    query: CallbackQuery, callback_data: ShowSource, bot: Bot, worker: Worker, language: str
) -> None:
    """Show what is known of a document, and what rests on it."""
    snapshot, entry = await _found(worker, callback_data.document)
    if snapshot is None or entry is None:
        await query.answer(_gone())
        return
    await edit_tapped(query, bot, card_view(snapshot, entry, language))
    await query.answer()


@router.callback_query(RemoveSource.filter())
async def on_remove(
    query: CallbackQuery,
    callback_data: RemoveSource,
    bot: Bot,
    worker: Worker,
    settings: Settings,
    language: str,
) -> None:
    """Ask whether a document should go, naming what is lost with it; once that is said, remove."""
    snapshot, entry = await _found(worker, callback_data.document)
    if snapshot is None or entry is None:
        await query.answer(_gone())
        return
    if not callback_data.sure:
        await edit_tapped(query, bot, question_view(snapshot, entry, language))
        await query.answer()
        return
    others = [one.id for one in snapshot.records.documents() if one.id != entry.id]
    try:
        removal = await asyncio.to_thread(
            remove_document, settings.corpus, settings.data, entry.id, others
        )
        name: str | None = removal.name
        logger.info("a document was removed")
    except DocumentGone:
        # by another admin, or by this tap before a restart
        name = await asyncio.to_thread(last_removal, settings.data, entry.id)
    except LastDocument:
        await query.answer(_("The last document stays: without any, I could not answer."))
        return
    except (CatalogueUnclear, OSError) as error:
        await query.answer(_failed(error), show_alert=True)
        return
    await edit_tapped(query, bot, removed_view(entry, name))
    await query.answer()


@router.callback_query(RestoreSource.filter())
async def on_restore(
    query: CallbackQuery, callback_data: RestoreSource, bot: Bot, settings: Settings
) -> None:
    """Put a removed document back."""
    try:
        removal = await asyncio.to_thread(
            put_back, settings.corpus, settings.data, callback_data.removal
        )
    except DocumentGone:
        await query.answer(_("That has been put back already."))
        return
    except PlaceTaken:
        await query.answer(_("Another file has its name by now; rename that first."))
        return
    except (CatalogueUnclear, OSError) as error:
        await query.answer(_failed(error), show_alert=True)
        return
    await edit_tapped(query, bot, restored_view(removal.document))
    await query.answer()


async def _list(worker: Worker, page: int) -> Shown:
    try:
        return list_view((await worker.snapshot()).records.documents(), page)
    except SnapshotError:
        return Shown(escaped(_("There is no index yet; /reindex builds it.")))


async def _found(worker: Worker, key: str) -> tuple[Snapshot | None, Entry | None]:
    """Return the document with a key, looked up among those of the index; none where it is gone."""
    try:
        snapshot = await worker.snapshot()
    except SnapshotError:
        return None, None
    entries = snapshot.records.documents()
    return snapshot, next((entry for entry in entries if key_of(entry.id) == key), None)


def _gone() -> str:
    return _("This document is no longer here; /sources shows those that are.")


def _failed(error: Exception) -> str:
    """Return why nothing was changed, within what a callback's answer can hold."""
    reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
    return _("That is not possible, and nothing has changed: {reason}").format(reason=reason)[:200]
