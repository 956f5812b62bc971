"""Paragraphs, headings, list items and rows → a text that shows which is which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" ?\n\s*")
_DEEPEST = 6
BULLET = "- "
_CELL_EDGE = " | "


@dataclass(slots=True)
class Outline:
    """Collects what a parser walks past; blocks are parted by blank lines."""

    _blocks: list[str] = field(default_factory=list)

    def paragraph(self, text: str, marker: str = "") -> None:
        """Add a paragraph, or a list item with its marker; a line feed in it is meant."""
        line = _tidy(text)
        if line:
            self._blocks.append(marker + line)

    def heading(self, text: str, level: int) -> None:
        """Add a heading of level 1 (or 0) to 6 (or more)."""
        line = " ".join(text.split())
        if line:
            self._blocks.append(f"{'#' * min(max(level, 1), _DEEPEST)} {line}")

    def row(self, cells: list[str]) -> None:
        """Add a row of a table as a line."""
        lines = [" ".join(cell.split()) for cell in cells]
        if any(lines):
            self.paragraph(_CELL_EDGE.join(lines) if len(lines) > 1 else lines[0])

    def text(self) -> str:
        """Return all of it."""
        return "\n\n".join(self._blocks)


def _tidy(text: str) -> str:
    return _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()
