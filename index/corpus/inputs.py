"""What models and the word index read of a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.corpus.records import Document, Passage


def encoder_text(document: Document, passage: Passage) -> str:
    """Return what the encoder and the word index read: title, headings, then the passage."""
    title = (document.card.title or "").strip("[]")
    place = " › ".join(part for part in (title, *passage.heading) if part)
    text = passage.span.of(document.text)
    return f"{place}\n{text}" if place else text
