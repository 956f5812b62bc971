"""Ties the quotations of guides to today's text, as labels are tied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.debates.anchoring import anchor_labels
from index.debates.records import Label, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.corpus.records import Document
    from index.guides.records import Guide, Guidebook, Quotation, Step


@dataclass(frozen=True, slots=True)
class LostQuotation:
    """A quotation that could not be tied, where it is used, and why."""

    guide: str
    step: str
    quotation: Quotation
    reason: str


def tie(
    book: Guidebook, documents: Mapping[str, Document]
) -> tuple[Guidebook, tuple[LostQuotation, ...]]:
    """Return the guidebook with the places of all quotations, and those that are gone.

    A step stays without what is gone: the advice is ours.
    """
    lost: list[LostQuotation] = []
    guides = tuple(_tied_guide(guide, documents, lost) for guide in book.guides)
    return replace(book, guides=guides), tuple(lost)


def _tied_guide(
    guide: Guide, documents: Mapping[str, Document], lost: list[LostQuotation]
) -> Guide:
    return replace(
        guide, steps=tuple(_tied_step(guide.id, step, documents, lost) for step in guide.steps)
    )


def _tied_step(
    guide: str, step: Step, documents: Mapping[str, Document], lost: list[LostQuotation]
) -> Step:
    kept: list[Quotation] = []
    for quotation in step.quotes:
        label = Label(guide, quotation.document, quotation.quote, Side.BACKGROUND)
        anchored, loose = anchor_labels([label], documents)
        kept += [replace(quotation, span=one.span) for one in anchored]
        lost += [LostQuotation(guide, step.id, quotation, one.reason) for one in loose]
    return replace(step, quotes=tuple(kept))
