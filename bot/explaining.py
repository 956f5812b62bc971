"""An explanation in words: for whoever wonders why an answer is as it is."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.answering.explanation import Explanation, Weighed
    from index.storage.protocol import Snapshot

_CLIPPED = 60


def describe(explanation: Explanation, snapshot: Snapshot) -> str:
    """Return how a question was read, and what was weighed for each side, as text."""
    return "\n".join([*_reading(explanation), *_weighed(explanation, snapshot)])


def _reading(explanation: Explanation) -> Iterator[str]:
    reading, evidence = explanation.reading, explanation.evidence
    likeliest = ", ".join(f"{name or 'none'} {share:.2f}" for name, share in explanation.subjects)
    yield f"subjects: {likeliest or 'none are described'}"
    yield f"debate: {reading.debate or 'none'}"
    if reading.polarity and reading.asks_for_motion is not None:
        asked = reading.polarity.name.lower().replace("_", " ")
        words = ", reversed by its words" if reading.form.reversed else ""
        yield f"polarity: {asked} (asks for the motion {reading.asks_for_motion:.2f}{words})"
    yield (
        f"covered: {explanation.coverage:.2f} (nearest passage {evidence.passage:+.1f}, "
        f"sentence {evidence.sentence:+.1f} deviations above unrelated questions)"
    )


def _weighed(explanation: Explanation, snapshot: Snapshot) -> Iterator[str]:
    for side, group in groupby(explanation.weighed, key=lambda one: one.side):
        yield f"\n{side}"
        for one in group:
            yield from _lines(one, snapshot)


def _lines(one: Weighed, snapshot: Snapshot) -> Iterator[str]:
    text = " ".join(snapshot.records.whole_text(one.document)[one.start : one.end].split())
    clipped = text if len(text) <= _CLIPPED else text[: _CLIPPED - 1] + "…"
    mark = "+" if one.dropped is None else "-"
    yield f"  {mark} “{clipped}” {one.document} {one.start}–{one.end}"
    ranks = ", ".join(
        f"{name} {'–' if rank is None else rank}"
        for name, rank in (
            ("dense", one.dense_rank),
            ("lexical", one.lexical_rank),
            ("fused", one.fused_rank),
        )
    )
    giver = one.label_by or "no side certain,"
    label = f"{giver} {one.certainty:.2f}" if one.certainty is not None else "no label"
    yield f"    {ranks}; similarity {one.similarity:.3f}, standing {one.standing:.2f}; {label}"
    if one.dropped:
        yield f"    dropped: {one.dropped}"
