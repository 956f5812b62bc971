"""Ties labels to today's text: a label belongs to a quotation, not to an offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.corpus.records import Document, Span
from index.corpus.remarks import Remark, Remarks
from index.debates.records import Anchored, Label, trust

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Untied(Remarks):
    """Why a quotation has no place in today's text."""

    NO_DOCUMENT = "there is no document {document}"
    EMPTY = "the quote is empty"
    GONE = "the quote is no longer in the text"
    IN_NO_PASSAGE = "the quote stands in no passage (it is left out, or it crosses two)"


@dataclass(frozen=True, slots=True)
class Loose:
    """A label that could not be tied, and why."""

    label: Label
    reason: Remark


def anchor_labels(
    labels: Sequence[Label], documents: Mapping[str, Document]
) -> tuple[tuple[Anchored, ...], tuple[Loose, ...]]:
    """Return the labels with their places, and those whose quotation is gone."""
    anchored: list[Anchored] = []
    loose: list[Loose] = []
    for label in labels:
        document = documents.get(label.document)
        found = None if document is None else _place(document, label.quote)
        if isinstance(found, Span):
            anchored.append(Anchored(label, found))
        else:
            loose.append(Loose(label, found or Untied.NO_DOCUMENT.of(document=label.document)))
    return tuple(anchored), tuple(loose)


def settle(anchored: Sequence[Anchored]) -> tuple[Anchored, ...]:
    """Return the labels without those that a more trusted one of the same subject overlaps.

    A person's word on a span replaces what a file says of it. Equals stay, even if they disagree.
    """

    def rank(one: Anchored) -> int:
        return trust(one.label.by, one.label.certainty)

    by_place: dict[tuple[str, str], list[Anchored]] = {}
    for one in anchored:
        by_place.setdefault((one.label.subject, one.label.document), []).append(one)

    def outdone(one: Anchored) -> bool:
        return any(
            rank(other) < rank(one) and other.span.overlaps(one.span)
            for other in by_place[one.label.subject, one.label.document]
        )

    return tuple(one for one in anchored if not outdone(one))


def _place(document: Document, quote: str) -> Span | Remark:
    """Return the first place inside a passage; white space may differ, nothing else."""
    words = quote.split()
    if not words:
        return Untied.EMPTY.of()
    pattern = r"\s+".join(map(re.escape, words))
    places = [Span(*match.span()) for match in re.finditer(pattern, document.text)]
    if not places:
        return Untied.GONE.of()
    for place in places:
        if any(passage.span.covers(place) for passage in document.passages):
            return place
    return Untied.IN_NO_PASSAGE.of()
