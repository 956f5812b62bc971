"""Elements of HTML, and of trafilatura's XML, → text; headings, items and rows stay known."""

from __future__ import annotations

import re
from itertools import count, repeat
from typing import TYPE_CHECKING

from index.corpus.extraction.outline import BULLET, Outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element  # type: ignore[import-untyped]

_LEVEL = re.compile(r"h([1-6])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DROPPED = frozenset({"script", "style", "template", "del", "s", "strike", "graphic", "title"})
_BREAKS = frozenset({"lb", "br"})
_LISTS = frozenset({"list", "ul", "ol", "menu"})
_ITEMS = frozenset({"item", "li"})
_CELLS = frozenset({"cell", "td", "th"})
_ROWS = frozenset({"row", "tr"})
_BLOCKS = _LISTS.union(
    ("p", "quote", "blockquote", "table", "thead", "tbody", "tfoot", "caption", "div", "section"),
    ("article", "main", "body", "html", "header", "footer", "figure", "figcaption", "address"),
    ("dl", "dt", "dd", "details", "summary", "fieldset", "center", "hr", "td", "th", "cell"),
)
_LAYOUT = frozenset({"p", "div", "head", "h1", "h2", "h3", "h4", "h5", "h6", "table"}) | _LISTS
_ORDERED = "ol"


def render(element: _Element) -> str:
    """Return the text of an element: paragraphs, headings, items and rows, parted by blank lines.

    What was struck out is no text. A quotation is a paragraph: its marks are typed, if at all.
    """
    walk = _Walk()
    walk.block(element)
    return walk.outline.text()


class _Walk:
    """Goes through the elements in reading order; `_inline` is the paragraph at hand."""

    def __init__(self) -> None:
        self.outline = Outline()
        self._inline: list[str] = []
        self._marker = ""
        self._lists: list[Iterator[str]] = []

    def block(self, element: _Element) -> None:
        self._flush()
        self._content(element)
        self._flush()

    def _content(self, element: _Element) -> None:
        self._inline.append(_SPACES.sub(" ", element.text or ""))
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, child.tag.lower())
            self._inline.append(_SPACES.sub(" ", child.tail or ""))

    def _element(self, element: _Element, tag: str) -> None:
        level = _LEVEL.fullmatch(element.get("rend", "") if tag == "head" else tag)
        if tag in _DROPPED:
            return
        if tag in _BREAKS:
            self._inline.append("\n")
        elif level or tag == "head":
            self._flush()
            self.outline.heading(_line(element), int(level[1]) if level else 1)
        elif tag in _LISTS:
            self._list(element, tag)
        elif tag in _ITEMS:
            self._item(element)
        elif tag in _ROWS:
            self._row(element)
        elif tag == "pre" or (tag == "code" and "\n" in "".join(element.itertext())):
            self._flush()
            self.outline.paragraph("".join(element.itertext()))
        elif tag in _BLOCKS:
            self.block(element)
        else:
            self._content(element)

    def _list(self, element: _Element, tag: str) -> None:
        ordered = _ORDERED in (tag, element.get("rend"))
        self._lists.append((f"{number}. " for number in count(1)) if ordered else repeat(BULLET))
        self.block(element)
        self._lists.pop()

    def _item(self, element: _Element) -> None:
        self._flush()
        self._marker = next(self._lists[-1]) if self._lists else BULLET
        self._content(element)
        self._flush()
        self._marker = ""

    def _row(self, element: _Element) -> None:
        self._flush()
        cells = [child for child in element if child.tag in _CELLS]
        if any(_is_layout(cell) for cell in cells):
            for cell in cells:
                self.block(cell)
        else:
            self.outline.row([_line(cell) for cell in cells])

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        if text.strip():
            self.outline.paragraph(text, self._marker)
            self._marker = ""


def _is_layout(cell: _Element) -> bool:
    """Tell whether a table lays out a page: its cells then hold blocks, not values."""
    blocks = [child for child in cell.iter() if child is not cell and child.tag in _LAYOUT]
    return len(blocks) > 1


def _line(element: _Element) -> str:
    parts: list[str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            apart = " " if child.tag in _BREAKS or child.tag in _BLOCKS else ""
            parts += [apart, _line(child), apart]
        parts.append(child.tail or "")
    return "".join(parts)
