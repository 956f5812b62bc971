"""The records that leave this room: spans, blocks, passages, documents."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from index.corpus.remarks import Remark


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the text under the span."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Tell whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a run of lines is. All but the first three are no argument and are not indexed."""

    PARAGRAPH = "paragraph"
    ITEM = "list item"
    HEADING = "heading"
    PAGE_FURNITURE = "page furniture"
    CAPTION = "caption or title line"
    CREDIT = "picture credit"
    TEASER = "teaser repeated below"
    LEAD_IN = "lead-in to something that is not text"
    COMMENTS = "readers' comments"
    AUTHOR_BOX = "author box"
    FRONT_MATTER = "front matter"


INDEXED_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines with one role, under the headings `heading` (outermost first)."""

    kind: BlockKind
    span: Span
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable span of one document, with the sentences that it holds.

    `ordinal` counts from 0 in reading order, so the neighbours are `ordinal ± 1`.
    """

    document: str
    ordinal: int
    span: Span
    heading: tuple[str, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a document; what is unknown is `None`."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    language: str | None = None
    origin: str | None = None


UNKNOWN = Card()
"""The card of a document of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the corpus, read and divided.

    `id` is the file's path below the corpus folder, with forward slashes; a document that is a line
    of a file has `#` and its own id, or the number of the line, after it. `text` is the file as it
    stands where it is plain text; otherwise it is what was extracted, and all offsets refer to it.
    `pages` holds where each page begins, empty where a document has none.
    """

    id: str
    text: str
    card: Card
    digest: str
    blocks: tuple[Block, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a line of one, that was left out, and why."""

    file: str
    reason: Remark


def page_of(document: Document, offset: int) -> int | None:
    """Return the page, counted from 1, on which an offset lies; `None` where there are no pages."""
    return bisect_right(document.pages, offset) or None
