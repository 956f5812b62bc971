"""An excerpt is found again in its place, also where the text has changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.answering.context import AROUND, in_context

if TYPE_CHECKING:
    from index.answering.advice import Excerpt
    from index.answering.advisor import Advisor
    from index.storage.snapshot import Snapshot

QUESTION = "Sollen wir Diensträder anschaffen?"


def every_excerpt(advisor: Advisor) -> list[Excerpt]:
    advice = advisor.advise(QUESTION)
    further = [excerpt for side in advice.sides for excerpt in side.further]
    return [*advice.excerpts(), *further]


def test_the_neighbours_are_verbatim(advisor: Advisor, small_snapshot: Snapshot) -> None:
    """What stands around a quotation is the document's own text, whole sentences, not too much."""
    records = small_snapshot.records
    some_neighbours = False
    for excerpt in every_excerpt(advisor):
        context = in_context(records, excerpt)
        assert context is not None
        assert context.quote == excerpt.quote
        assert not context.moved
        shown = context.before + context.quote + context.after
        text = records.whole_text(excerpt.document)
        assert text[excerpt.start - len(context.before) :].startswith(shown)
        assert len(context.before) <= AROUND
        assert len(context.after) <= AROUND
        assert 1 <= context.ordinal <= context.passages
        assert context.share == excerpt.start / len(text)
        some_neighbours |= bool(context.before and context.after)
    assert some_neighbours


def test_a_moved_quotation_is_found(advisor: Advisor, small_snapshot: Snapshot) -> None:
    """Where the offsets are those of an older text, the nearest place is shown, and said so."""
    excerpt = every_excerpt(advisor)[0]
    older = replace(excerpt, start=excerpt.start + 3, end=excerpt.end + 3)
    context = in_context(small_snapshot.records, older)
    today = in_context(small_snapshot.records, excerpt)
    assert context is not None
    assert today is not None
    assert context == replace(today, moved=True)


def test_what_is_gone_has_no_place(advisor: Advisor, small_snapshot: Snapshot) -> None:
    """Neither a sentence that was rewritten nor a document that was removed."""
    excerpt = every_excerpt(advisor)[0]
    rewritten = replace(excerpt, quote="Das hat nie jemand geschrieben.")
    removed = replace(excerpt, document="gone.txt")
    assert in_context(small_snapshot.records, rewritten) is None
    assert in_context(small_snapshot.records, removed) is None


def test_further_excerpts_repeat_nothing(advisor: Advisor) -> None:
    """What is kept at hand for "more" is not shown already, and stands on one side only."""
    advice = advisor.advise(QUESTION)
    shown = {(one.document, one.start) for one in advice.excerpts()}
    further = [(one.document, one.start) for side in advice.sides for one in side.further]
    assert not shown & set(further)
    assert len(further) == len(set(further))
