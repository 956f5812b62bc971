"""The list of documents, within one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.layout.blocks import MESSAGE_LIMIT, Block, Items, Paragraph, Title, length_of
from bot.translation import Translate, translator, written_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.storage.records import Entry


def sources_blocks(entries: Sequence[Entry], language: str) -> list[Block]:
    """Return the list of documents with what is known of them."""
    translate = translator(language)
    lines = []
    for entry in entries:
        card = entry.card
        day = written_date(card.published, language) if card.published else None
        named = ", ".join(part for part in (card.title or entry.id, card.author, day) if part)
        size = translate("1 passage") if entry.passages == 1 else translate("{count} passages")
        lines.append(f"{named} ({size.format(count=entry.passages)})")
    return _fitted(translate("Documents"), lines, translate)


def _fitted(title: str, lines: Sequence[str], translate: Translate) -> list[Block]:
    """Return a list within one message; what has no room is counted."""
    for shown in range(len(lines), 0, -1):
        blocks: list[Block] = [Title(title), Items(tuple(lines[:shown]))]
        if shown < len(lines):
            blocks.append(
                Paragraph(translate("And {count} more.").format(count=len(lines) - shown))
            )
        if length_of(blocks) <= MESSAGE_LIMIT:
            return blocks
    return [Title(title)]
