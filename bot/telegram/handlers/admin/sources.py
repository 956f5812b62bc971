"""The documents, for admins: a list to tap, a card each, removal behind a question, and undo."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.filters import Command
from aiogram.utils.i18n import gettext as _

from bot.keeping.catalogue import CatalogueUnclear
from bot.keeping.decisions import is_suggested
from bot.keeping.removing import (
    DocumentGone,
    LastDocument,
    PlaceTaken,
    last_removal,
    put_back,
    remove_document,
)
from bot.telegram.editing import edit_tapped
from bot.telegram.handlers.admin.access import ByAdmin, admins_only
from bot.telegram.handlers.admin.buttons import (
    ListSources,
    Rebuild,
    RemoveSource,
    RestoreSource,
    ShowSource,
    button,
    key_of,
    keyboard,
)
from bot.telegram.rendering import escaped
from bot.telegram.views import Shown
from bot.translation import written_date
from index.errors import SnapshotError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

    from bot.settings import Settings
    from bot.worker import Worker
    from index.storage.records import Entry
    from index.storage.snapshot import Snapshot

logger = logging.getLogger(__name__)
router = admins_only(Router(name="sources"))

_PAGE = 8
_DEBATES = 12


@router.message(Command("sources"), ByAdmin())
async def on_sources(message: Message, worker: Worker) -> None:
    """List the documents, to tap."""
    shown = await _listed(worker, 0)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(ListSources.filter())
async def on_page(
    query: CallbackQuery, callback_data: ListSources, bot: Bot, worker: Worker
) -> None:
    """Turn to a page of the list."""
    await edit_tapped(query, bot, await _listed(worker, callback_data.page))
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
    back = key_of(entry.id)
    rows = [
        [button(_("Remove …"), RemoveSource(document=back))],
        [button(f"↩ {_('All documents')}", ListSources(page=_page_of(snapshot, entry)))],
    ]
    await edit_tapped(query, bot, Shown(_card(snapshot, entry, language), keyboard(*rows)))
    await query.answer()


@router.callback_query(RemoveSource.filter())
async def on_remove(
    query: CallbackQuery,
    callback_data: RemoveSource,
    bot: Bot,
    worker: Worker,
    settings: Settings,
) -> None:
    """Ask whether a document should go, naming what is lost with it; once that is said, remove."""
    snapshot, entry = await _found(worker, callback_data.document)
    if snapshot is None or entry is None:
        await query.answer(_gone())
        return
    if not callback_data.sure:
        await edit_tapped(query, bot, _asked(snapshot, entry))
        await query.answer()
        return
    others = len(snapshot.records.documents()) - 1
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
    await edit_tapped(query, bot, _removed(entry, name))
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
    text = _("“{document}” is back, as it was.").format(document=removal.document)
    rows = [[button(_("Rebuild the index"), Rebuild())], [_to_the_list()]]
    await edit_tapped(query, bot, Shown(escaped(text), keyboard(*rows)))
    await query.answer()


async def _listed(worker: Worker, page: int) -> Shown:
    try:
        entries = (await worker.snapshot()).records.documents()
    except SnapshotError:
        return Shown(escaped(_("There is no index yet; /reindex builds it.")))
    pages = -(-len(entries) // _PAGE)
    page = max(0, min(page, pages - 1))
    rows = [
        [button(entry.card.title or entry.id, ShowSource(document=key_of(entry.id)))]
        for entry in entries[page * _PAGE : (page + 1) * _PAGE]
    ]
    turn = []
    if page > 0:
        turn.append(button("◀", ListSources(page=page - 1)))
    if page + 1 < pages:
        turn.append(button("▶", ListSources(page=page + 1)))
    title = _("Documents: {count}, page {page} of {pages}").format(
        count=len(entries), page=page + 1, pages=pages
    )
    hint = _("Tap one for what rests on it. To add one, send me a file.")
    return Shown(f"<b>{escaped(title)}</b>\n\n{escaped(hint)}", keyboard(*rows, turn))


async def _found(worker: Worker, key: str) -> tuple[Snapshot | None, Entry | None]:
    """Return the document with a key, looked up among those of the index; none where it is gone."""
    try:
        snapshot = await worker.snapshot()
    except SnapshotError:
        return None, None
    entries = snapshot.records.documents()
    return snapshot, next((entry for entry in entries if key_of(entry.id) == key), None)


def _card(snapshot: Snapshot, entry: Entry, language: str) -> str:
    card = entry.card
    known = {
        _("File"): entry.id,
        _("Author"): card.author,
        _("Published"): written_date(card.published, language) if card.published else None,
        _("Language"): card.language,
        _("Origin"): card.origin,
        _("Passages"): str(entry.passages),
    }
    lines = [f"<b>{escaped(card.title or entry.id)}</b>"]
    lines += [escaped(f"{name}: {value}") for name, value in known.items() if value]
    return "\n".join([*lines, "", *map(escaped, _resting(snapshot, entry))])


def _asked(snapshot: Snapshot, entry: Entry) -> Shown:
    title = _("Remove “{document}”?").format(document=entry.card.title or entry.id)
    explained = _(
        "The file is moved to the folder “removed” of the data, and can be put back. Until the "
        "index is rebuilt it is still quoted."
    )
    lost = "\n".join(map(escaped, _resting(snapshot, entry)))
    key = key_of(entry.id)
    rows = [
        [button(_("Yes, remove it"), RemoveSource(document=key, sure=True))],
        [button(f"↩ {_('Back')}", ShowSource(document=key))],
    ]
    return Shown(f"<b>{escaped(title)}</b>\n\n{lost}\n\n{escaped(explained)}", keyboard(*rows))


def _removed(entry: Entry, removal: str | None) -> Shown:
    text = _("“{document}” is removed. Until the index is rebuilt it is still quoted.").format(
        document=entry.card.title or entry.id
    )
    undo = [button(_("Put it back"), RestoreSource(removal=removal))] if removal else []
    rows = [[button(_("Rebuild the index"), Rebuild())], undo, [_to_the_list()]]
    return Shown(escaped(text), keyboard(*rows))


def _resting(snapshot: Snapshot, entry: Entry) -> list[str]:
    """Return what rests on a document: how many labels, of which debates and topics."""
    labels = [one.label for one in snapshot.labels if one.label.document == entry.id]
    given = Counter(label.subject for label in labels if not is_suggested(label))
    suggested = len(labels) - given.total()
    if not labels:
        return [_("No label rests on it.")]
    lines = [
        _("Labels that rest on it: {count} by people, {suggested} suggested.").format(
            count=given.total(), suggested=suggested
        )
    ]
    ranked = given.most_common()
    lines += [f"• {subject}: {count}" for subject, count in ranked[:_DEBATES]]
    if len(ranked) > _DEBATES:
        lines.append(_("And {count} more.").format(count=len(ranked) - _DEBATES))
    return lines


def _page_of(snapshot: Snapshot, entry: Entry) -> int:
    return [one.id for one in snapshot.records.documents()].index(entry.id) // _PAGE


def _to_the_list() -> InlineKeyboardButton:
    return button(f"↩ {_('All documents')}", ListSources())


def _gone() -> str:
    return _("This document is no longer here; /sources shows those that are.")


def _failed(error: Exception) -> str:
    """Return why nothing was changed, within what a callback's answer can hold."""
    reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
    return _("That is not possible, and nothing has changed: {reason}").format(reason=reason)[:200]
