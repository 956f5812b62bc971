"""Where an excerpt stands: its passage with its neighbours, and how far into the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.corpus.records import Span

if TYPE_CHECKING:
    from index.answering.advice import Excerpt
    from index.storage.protocol import Records
    from index.storage.records import Stored

AROUND = 700
"""How many code points are shown before an excerpt, and how many after it, at most."""


@dataclass(frozen=True, slots=True)
class Context:
    """A quotation in its place.

    `before` and `after` are verbatim, cut between sentences. `ordinal` counts the document's
    passages from 1; `share`, in [0, 1], tells how far into the text the quotation begins. `moved`
    tells that the text has changed since the excerpt was shown, and the quotation stands elsewhere.
    """

    before: str
    quote: str
    after: str
    heading: tuple[str, ...]
    ordinal: int
    passages: int
    share: float
    moved: bool = False


def in_context(records: Records, excerpt: Excerpt, around: int = AROUND) -> Context | None:
    """Return an excerpt in its place in today's text, `None` where it stands there no longer."""
    found = _place(records, excerpt)
    if found is None:
        return None
    text, span = found
    stored = records.passages([records.row_at(excerpt.document, span.start)])[0]
    last = records.passages([records.row_at(excerpt.document, span.end - 1)])[0]
    start, end = _reach(records, stored, last, span, around)
    return Context(
        before=text[start : span.start],
        quote=excerpt.quote,
        after=text[span.end : end],
        heading=stored.passage.heading,
        ordinal=stored.passage.ordinal + 1,
        passages=records.passages_of(excerpt.document),
        share=span.start / len(text),
        moved=span.start != excerpt.start,
    )


def _place(records: Records, excerpt: Excerpt) -> tuple[str, Span] | None:
    """Return the document's text and the place of the quotation that is nearest to the old one."""
    try:
        text = records.whole_text(excerpt.document)
    except ValueError:
        return None
    if text[excerpt.start : excerpt.end] == excerpt.quote:
        return text, Span(excerpt.start, excerpt.end)
    places = [at for at in _found(text, excerpt.quote) if _is_indexed(records, excerpt, at)]
    if not places:
        return None
    start = min(places, key=lambda at: abs(at - excerpt.start))
    return text, Span(start, start + len(excerpt.quote))


def _found(text: str, quote: str) -> list[int]:
    places, at = [], text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def _is_indexed(records: Records, excerpt: Excerpt, start: int) -> bool:
    try:
        records.row_at(excerpt.document, start)
        records.row_at(excerpt.document, start + len(excerpt.quote) - 1)
    except ValueError:
        return False
    return True


def _reach(
    records: Records, first: Stored, last: Stored, span: Span, around: int
) -> tuple[int, int]:
    """Return from where to where the context reaches: whole sentences of up to three passages."""
    before = records.passage_at(first.passage.document, first.passage.ordinal - 1)
    after = records.passage_at(last.passage.document, last.passage.ordinal + 1)
    sentences = [
        sentence
        for stored in (before, first, last, after)
        if stored is not None
        for sentence in stored.passage.sentences
    ]
    starts = (one.start for one in sentences if span.start - around <= one.start <= span.start)
    ends = (one.end for one in sentences if span.end <= one.end <= span.end + around)
    return min(starts, default=span.start), max(ends, default=span.end)
