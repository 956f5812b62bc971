"""Makes an excerpt of a quotation that a guide or an interview brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.answering.advice import Excerpt

if TYPE_CHECKING:
    from index.corpus.records import Span
    from index.guides.records import Quotation
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored


def cite(
    snapshot: Snapshot,
    quotation: Quotation,
    label_by: str | None = None,
    *,
    reported: bool = False,
) -> Excerpt:
    """Return a quotation of one of the snapshot's guides or interviews, with its source.

    It was chosen and not searched for: its similarity is 1.

    Raises:
        ValueError: It is not tied to the text.
    """
    span = place(quotation)
    card = snapshot.records.card(quotation.document)
    heading = passage_of(snapshot, quotation).passage.heading
    return Excerpt(
        quote=snapshot.records.text(quotation.document, span),
        document=quotation.document,
        title=card.title,
        author=card.author,
        published=card.published,
        heading=heading[-1] if heading else None,
        start=span.start,
        end=span.end,
        similarity=1.0,
        label_by=label_by,
        certainty=1.0 if label_by else None,
        reported=reported,
    )


def place(quotation: Quotation) -> Span:
    """Return where a quotation stands.

    Raises:
        ValueError: It is not tied to the text.
    """
    if quotation.span is None:
        raise ValueError("the quotation is tied to no text; take it from the snapshot")
    return quotation.span


def passage_of(snapshot: Snapshot, quotation: Quotation) -> Stored:
    """Return the passage that a quotation stands in."""
    row = snapshot.records.row_at(quotation.document, place(quotation).start)
    return snapshot.records.passages([row])[0]
