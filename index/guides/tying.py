"""Ties the quotations of guides and interviews to today's text, as labels are tied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.debates.anchoring import anchor_labels
from index.debates.records import Label, Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.corpus.records import Document
    from index.corpus.remarks import Remark
    from index.guides.records import Guide, Guidebook, Interview, Option, Question, Quotation


@dataclass(frozen=True, slots=True)
class LostQuotation:
    """A quotation that could not be tied, where it is used, and why."""

    where: str
    quotation: Quotation
    reason: Remark


def tie(
    book: Guidebook, documents: Mapping[str, Document]
) -> tuple[Guidebook, tuple[LostQuotation, ...]]:
    """Return the guidebook with the places of all quotations, and those that are gone.

    A step or an option stays without what is gone.
    """
    knot = _Knot(documents, [])
    guides = tuple(map(knot.guide, book.guides))
    interviews = tuple(map(knot.interview, book.interviews))
    return replace(book, guides=guides, interviews=interviews), tuple(knot.lost)


@dataclass(frozen=True, slots=True)
class _Knot:
    """Ties to these documents, and notes what is lost."""

    documents: Mapping[str, Document]
    lost: list[LostQuotation]

    def guide(self, guide: Guide) -> Guide:
        steps = tuple(
            replace(step, quotes=self._quotes(f"guide {guide.id}, step {step.id}", step.quotes))
            for step in guide.steps
        )
        return replace(guide, steps=steps)

    def interview(self, interview: Interview) -> Interview:
        questions = tuple(self._question(interview.id, one) for one in interview.questions)
        return replace(interview, questions=questions)

    def _question(self, interview: str, question: Question) -> Question:
        where = f"interview {interview}, question {question.id}"
        options = tuple(self._option(where, option) for option in question.options)
        return replace(question, options=options)

    def _option(self, where: str, option: Option) -> Option:
        quotes = {
            side: self._quotes(f"{where}, option {option.id}", given)
            for side, given in option.quotes.items()
        }
        return replace(option, quotes=quotes)

    def _quotes(self, where: str, quotes: Sequence[Quotation]) -> tuple[Quotation, ...]:
        kept: list[Quotation] = []
        for quotation in quotes:
            label = Label(where, quotation.document, quotation.quote, Side.BACKGROUND)
            anchored, loose = anchor_labels([label], self.documents)
            kept += [replace(quotation, span=one.span) for one in anchored]
            self.lost.extend(LostQuotation(where, quotation, one.reason) for one in loose)
        return tuple(kept)
