"""Remarks on files and labels: an English text and its values, so that others can translate it.

The text is a template out of a closed set, a `Remarks`; that is what a catalogue of translations
goes by. Which languages there are, and how they write numbers, is known elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Remark:
    """A template and what stands in its gaps; as `str` it is English."""

    template: str
    values: tuple[tuple[str, str | float | Remark], ...] = ()

    @classmethod
    def verbatim(cls, text: str) -> Remark:
        """Return a text that is the same in all languages, such as a file's name."""
        return cls("{text}", (("text", text),))

    @classmethod
    def read(cls, stored: str) -> Remark:
        """Return what was `stored`; an older index holds the English text alone."""
        try:
            return _unpacked(json.loads(stored))
        except (ValueError, TypeError, AttributeError):
            return cls.verbatim(stored)

    def stored(self) -> str:
        """Return the remark as a line of ASCII."""
        return json.dumps(_packed(self))

    def said(self, translate: Callable[[str], str], number: Callable[[float], str]) -> str:
        """Return the remark with its templates translated and its numbers written so."""

        def shown(value: str | float | Remark) -> str:
            if isinstance(value, Remark):
                return value.said(translate, number)
            return value if isinstance(value, str) else number(value)

        gaps = {name: shown(value) for name, value in self.values}
        return translate(self.template).format(**gaps)

    def __str__(self) -> str:
        return self.said(str, _english)


class Remarks(StrEnum):
    """A closed set of templates, such as "has {count} pages, more than {limit}"."""

    def of(self, **values: str | float | Remark) -> Remark:
        """Return the remark with these values."""
        return Remark(self.value, tuple(values.items()))


def _english(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _packed(remark: Remark) -> list[Any]:
    values = {
        name: _packed(value) if isinstance(value, Remark) else value
        for name, value in remark.values
    }
    return [remark.template, values]


def _unpacked(content: Any) -> Remark:
    """Return what `_packed` packed.

    Raises:
        ValueError: It is something else; so do `TypeError` and `AttributeError` say.
    """
    template, values = content
    if not isinstance(template, str):
        raise TypeError("a template is a text")
    pairs = [
        (name, _unpacked(value) if isinstance(value, list) else value)
        for name, value in values.items()
    ]
    return Remark(template, tuple(pairs))
