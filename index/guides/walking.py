"""The steps of a guide, with what the corpus says of each, verbatim and cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.answering.advice import Excerpt

if TYPE_CHECKING:
    from index.guides.records import Guide, Quotation, Step
    from index.storage.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step and its excerpts; none where the corpus no longer says anything of it."""

    step: Step
    excerpts: tuple[Excerpt, ...]


def walk(snapshot: Snapshot, guide: Guide) -> tuple[GuideStep, ...]:
    """Return the steps of one of the snapshot's guides, in order, with their excerpts."""
    return tuple(
        GuideStep(step, tuple(_excerpt(snapshot, quotation) for quotation in step.quotes))
        for step in guide.steps
    )


def _excerpt(snapshot: Snapshot, quotation: Quotation) -> Excerpt:
    if quotation.span is None:
        raise ValueError("the quotation is tied to no text; take the guide from the snapshot")
    records, document, span = snapshot.records, quotation.document, quotation.span
    card = records.card(document)
    (stored,) = records.passages([records.row_at(document, span.start)])
    heading = stored.passage.heading
    return Excerpt(
        quote=records.text(document, span),
        document=document,
        title=card.title,
        author=card.author,
        published=card.published,
        heading=heading[-1] if heading else None,
        start=span.start,
        end=span.end,
        similarity=1.0,
    )
