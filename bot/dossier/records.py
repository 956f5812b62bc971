"""The records of a document to take away; every text in it is plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the corpus, verbatim; `source` is the number of the source that they stand in.

    `language` (ISO 639-1) is theirs, `None` where it is not known; `place` tells where they stand,
    `remark` what a reader should know before trusting them.
    """

    text: str
    source: int
    language: str | None = None
    place: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One of two sides: its name and quotes, or in their stead a note why there are none.

    `detail` says what is meant by the side here.
    """

    name: str
    quotes: tuple[Quote, ...]
    detail: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A circumstance, with two columns or a note, or a step, with quotes.

    `label` stands small above the title. `ticked` is `None` where there is nothing to tick off.
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
    """A document that is quoted, with what is known of it."""

    number: int
    title: str
    details: str


@dataclass(frozen=True, slots=True)
class Words:
    """The few words of the interface that stand in every dossier, in its language."""

    sources: str
    done: str
    to_do: str


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
