"""What stands at the edge of page after page: running heads, footers, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.corpus.extraction.flow import Line

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\s–—|-]*(?:(?:seite|page|s\.|p\.)\s*)?(?:\d{1,4}|[ivxl]{1,7})"
    r"(?:\s*(?:/|von|of)\s*\d{1,4})?[\s–—|-]*",
    re.IGNORECASE,
)
_PAGES = 3
_SHARE = 1 / 3  # left and right pages may differ, and the first of a chapter has none


def without_running_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those at an edge that recur, but for their numbers."""
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        if line.edge:
            pages[_shape(line)].add(line.page)
    written = len({line.page for line in lines})
    enough = max(_PAGES, written * _SHARE)
    return [
        line
        for line in lines
        if not line.edge
        or not (_PAGE_NUMBER.fullmatch(line.text) or len(pages[_shape(line)]) >= enough)
    ]


def _shape(line: Line) -> str:
    return _NUMBER.sub("0", " ".join(line.text.split()).lower())
