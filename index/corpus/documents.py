"""A text and what is known of it → a document with blocks and passages."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from index.corpus.blocks import all_as_text, find_blocks
from index.corpus.extraction.records import Extract
from index.corpus.faults import Fault
from index.corpus.frontmatter import read_front_matter
from index.corpus.metadata import filled
from index.corpus.passages import cut_passages
from index.corpus.records import Block, BlockKind, Card, Document, Span
from index.errors import DocumentError
from index.questions.language import detect_language

if TYPE_CHECKING:
    from index.corpus.extraction.limits import Limits

_TITLE_LENGTH = 120
_SAMPLE = 2000
_TEMPLATE_LANGUAGE = "en"


def plain_document(
    name: str, text: str, digest: str, card: Card, limits: Limits, *, cleaning: bool
) -> Document:
    """Return a document that is its text as it stands; front matter stays in it, unindexed.

    Raises:
        DocumentError: The text cannot be used, or its front matter is wrong.
    """
    _check(text, limits)
    front = read_front_matter(text)
    card = filled(card, front.card)
    return _document(name, Extract(text), digest, card, front.end, cleaning=cleaning)


def extracted_document(
    name: str, extract: Extract, digest: str, card: Card, limits: Limits, *, cleaning: bool
) -> Document:
    """Return a document that is what was extracted from a file.

    Raises:
        DocumentError: The text cannot be used.
    """
    _check(extract.text, limits)
    return _document(name, extract, digest, card, 0, cleaning=cleaning)


def _document(
    name: str, extract: Extract, digest: str, card: Card, start: int, *, cleaning: bool
) -> Document:
    text = extract.text
    if _is_blank(text[start:]):
        raise DocumentError(Fault.EMPTY.of())
    language = card.language or _language(text[start : start + _SAMPLE], extract.found.language)
    title = card.title or extract.found.title or _title_line(text[start:])
    card = filled(replace(card, language=language, title=title), extract.found)
    blocks = find_blocks(text, card, start, marked=extract.marked)
    if not cleaning:
        blocks = all_as_text(blocks)
    if start:
        blocks = (Block(BlockKind.FRONT_MATTER, Span(0, start)), *blocks)
    passages = cut_passages(name, text, blocks, language)
    card = replace(card, title=title or name)
    return Document(name, text, card, digest, blocks, passages, extract.pages)


def digest_of(content: bytes) -> str:
    """Return the hash by which a document's content is known."""
    return hashlib.sha256(content).hexdigest()


def _check(text: str, limits: Limits) -> None:
    if _is_blank(text):
        raise DocumentError(Fault.EMPTY.of())
    if "\0" in text:
        raise DocumentError(Fault.NO_TEXT_FILE.of())
    longest = max(map(len, text.split("\n")))
    if longest > limits.line:
        raise DocumentError(Fault.LONG_LINE.of(count=longest))


def _is_blank(text: str) -> bool:
    return not text.replace("\ufeff", "").strip()


def _language(sample: str, found: str | None) -> str:
    """Believe what a document says, but not "en": templates say so whatever the text is in."""
    if found and found != _TEMPLATE_LANGUAGE:
        return found
    return detect_language(sample) or found or "en"


def _title_line(text: str) -> str | None:
    """Return the first line where it reads as a title, not as a sentence of the text."""
    line = next(line for line in text.lstrip("\ufeff").split("\n") if line.strip())
    title = line.strip().lstrip("# ").strip()
    is_sentence = title.endswith((".", "!", ":", ";", "…", ","))
    return title if title and len(title) <= _TITLE_LENGTH and not is_sentence else None
