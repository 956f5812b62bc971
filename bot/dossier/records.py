"""The records of a document to take away; every text in it is plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the corpus, verbatim; `source` is the number of the source that they stand in.

    `place` tells where in it, `reported` that the document does not share the view.
    """

    text: str
    source: int
    place: str | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One of two sides: its name and quotes, or in their stead a note why there are none."""

    name: str
    quotes: tuple[Quote, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A circumstance or a step.

    `label` stands small above the title. `ticked` is `None` where there is nothing to tick off.
    Where there are columns there are two; `quotes` stand in a part without columns.
    """

    title: str
    label: str | None = None
    text: str | None = None
    columns: tuple[Column, ...] = ()
    quotes: tuple[Quote, ...] = ()
    note: str | None = None
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is quoted, with all that is known of it, ready to be read."""

    number: int
    title: str
    details: str


@dataclass(frozen=True, slots=True)
class Words:
    """The few words of the interface that a dossier needs, in its language."""

    sources: str
    page: str
    done: str
    open: str
    reported: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A document to take away; `name` can name a file, without a suffix."""

    name: str
    language: str
    title: str
    subtitle: str
    introduction: str
    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    note: str
    day: date
    written_day: str
    words: Words
