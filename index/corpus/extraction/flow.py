"""Lines of set type → paragraphs and headings: what a typesetter took apart is put together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from index.corpus.extraction.running import without_running_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADING_RATIO = 1.1
_HEADING_LENGTH = 150
_HEADING_SHARE = 0.2
_HEADING_LETTERS = 2
_DEEPEST = 6
_GAP_RATIO = 1.25
_GAP_LIMIT = 2.5
_USUAL_PITCH = 1.2
_INDENT = 0.8
_SHORT_LINE = 0.85
_VERY_SHORT_LINE = 0.6  # a row of a table, an address: not even ragged text leaves that much blank
_COLUMN_WIDTH = 18
_SIZE_STEP = 0.5
_FINISHED = re.compile(r"[.!?:…][\"'»«”“’)\]]*\d{0,3}$")
_BULLET = re.compile(r"[•‣◦▪●*–-]\s+\S")
_NUMBER = re.compile(r"\(?\d{1,2}[.)]\s+\S")
_FIRST_WORD = re.compile(r"\w+")
_AFTER_HYPHEN = frozenset(
    [
        "und",
        "oder",
        "bzw",
        "sowie",
        "and",
        "or",
        "et",
        "ou",
        "y",
        "o",
        "e",
        "of",
        "to",
        "noch",
        "als",
        "bis",
    ]
)
"""Words that follow a hyphen that is meant: "Ein- und Ausgang", "pre- and post-war"."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page: lengths in points, `baseline` from below.

    `broken` says that a hyphen at its end was taken off; `edge`, that it stands at the very top or
    bottom of the page.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    broken: bool
    edge: bool


class Flow(NamedTuple):
    """A text, where its pages begin, and whether its headings are marked."""

    text: str
    pages: tuple[int, ...]
    marked: bool


def flowing(lines: Sequence[Line], page_count: int) -> Flow:
    """Return the text that the lines were set from; running heads and page numbers are none."""
    layout = _Layout(without_running_lines(lines))
    parts: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    for group in layout.groups():
        level = layout.level(group)
        between = "\n\n" if parts else ""
        for joint, text, page in _pieces(group, between, "#" * level + " " if level else ""):
            parts += [joint, text]
            starts.setdefault(page, length + len(joint))
            length += len(joint) + len(text)
    return Flow("".join(parts), _all_starts(starts, page_count, length), layout.has_headings)


class _Layout:
    """What is usual in this document: size of type, distance of lines, width of columns."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        larger = [size for size in sizes if size > self._body * _HEADING_RATIO]
        rare = sum(sizes[size] for size in larger) < _HEADING_SHARE * sizes.total()
        self._levels = dict(zip(sorted(larger, reverse=True), range(1, 99), strict=False))
        self._levels = self._levels if rare else {}
        self._pitch = _pitch(lines)
        self._rights: dict[tuple[int, int], float] = {}
        for line in lines:
            for column in (_column(line) - 1, _column(line), _column(line) + 1):
                place = (line.page, column)
                self._rights[place] = max(line.right, self._rights.get(place, 0.0))
        self.has_headings = any(self.level(group) for group in self.groups())

    def groups(self) -> list[list[Line]]:
        """Return the lines by paragraph."""
        groups: list[list[Line]] = []
        for line in self._lines:
            if groups and not self._parts(groups[-1], line):
                groups[-1].append(line)
            else:
                groups.append([line])
        return groups

    def level(self, group: Sequence[Line]) -> int:
        """Return 1 to 6 for a heading, 0 for a paragraph."""
        text = " ".join(line.text for line in group)
        letters = sum(map(str.isalpha, text))
        if not _HEADING_LETTERS < letters <= len(text) <= _HEADING_LENGTH or text.endswith("."):
            return 0
        return min(self._levels.get(group[0].size, 0), _DEEPEST)

    def _parts(self, group: Sequence[Line], line: Line) -> bool:
        """Tell whether a line begins a new paragraph."""
        before = group[-1]
        if abs(before.size - line.size) > _SIZE_STEP or _BULLET.match(line.text):
            return True
        finished = bool(_FINISHED.search(before.text)) and not before.broken
        full = self._fills(before, _SHORT_LINE)
        gap = before.baseline - line.baseline
        if before.page != line.page or not 0 < gap < line.size * 2 * _GAP_LIMIT:
            return finished or not full  # the text goes on in another place
        wide = gap > self._pitch * line.size * _GAP_RATIO
        if wide or not self._fills(before, _VERY_SHORT_LINE):
            return True
        if _NUMBER.match(line.text) and (finished or _NUMBER.match(group[0].text)):
            return True
        indented = line.left - before.left > _INDENT * line.size
        is_item = len(group) == 1 and (_BULLET.match(before.text) or _NUMBER.match(before.text))
        return finished and (not full or (indented and not is_item))

    def _fills(self, line: Line, share: float) -> bool:
        """Tell whether a line takes up so much of the width of its column."""
        right = self._rights[line.page, _column(line)]
        return line.broken or line.right - line.left > share * (right - line.left)


def _column(line: Line) -> int:
    return round(line.left / _COLUMN_WIDTH)


def _pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance of lines, as a multiple of their size."""
    gaps = [
        (first.baseline - second.baseline) / second.size
        for first, second in pairwise(lines)
        if first.page == second.page and first.size == second.size > 0
    ]
    return median([gap for gap in gaps if 0 < gap < _GAP_LIMIT] or [_USUAL_PITCH])


def _pieces(group: Sequence[Line], between: str, prefix: str) -> Iterator[tuple[str, str, int]]:
    """Return each line with what stands before it, and its page."""
    yield between, prefix + group[0].text, group[0].page
    for before, line in pairwise(group):
        yield _joint(before, line), line.text, line.page


def _joint(before: Line, line: Line) -> str:
    if not before.broken:
        return " "
    word = _FIRST_WORD.match(line.text)
    if word and word[0] in _AFTER_HYPHEN:
        return "- "
    return "" if line.text[:1].islower() else "-"


def _all_starts(starts: dict[int, int], page_count: int, length: int) -> tuple[int, ...]:
    """Return where every page begins; one without text begins where the next one does."""
    following = length
    pages: list[int] = []
    for page in reversed(range(page_count)):
        following = starts.get(page, following)
        pages.append(following)
    return (0, *pages[::-1][1:])
