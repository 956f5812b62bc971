"""Blocks → Telegram's HTML. Every text is escaped; tags are ours alone."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from bot.layout import Block, Heading, Items, Marked, Note, Quote, Title

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDED_FROM = 160
"""Quotations at least this long can be folded by the reader."""


def as_html(blocks: Sequence[Block]) -> str:
    """Return blocks as one message."""
    return "\n\n".join(map(_rendered, blocks))


def escaped(text: str) -> str:
    """Return a text that Telegram shows as it is."""
    return html.escape(text, quote=False)


def _rendered(block: Block) -> str:
    if isinstance(block, Quote):
        tag = "blockquote expandable" if len(block.text) >= _FOLDED_FROM else "blockquote"
        cited = f"<i>[{block.number}] {escaped(block.citation)}</i>"
        return f"<{tag}>{escaped(block.text)}</blockquote>\n{cited}"
    if isinstance(block, Marked):
        marked = f"{escaped(block.before)}<b>{escaped(block.text)}</b>{escaped(block.after)}"
        return f"<blockquote>{marked}</blockquote>"
    if isinstance(block, Note):
        return f"<i>{escaped(block.text)}</i>"
    if isinstance(block, Items):
        return "\n".join(f"• {escaped(text)}" for text in block.texts)
    if isinstance(block, Title | Heading):
        return f"<b>{escaped(block.text)}</b>"
    return escaped(block.text)
