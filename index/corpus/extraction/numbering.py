"""The markers of list items in a Word file, which are not in its text: a dash, or the number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from index.corpus.extraction.outline import BULLET

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

_NUMBERED = frozenset({"decimal", "decimalZero"})
_NO_MARKER = "none"


class Numbering:
    """Counts the items of each list as they are met."""

    def __init__(self, document: WordDocument) -> None:
        self._formats = _formats(document)
        self._counts: defaultdict[tuple[str, str], int] = defaultdict(int)

    def marker(self, number: tuple[str, str] | None) -> str:
        """Return what stands before an item of a list and level, "" for what is no item.

        Letters and Roman numbers become dashes: they would read as words of the sentence.
        """
        if number is None:
            return ""
        style = self._formats.get(number)
        if style == _NO_MARKER:
            return ""
        if style not in _NUMBERED:
            return BULLET
        list_id, level = number
        for other in [one for one in self._counts if one[0] == list_id and one[1] > level]:
            del self._counts[other]
        self._counts[number] += 1
        return f"{self._counts[number]}. "


def _formats(document: WordDocument) -> dict[tuple[str, str], str]:
    """Return how each level of each list is marked."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {
        one.get(qn("w:abstractNumId")): {
            level.get(qn("w:ilvl")): _value(level, "w:numFmt") for level in one.iter(qn("w:lvl"))
        }
        for one in root.iter(qn("w:abstractNum"))
    }
    return {
        (one.get(qn("w:numId")), level): style
        for one in root.iter(qn("w:num"))
        for level, style in abstract.get(_value(one, "w:abstractNumId"), {}).items()
    }


def _value(element: _Element, name: str) -> str:
    found = element.find(qn(name))
    return "" if found is None else str(found.get(qn("w:val")))
