"""Blocks → passages: spans of a size that an encoder reads well and a person reads at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.corpus.records import INDEXED_KINDS, Block, BlockKind, Passage, Span
from index.corpus.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGET_LENGTH = 600
"""Neighbouring short paragraphs are joined up to about this many code points."""
MAXIMUM_LENGTH = 1000
"""Longer paragraphs are divided between sentences; a list item is never divided."""
MINIMUM_WORDS = 12
"""A shorter run is joined to the next: short passages win dense rankings with little to say."""


def cut_passages(
    document: str, text: str, blocks: Sequence[Block], language: str
) -> tuple[Passage, ...]:
    """Return the passages of a document in reading order."""
    passages: list[Passage] = []
    for group in _groups(text, blocks):
        span = Span(group[0].span.start, group[-1].span.end)
        sentences = split_sentences(text, span, language)
        whole = group[0].kind is BlockKind.ITEM
        for part in [sentences] if whole else _parts(sentences):
            place = Span(part[0].start, part[-1].end)
            passages.append(Passage(document, len(passages), place, group[0].heading, part))
    return tuple(passages)


def _groups(text: str, blocks: Sequence[Block]) -> list[list[Block]]:
    """Join contiguous short paragraphs under one heading."""
    groups: list[list[Block]] = []
    open_group = False
    for block in blocks:
        if block.kind not in INDEXED_KINDS:
            open_group = False
            continue
        if open_group and _belongs(text, groups[-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
        open_group = True
    return groups


def _belongs(text: str, group: Sequence[Block], block: Block) -> bool:
    if block.heading != group[-1].heading or BlockKind.ITEM in (block.kind, group[-1].kind):
        return False
    so_far = Span(group[0].span.start, group[-1].span.end).of(text)
    together = block.span.end - group[0].span.start
    if len(so_far.split()) < MINIMUM_WORDS or len(block.span.of(text).split()) < MINIMUM_WORDS:
        return together <= MAXIMUM_LENGTH
    return together <= TARGET_LENGTH


def _parts(sentences: Sequence[Span]) -> list[tuple[Span, ...]]:
    """Divide a long run of sentences into parts of about equal length."""
    length = sentences[-1].end - sentences[0].start
    count = -(-length // MAXIMUM_LENGTH)
    parts: list[list[Span]] = [[]]
    for sentence in sentences:
        reached = sentence.start - sentences[0].start
        if parts[-1] and reached >= length * len(parts) / count:
            parts.append([])
        parts[-1].append(sentence)
    return [tuple(part) for part in parts]
