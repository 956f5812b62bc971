"""Why an answer is as it is: what the question was taken for, and what was weighed and dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.excerpts import Window
    from index.answering.retrieval import Found
    from index.debates.records import Side
    from index.questions.reading import Reading
    from index.questions.scope import Evidence

_LIKELIEST = 3
_WEIGHED = 12
"""How many windows of a side are told of, at most, beside those that are shown."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A run of sentences that was weighed for a side, with its place.

    Ranks count from 1 among the passages found for that side; `None` means that a search did not
    find the passage. `dropped` says why it is not shown, and is `None` where it is.
    """

    side: Side
    document: str
    start: int
    end: int
    similarity: float
    standing: float
    dense_rank: int | None
    lexical_rank: int | None
    fused_rank: int | None
    label_by: str | None
    certainty: float | None
    dropped: str | None


@dataclass(slots=True)
class Explanation:
    """What was understood of a question and what was weighed for its answer.

    `subjects` are debates and topics by probability, likeliest first ("" is none of them);
    `coverage` is the probability that the documents cover the question at all.
    """

    reading: Reading
    evidence: Evidence
    coverage: float
    weighed: list[Weighed] = field(default_factory=list)

    def take(self, reading: Reading, evidence: Evidence, covered: float) -> None:
        """Tell of another reading: that of the question together with those before it."""
        self.reading, self.evidence, self.coverage = reading, evidence, covered

    @property
    def subjects(self) -> tuple[tuple[str, float], ...]:
        """The likeliest debates and topics with their probabilities."""
        ranked = self.reading.ranked
        if ranked is None:
            return ()
        pairs = zip(ranked.subjects, ranked.probabilities, strict=True)
        return tuple(pairs)[:_LIKELIEST]

    def weigh(
        self,
        side: Side,
        windows: Sequence[Window],
        found: Found,
        shown: Sequence[tuple[Window, ...]],
        elsewhere: Sequence[tuple[Window, ...]] = (),
    ) -> None:
        """Take note of what was weighed for a side and which of it is shown there.

        The first window of each group is shown, the others make its point. `elsewhere` are groups
        that the answer shows in other places.
        """
        dense = _ranks(found.dense.rows.tolist())
        lexical = _ranks(found.lexical.rows.tolist())
        fused = _ranks(list(found.fused))
        best = sorted(windows, key=lambda window: -window.worth)
        grouped = [window for group in shown for window in group]
        told = [*grouped, *[window for window in best if window not in grouped][:_WEIGHED]]
        for window in told:
            row, span = window.stored.row, window.span
            self.weighed.append(
                Weighed(
                    side,
                    window.stored.passage.document,
                    span.start,
                    span.end,
                    window.similarity,
                    window.standing,
                    dense.get(row),
                    lexical.get(row),
                    fused.get(row),
                    window.verdict.by,
                    window.verdict.certainty,
                    _why_dropped(window, shown, elsewhere),
                )
            )


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON values."""
    reading, evidence = explanation.reading, explanation.evidence
    return {
        "subjects": [
            {"id": name or None, "probability": round(probability, 4)}
            for name, probability in explanation.subjects
        ],
        "debate": reading.debate,
        "polarity": reading.polarity.name.lower().replace("_", " ") if reading.polarity else None,
        "asks_for_motion": _rounded(reading.asks_for_motion),
        "reversed_by_words": reading.form.reversed,
        "open": reading.form.open,
        "coverage": round(explanation.coverage, 4),
        "nearest_passage": round(evidence.passage, 2),
        "nearest_sentence": round(evidence.sentence, 2),
        "weighed": [
            {
                "side": one.side.value,
                "document": one.document,
                "start": one.start,
                "end": one.end,
                "similarity": round(one.similarity, 4),
                "standing": round(one.standing, 2),
                "dense_rank": one.dense_rank,
                "lexical_rank": one.lexical_rank,
                "fused_rank": one.fused_rank,
                "label_by": one.label_by,
                "certainty": one.certainty,
                "dropped": one.dropped,
            }
            for one in explanation.weighed
        ],
    }


def _ranks(rows: Sequence[int]) -> dict[int, int]:
    return {row: rank for rank, row in enumerate(rows, start=1)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _why_dropped(
    window: Window,
    shown: Sequence[tuple[Window, ...]],
    elsewhere: Sequence[tuple[Window, ...]],
) -> str | None:
    here = [other for group in shown for other in group]
    there = [other for group in elsewhere for other in group]
    if any(window == group[0] for group in shown):
        return None
    reasons = {
        "makes the same point as an excerpt shown": window in here,
        "shares words with an excerpt shown": any(window.overlaps(other) for other in here),
        "shares words with an excerpt shown elsewhere": any(map(window.overlaps, there)),
        "repeats an excerpt shown": any(window.repeats(other) for other in (*here, *there)),
    }
    stated = (reason for reason, holds in reasons.items() if holds)
    return next(stated, "others are nearer, or the other side has no more")
