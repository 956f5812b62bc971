"""Checks a corpus' labels: contradictions, lost quotations, empty sides, passages nobody covers.

The quotations of guides are looked for too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from index.corpus.reading import read_corpus
from index.debates.anchoring import anchor_labels, settle
from index.debates.loading import read_agenda
from index.debates.records import Side
from index.guides.loading import read_guidebook
from index.guides.tying import tie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.corpus.records import Document
    from index.debates.loading import Agenda
    from index.debates.records import Anchored, Debate
    from index.guides.records import Guidebook, Interview, Quotation
    from index.guides.tying import LostQuotation

_CLIPPED = 80
_OPPOSITE = {Side.YES: Side.NO, Side.NO: Side.YES}


class Kind(StrEnum):
    """What was found; the first two are errors, the others are worth a look."""

    CONTRADICTION = "contradiction"
    LOST = "quotation is gone"
    EMPTY_SIDE = "empty side"
    UNCOVERED = "covered by no debate"


ERRORS = frozenset({Kind.CONTRADICTION, Kind.LOST})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the keeper of a corpus should look at, and where it is."""

    kind: Kind
    where: str
    what: str


def check_labels(corpus: Path) -> list[Finding]:
    """Return what is wrong with, or missing from, the labels and guides of a corpus folder.

    Raises:
        CorpusError: The corpus cannot be read.
    """
    documents = {document.id: document for document in read_corpus(corpus).documents}
    agenda = read_agenda(corpus)
    anchored, loose = anchor_labels(agenda.labels, documents)
    labels = settle(anchored)
    lost = (
        Finding(
            Kind.LOST,
            f"{one.label.subject}, {one.label.document}",
            f"“{_clipped(one.label.quote)}”: {one.reason}",
        )
        for one in loose
    )
    book = read_guidebook(corpus, {debate.id for debate in agenda.debates})
    book, lost_of_guides = tie(book, documents)
    return [
        *_contradictions(labels),
        *lost,
        *_lost_of_guides(lost_of_guides),
        *_misplaced(book, agenda, labels),
        *_empty_sides(agenda, labels),
        *_uncovered(list(documents.values()), labels),
    ]


def _contradictions(labels: Sequence[Anchored]) -> Iterator[Finding]:
    """Yield pairs of labels of one debate that share words and name different sides."""
    places: defaultdict[tuple[str, str], list[Anchored]] = defaultdict(list)
    for one in labels:
        places[one.label.subject, one.label.document].append(one)
    for (debate, document), here in places.items():
        for one, other in combinations(here, 2):
            if one.label.side is not other.label.side and one.span.overlaps(other.span):
                yield Finding(
                    Kind.CONTRADICTION,
                    f"{debate}, {document}",
                    f"“{_clipped(one.label.quote)}” is {one.label.side} ({one.label.by}), "
                    f"“{_clipped(other.label.quote)}” is {other.label.side} ({other.label.by})",
                )


def _lost_of_guides(lost: Sequence[LostQuotation]) -> Iterator[Finding]:
    for one in lost:
        yield Finding(
            Kind.LOST,
            f"{one.where}, {one.quotation.document}",
            f"“{_clipped(one.quotation.quote)}”: {one.reason}",
        )


def _misplaced(book: Guidebook, agenda: Agenda, labels: Sequence[Anchored]) -> Iterator[Finding]:
    """Yield quotations that interviews put on one side and labels of their debate on the other."""
    families = {debate.id: _family(debate) for debate in agenda.debates}
    for interview in book.interviews:
        family = families[interview.debate]
        for where, side, quotation in _sided(interview):
            for one in labels:
                opposed = one.label.side is _OPPOSITE[side] and one.label.subject in family
                if opposed and _touches(one, quotation):
                    yield Finding(
                        Kind.CONTRADICTION,
                        f"{where}, {quotation.document}",
                        f"“{_clipped(quotation.quote)}” is {side}, "
                        f"“{_clipped(one.label.quote)}” is {one.label.side} ({one.label.by})",
                    )


def _sided(interview: Interview) -> Iterator[tuple[str, Side, Quotation]]:
    for question in interview.questions:
        for option in question.options:
            where = f"interview {interview.id}, question {question.id}, option {option.id}"
            for side, quotes in option.quotes.items():
                yield from ((where, side, quotation) for quotation in quotes)


def _touches(one: Anchored, quotation: Quotation) -> bool:
    same = one.label.document == quotation.document
    return same and quotation.span is not None and one.span.overlaps(quotation.span)


def _empty_sides(agenda: Agenda, labels: Sequence[Anchored]) -> Iterator[Finding]:
    sides = {(one.label.subject, one.label.side) for one in labels}
    for debate in agenda.debates:
        for side in (Side.YES, Side.NO):
            if not any((subject, side) in sides for subject in _family(debate)):
                name = debate.sides[side].in_language("en")
                yield Finding(Kind.EMPTY_SIDE, debate.id, f"no label speaks for {side} ({name})")


def _family(debate: Debate) -> tuple[str, ...]:
    return (debate.id, *debate.inherits)


def _uncovered(documents: Sequence[Document], labels: Sequence[Anchored]) -> Iterator[Finding]:
    for document in documents:
        spans = [one.span for one in labels if one.label.document == document.id]
        for passage in document.passages:
            if not any(passage.span.overlaps(span) for span in spans):
                text = _clipped(passage.span.of(document.text))
                yield Finding(Kind.UNCOVERED, f"{document.id}, {passage.span.start}", f"“{text}”")


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CLIPPED else line[: _CLIPPED - 1] + "…"
