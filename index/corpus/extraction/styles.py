"""What a paragraph of a Word file is, by its style, whatever language the style's name is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop) ?([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|titel", re.IGNORECASE)
_BODY_LEVEL = 9
_CHAIN = 10  # styles build on one another; a circle of them is a broken file


class Styles:
    """Looks up styles; a style that says nothing is what it builds on."""

    def __init__(self, document: WordDocument) -> None:
        styles = document.styles.element.iter(qn("w:style"))
        self._styles = {style.get(qn("w:styleId")): style for style in styles}

    def heading_level(self, paragraph: _Element) -> int:
        """Return 1 to 9 for a heading, 0 for text."""
        for element in self._chain(paragraph):
            level = _attribute(element, "w:pPr/w:outlineLvl")
            if level is not None and level.isdecimal():
                return int(level) + 1 if int(level) < _BODY_LEVEL else 0
            name = _attribute(element, "w:name") or ""
            heading = _HEADING.fullmatch(name)
            if heading or _TITLE.fullmatch(name):
                return int(heading[1]) if heading else 1
        return 0

    def number_of(self, paragraph: _Element) -> tuple[str, str] | None:
        """Return the list (its number, the level) that a paragraph is an item of."""
        for element in self._chain(paragraph):
            number = _attribute(element, "w:pPr/w:numPr/w:numId")
            if number is not None:
                level = _attribute(element, "w:pPr/w:numPr/w:ilvl") or "0"
                return None if number == "0" else (number, level)
        return None

    def _chain(self, paragraph: _Element) -> list[_Element]:
        chain = [paragraph]
        style = self._styles.get(_attribute(paragraph, "w:pPr/w:pStyle"))
        while style is not None and len(chain) < _CHAIN:
            chain.append(style)
            style = self._styles.get(_attribute(style, "w:basedOn"))
        return chain


def _attribute(element: _Element, path: str) -> str | None:
    """Return the value of an element below; python-docx's own elements know no namespaces here."""
    found = element.find("/".join(qn(step) for step in path.split("/")))
    value: str | None = None if found is None else found.get(qn("w:val"))
    return value
