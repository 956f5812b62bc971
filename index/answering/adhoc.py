"""Two sides for a question that no debate covers: a stance model places what is found.

The question itself is the motion. What the model is not certain of is shown as unclear, never on a
side.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from index.answering.excerpts import Verdict, as_excerpt, choose, cut_windows
from index.answering.sides import Sided, as_sided, equal_room
from index.debates.records import Localised, Side
from index.questions.reading import Polarity
from index.stance.protocol import place

if TYPE_CHECKING:
    from index.answering.excerpts import Window
    from index.answering.explanation import Explanation
    from index.answering.retrieval import Found, Query
    from index.answering.sides import Group
    from index.corpus.records import Span
    from index.questions.lexicon import Form
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Snapshot

NAMES = {
    Side.YES: Localised({"de": "Dafür", "en": "For"}),
    Side.NO: Localised({"de": "Dagegen", "en": "Against"}),
}
_PASSAGES = 16
_JUDGED = 16
"""How many windows the model reads: each costs some milliseconds."""
_NEAR = 0.95
"""How near, of the nearest window, one must be to be judged at all."""
_UNSIDED = 3
"""How many unclear excerpts, and how many of background, are shown."""


def ad_hoc(
    snapshot: Snapshot,
    model: StanceModel,
    query: Query,
    form: Form,
    found: Found,
    limit: int,
    explanation: Explanation | None = None,
) -> Sided:
    """Return what speaks for and against a question, as far as the model is certain."""
    windows = _placed(snapshot, model, query, form.affirmative, found)
    polarity = Polarity.REVERSED if form.reversed else Polarity.AS_MOTION
    groups: dict[Side, list[Group]] = {
        side: [(window,) for window in windows[side][: limit if side in NAMES else _UNSIDED]]
        for side in Side
    }
    shown = {**groups, **equal_room(groups, limit)}
    if explanation:
        for side in Side:
            explanation.weigh(side, windows[side], found, shown[side])
    return as_sided(snapshot, shown, NAMES, polarity)


def _placed(
    snapshot: Snapshot, model: StanceModel, query: Query, motion: str, found: Found
) -> dict[Side, list[Window]]:
    """Return the windows nearest to the question by where the model puts them, best first."""
    rows = list(found.fused)[:_PASSAGES]
    passages = snapshot.records.passages(rows)
    windows = cut_windows(snapshot, query, passages, _admit)
    nearest = max((window.similarity for window in windows), default=0.0)
    near = [window for window in windows if window.similarity >= _NEAR * nearest]
    chosen = choose(near, found.fused, _JUDGED)
    texts = [as_excerpt(snapshot, window).quote for window in chosen]
    placed: defaultdict[Side, list[Window]] = defaultdict(list)
    for window, placement in zip(chosen, place(model, motion, texts), strict=True):
        by = None if placement.side is Side.UNCLEAR else placement.by
        verdict = Verdict(by, certainty=round(placement.certainty, 3))
        if placement.side is Side.BACKGROUND:
            verdict = Verdict()
        placed[placement.side].append(replace(window, verdict=verdict))
    return placed


def _admit(_document: str, _sentence: Span) -> Verdict:
    return Verdict()
