"""Debates, topics and labels, as they are written in a corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.corpus.records import Span

PERSON = "person"
CURATED = "curated"
LEARNED = "learned"
_TRUST = (PERSON, CURATED, LEARNED)


class Side(StrEnum):
    """Where a span stands towards a motion.

    Only a model says `UNCLEAR`: related, but it is not certain of a side.
    """

    YES = "yes"
    NO = "no"
    BACKGROUND = "background"
    UNCLEAR = "unclear"


GIVEN_SIDES = (Side.YES, Side.NO, Side.BACKGROUND)
"""What a person can say of a span."""


def trust(by: str, certainty: float = 1.0) -> int:
    """Return the rank of a label's giver, 0 for the most trusted: person, file, learned, model.

    A file may name who labelled. A name that is entirely certain is such a person's: no model is.
    """
    if by in _TRUST:
        return _TRUST.index(by)
    return _TRUST.index(CURATED) if certainty >= 1 else len(_TRUST)


@dataclass(frozen=True, slots=True)
class Localised:
    """A text in several languages, by ISO 639-1 code."""

    texts: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """Return the text in that language, else in English, else in the first one given."""
        return self.texts.get(language) or self.texts.get("en") or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict on a quotation: it speaks for `side` of the subject, says `by`.

    `reported` marks a view that the document reports without sharing it. `certainty`, in [0, 1],
    is 1 where a person said so, else the model's probability of the likelier side, below 1.
    """

    subject: str
    document: str
    quote: str
    side: Side
    by: str = CURATED
    reported: bool = False
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Anchored:
    """A label and the place of its quotation in today's text."""

    label: Label
    span: Span


@dataclass(frozen=True, slots=True)
class Debate:
    """A motion with two named sides.

    `examples` are questions that ask for each side, in any language, and `further` ones ask in
    unusual words, so that each tells less of what people mostly ask. `inherits` names debates
    whose labels count here too (what speaks for leaving at all speaks for leaving as a B2B firm).
    `read` names the documents that a person has read for this debate: what is not labelled in them
    speaks for no side. In all others a model may suggest.
    """

    id: str
    motion: Localised
    sides: Mapping[Side, Localised]
    inherits: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    examples: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)
    further: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)

    def asking_for(self, side: Side) -> tuple[str, ...]:
        """Return all questions that ask for a side."""
        return (*self.examples.get(side, ()), *self.further.get(side, ()))


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject with no sides: how-to, events, definitions."""

    id: str
    title: Localised
    examples: tuple[str, ...] = ()
