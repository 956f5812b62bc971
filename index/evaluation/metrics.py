"""What is counted for each answer; a measure is the mean of its counts over questions.

Each count is a fraction in [0, 1]; a question that a measure does not concern gives none. Excerpts
on the wrong side are counted one by one, so that one slip among three weighs a third.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.answering.advice import Advice, Excerpt, SideOfAnswer
    from index.evaluation.questions import Gold, GoldQuestion
    from index.storage.protocol import Snapshot

HIGHER_IS_BETTER = {
    "gold in top 1": True,
    "gold in top 3": True,
    "wrong side": False,
    "both sides": True,
    "background found": True,
    "answered": True,
    "silent": True,
    "verbatim": True,
    "equal room": True,
}


def counts(
    snapshot: Snapshot, question: GoldQuestion, advice: Advice
) -> Iterator[tuple[str, float]]:
    """Yield `(measure, fraction)` for one answer."""
    if not question.answerable:
        yield "silent", float(not advice.answered)
        return
    yield "answered", float(advice.answered)
    for excerpt in advice.excerpts():
        yield "verbatim", float(_is_verbatim(snapshot, excerpt))
    if question.yes or question.no:
        yield from _side_counts(question, advice)
    if question.background and not (question.yes or question.no):
        yield "background found", float(_finds(advice.excerpts(), question.background))


def _side_counts(question: GoldQuestion, advice: Advice) -> Iterator[tuple[str, float]]:
    sides = {side.stance.value: side.excerpts for side in advice.sides}
    golds = {"yes": question.yes, "no": question.no}
    for stance, other in (("yes", "no"), ("no", "yes")):
        shown = sides.get(stance, ())
        if golds[stance]:
            yield "gold in top 1", float(_finds(shown[:1], golds[stance]))
            yield "gold in top 3", float(_finds(shown[:3], golds[stance]))
        for excerpt in shown:
            misplaced = _finds([excerpt], golds[other]) and not _finds([excerpt], golds[stance])
            yield "wrong side", float(misplaced)
    if question.yes and question.no:
        yield "both sides", float(bool(sides.get("yes")) and bool(sides.get("no")))
    filled = [side for side in advice.sides if side.excerpts]
    if len(filled) > 1:
        yield "equal room", float(_equal_room(filled))


def _equal_room(sides: Sequence[SideOfAnswer]) -> bool:
    return len({len(side.excerpts) for side in sides}) == 1


def _finds(excerpts: Sequence[Excerpt], golds: Sequence[Gold]) -> bool:
    """Tell whether an excerpt shows a gold quotation, or lies within one."""
    return any(
        gold.quote in excerpt.quote or excerpt.quote in gold.quote
        for excerpt in excerpts
        for gold in golds
    )


def _is_verbatim(snapshot: Snapshot, excerpt: Excerpt) -> bool:
    text = snapshot.records.whole_text(excerpt.document)
    return text[excerpt.start : excerpt.end] == excerpt.quote
