"""Lines → blocks: which lines are text, which are headings, and which are no argument at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from index.corpus.furniture import furniture_kind, glued_caption, repeated_lines, tail_kind
from index.corpus.records import INDEXED_KINDS, Block, BlockKind, Card, Span
from index.corpus.sentences import trimmed

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADING_LIMIT = 100
_HEADING_WORDS = 16
_WRAP_WIDTH = range(50, 111)
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_NUMBERED = re.compile(
    r"(?:\d{1,2}[.)]|grenze \d+:|(?:kapitel|chapter|teil|part) \d+[:.]?)\s+\S.*", re.IGNORECASE
)
_ITEM = re.compile(r"(?:\d{1,3}[.)]|[-*•–])\s+\S.*", re.DOTALL)
_TERMINAL = re.compile(r"[.,;:!…][\"'»“”’)]*$")
_DATE_PREFIX = re.compile(r"\d{1,2}\.\s*(?:\d{1,2}\.|\w+)\s*\d{4}\s*")
_TEASER_END = re.compile(r"\s*(?:…|\.\.\.|\[…\])$")
_TEASER_MINIMUM = 40


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str
    after_blank: bool


def find_blocks(
    text: str, card: Card, start: int = 0, *, marked: bool = False
) -> tuple[Block, ...]:
    """Return the blocks of `text[start:]` in reading order; together they hold every written line.

    Where headings are known to be `marked` with `#`, a short line without is none, and lines are
    whole paragraphs.
    """
    lines = _lines(text, start)
    title = card.title.strip("[]") if card.title else None
    captions = repeated_lines([line.text for line in lines], title)
    blocks: list[Block] = []
    lines = _unglued(text, lines, captions)
    for line in lines if marked else _joined(text, lines, captions):
        kind = furniture_kind(line.text, captions, title)
        blocks.append(Block(kind or BlockKind.PARAGRAPH, line.span))
    blocks = _with_tail(text, blocks, card.author)
    blocks = _without_teasers(text, blocks)
    blocks = _with_headings(text, blocks, marked=marked)
    return tuple(_without_lead_ins(text, blocks))


def all_as_text(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with all that was set aside as text, to measure what that is worth."""
    kept = INDEXED_KINDS | {BlockKind.HEADING}
    return tuple(
        block if block.kind in kept else replace(block, kind=BlockKind.PARAGRAPH)
        for block in blocks
    )


def _lines(text: str, start: int) -> list[_Line]:
    lines: list[_Line] = []
    after_blank = True
    for raw in text[start:].split("\n"):
        span = trimmed(text, Span(start, start + len(raw)))
        if len(span):
            lines.append(_Line(span, span.of(text), after_blank))
        after_blank = not len(span)
        start += len(raw) + 1
    return lines


def _unglued(text: str, lines: Sequence[_Line], captions: frozenset[str]) -> list[_Line]:
    """Cut a caption that was glued to the front of its neighbour's text."""
    cut: list[_Line] = []
    for line in lines:
        glued = glued_caption(line.text, captions)
        if glued:
            split = line.span.start + glued
            caption = Span(line.span.start, split)
            cut.append(_Line(caption, caption.of(text), line.after_blank))
            rest = trimmed(text, Span(split, line.span.end))
            cut.append(_Line(rest, rest.of(text), after_blank=True))
        else:
            cut.append(line)
    return cut


def _joined(text: str, lines: Sequence[_Line], captions: frozenset[str]) -> list[_Line]:
    """Join the lines of a hard-wrapped text to paragraphs; leave one-line paragraphs alone."""
    if not _is_hard_wrapped(lines):
        return list(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and not line.after_blank and _continues(groups[-1], line, captions):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_as_one(text, group) for group in groups]


def _as_one(text: str, group: Sequence[_Line]) -> _Line:
    span = Span(group[0].span.start, group[-1].span.end)
    return _Line(span, span.of(text), group[0].after_blank)


def _is_hard_wrapped(lines: Sequence[_Line]) -> bool:
    pairs = [first for first, second in pairwise(lines) if not second.after_blank]
    wrapped = [
        line for line in pairs if len(line.text) in _WRAP_WIDTH and not _TERMINAL.search(line.text)
    ]
    return len(wrapped) > len(pairs) / 2


