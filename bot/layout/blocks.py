"""What a message is made of: blocks that know what they are, not how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MESSAGE_LIMIT = 4096
"""Telegram's limit of a message, in UTF-16 units after entities are parsed."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the message is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words of ours that stand back: where something is from, how far one has got."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document, verbatim, with the number and the words of their citation."""

    text: str
    number: int
    citation: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Words of a document, verbatim, of which some are marked."""

    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts."""

    texts: tuple[str, ...]


Block = Title | Heading | Paragraph | Note | Quote | Marked | Items


def utf16_length(text: str) -> int:
    """Return a text's length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def length_of(blocks: Sequence[Block]) -> int:
    """Return an upper bound of the blocks' length when shown, in UTF-16 units."""
    return sum(utf16_length(plain(block)) + 2 for block in blocks)


def plain(block: Block) -> str:
    """Return a block as plain text."""
    if isinstance(block, Quote):
        return f"{block.text}\n[{block.number}] {block.citation}"
    if isinstance(block, Marked):
        return f"{block.before}{block.text}{block.after}"
    if isinstance(block, Items):
        return "\n".join(f"• {text}" for text in block.texts)
    return block.text
