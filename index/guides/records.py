"""Guides and interviews, as a corpus brings them: content, not code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.corpus.records import Span
    from index.debates.records import Localised, Side


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a document; `span` is their place, `None` until they are tied to today's text."""

    document: str
    quote: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in words of ours, and what the corpus says of it, verbatim."""

    id: str
    title: Localised
    explanation: Localised
    quotes: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A way to walk step by step.

    `command` opens it in a chat, without the slash; `description` stands beside it in a menu.
    """

    id: str
    command: Localised
    description: Localised
    title: Localised
    introduction: Localised
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Bearing:
    """Where an option lets search: in a debate, and in it what is nearest to `query`, if given.

    `speaks_for` tells for which side of the interview's debate each side of this one speaks.
    """

    debate: str
    speaks_for: Mapping[Side, Side]
    query: Localised | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be tapped, and what it leads to: a search, or quotations of both sides.

    `quotes` are what a person found to bear on it, the weightiest first, by side of the interview's
    debate. Without either it changes nothing.
    """

    id: str
    text: Localised
    bearing: Bearing | None = None
    quotes: Mapping[Side, tuple[Quotation, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about the circumstances of the person who asks."""

    id: str
    text: Localised
    options: tuple[Option, ...]

    def option(self, name: str) -> Option:
        """Return the option of that id.

        Raises:
            ValueError: There is none.
        """
        for option in self.options:
            if option.id == name:
                return option
        raise ValueError(f"{self.id} has no option {name!r}")


@dataclass(frozen=True, slots=True)
class Interview:
    """Questions that narrow a debate, `debate` by its id, down to somebody's circumstances."""

    id: str
    command: Localised
    description: Localised
    title: Localised
    introduction: Localised
    debate: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Guidebook:
    """All guides and interviews of a corpus, which may have none, in the order of their ids."""

    guides: tuple[Guide, ...] = ()
    interviews: tuple[Interview, ...] = ()

    @property
    def offers(self) -> tuple[Guide | Interview, ...]:
        """All of them, guides first."""
        return (*self.guides, *self.interviews)

    def commands(self) -> dict[str, Guide | Interview]:
        """Return what each command opens, in every language that it is given in."""
        return {name: offer for offer in self.offers for name in offer.command.texts.values()}

    def menu(self, language: str) -> tuple[tuple[str, str], ...]:
        """Return commands and descriptions for a menu in a language, guides first."""
        return tuple(
            (offer.command.in_language(language), offer.description.in_language(language))
            for offer in self.offers
        )


NO_GUIDEBOOK = Guidebook()
"""What a corpus has that brings neither."""