def _continues(group: Sequence[_Line], line: _Line, captions: frozenset[str]) -> bool:
    if len(group) == 1:
        only = group[0].text
        if only in captions or _MARKDOWN_HEADING.fullmatch(only):
            return False
    return not (line.text in captions or _ITEM.match(line.text))


def _with_tail(text: str, blocks: list[Block], author: str | None) -> list[Block]:
    """Mark everything from the comments or the author box on."""
    marked: list[Block] = []
    tail: BlockKind | None = None
    for block in blocks:
        late = block.span.start > len(text) * 2 / 3
        opened = tail_kind(block.span.of(text), author, in_last_third=late)
        tail = opened or tail
        if tail and block.kind in INDEXED_KINDS:
            marked.append(Block(tail, block.span))
        else:
            marked.append(block)
    return marked


def _without_teasers(text: str, blocks: list[Block]) -> list[Block]:
    marked: list[Block] = []
    for block in blocks:
        line = block.span.of(text)
        body = _TEASER_END.sub("", _DATE_PREFIX.sub("", line, count=1))
        repeated = (
            block.kind in INDEXED_KINDS
            and bool(_TEASER_END.search(line))
            and len(body) >= _TEASER_MINIMUM
            and text.find(body, block.span.end) >= 0
        )
        marked.append(Block(BlockKind.TEASER, block.span) if repeated else block)
    return marked


def _with_headings(text: str, blocks: list[Block], *, marked: bool) -> list[Block]:
    """Tell headings and list items from paragraphs, and write each block's heading path."""
    path: list[tuple[int, str]] = []
    told: list[Block] = []
    places = [number for number, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH]
    last = places[-1] if places else 0
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH:
            told.append(block)
            continue
        line = block.span.of(text)
        level = _marked_level(line)
        if not level and not marked and number < last:  # nothing would stand under the last one
            level = _plain_level(text, blocks, number)
        if level:
            path = [step for step in path if step[0] < level]
            path.append((level, _heading_text(line)))
            told.append(Block(BlockKind.HEADING, block.span, tuple(name for _, name in path)))
        else:
            kind = BlockKind.ITEM if _ITEM.match(line) else BlockKind.PARAGRAPH
            told.append(Block(kind, block.span, tuple(name for _, name in path)))
    return told


def _heading_text(line: str) -> str:
    markdown = _MARKDOWN_HEADING.fullmatch(line)
    return (markdown.group(2) if markdown else line).strip("*_ ")


def _marked_level(line: str) -> int:
    """Return how many signs mark a line as a heading."""
    markdown = _MARKDOWN_HEADING.fullmatch(line)
    return len(markdown.group(1)) if markdown else 0


def _plain_level(text: str, blocks: list[Block], number: int) -> int:
    """Return 1 for a line that reads as a heading, else 0."""
    line = blocks[number].span.of(text)
    if len(line) > _HEADING_LIMIT or len(line.split()) > _HEADING_WORDS or _TERMINAL.search(line):
        return 0
    before = text[blocks[max(0, number - 1)].span.start : blocks[number].span.start]
    follows_lead_in = before.rstrip().endswith(":")
    after_blank = bool(re.search(r"(?:^|\n[^\S\n]*\n)\s*$", before))
    if line.endswith("?"):
        return int(after_blank and not follows_lead_in and line.count("?") == 1)
    if _ITEM.match(line) and not _NUMBERED.fullmatch(line):
        return 0
    return int(not follows_lead_in or after_blank)


def _without_lead_ins(text: str, blocks: list[Block]) -> list[Block]:
    """Mark "An example:" where what it announces was a picture."""
    marked: list[Block] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        announces = block.kind is BlockKind.PARAGRAPH and block.span.of(text).endswith(":")
        if announces and (following is None or following.kind not in INDEXED_KINDS):
            marked.append(Block(BlockKind.LEAD_IN, block.span, block.heading))
        else:
            marked.append(block)
    return marked
