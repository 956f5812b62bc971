"""What admins see of the documents: the list, a card each, the question before one goes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aiogram.utils.i18n import gettext as _

from bot.keeping.decisions import is_suggested
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram.types import InlineKeyboardButton

    from index.storage.protocol import Snapshot
    from index.storage.records import Entry

_PAGE = 8
_DEBATES = 12
_PASSAGES = 3
_CLIPPED = 160


def list_view(entries: Sequence[Entry], page: int) -> Shown:
    """Return a page of the documents, to tap."""
    pages = max(1, -(-len(entries) // _PAGE))
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


def card_view(snapshot: Snapshot, entry: Entry, language: str) -> Shown:
    """Return what is known of a document, and what rests on it."""
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
    parts = ["\n".join(lines), *_passages(snapshot, entry)]
    text = "\n\n".join([*parts, escaped("\n".join(_resting(snapshot, entry)))])
    page = [one.id for one in snapshot.records.documents()].index(entry.id) // _PAGE
    remove = button(_("Remove …"), RemoveSource(document=key_of(entry.id)))
    return Shown(text, keyboard([remove], [_to_the_list(page)]))


def _passages(snapshot: Snapshot, entry: Entry) -> list[str]:
    """Return how the first passages begin, so that one sees whether a file was read well."""
    found = (snapshot.records.passage_at(entry.id, ordinal) for ordinal in range(_PASSAGES))
    texts = [snapshot.records.text(entry.id, one.passage.span) for one in found if one]
    return [f"<blockquote>{escaped(_clipped(text))}</blockquote>" for text in texts]


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CLIPPED else line[: _CLIPPED - 1].rstrip() + "…"


def question_view(snapshot: Snapshot, entry: Entry) -> Shown:
    """Return the question whether a document should go, naming what is lost with it."""
    title = _("Remove “{document}”?").format(document=entry.card.title or entry.id)
    explained = _(
        "The file is moved to the folder “removed” of the data, and can be put back. Until the "
        "index is rebuilt it is still quoted."
    )
    lost = "\n".join(map(escaped, _resting(snapshot, entry)))
    key = key_of(entry.id)
    rows = [
        [button(_("Yes, remove it"), RemoveSource(document=key, sure=True))],
        [button("↩ " + _("Back"), ShowSource(document=key))],
    ]
    return Shown(f"<b>{escaped(title)}</b>\n\n{lost}\n\n{escaped(explained)}", keyboard(*rows))


def removed_view(entry: Entry, removal: str | None) -> Shown:
    """Return what is said of a document that has gone, with the way back by its removal's name."""
    text = _("“{document}” is removed. Until the index is rebuilt it is still quoted.").format(
        document=entry.card.title or entry.id
    )
    undo = [button(_("Put it back"), RestoreSource(removal=removal))] if removal else []
    rows = [[button(_("Rebuild the index"), Rebuild())], undo, [_to_the_list()]]
    return Shown(escaped(text), keyboard(*rows))


def restored_view(document: str) -> Shown:
    """Return what is said of a document that is back."""
    text = _("“{document}” is back, as it was.").format(document=document)
    rows = [[button(_("Rebuild the index"), Rebuild())], [_to_the_list()]]
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


def _to_the_list(page: int = 0) -> InlineKeyboardButton:
    return button("↩ " + _("All documents"), ListSources(page=page))
