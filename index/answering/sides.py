"""Both sides of a debate, in equal room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.answering.advice import SideOfAnswer, Stance
from index.answering.excerpts import SENTENCE_LIMIT, as_excerpt, choose, cut_windows
from index.answering.retrieval import find_passages
from index.debates.records import Side
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.answering.advice import Excerpt
    from index.answering.excerpts import Window
    from index.answering.explanation import Explanation
    from index.answering.labels import LabelMap
    from index.answering.retrieval import Found, Query
    from index.debates.records import Debate, Localised
    from index.storage.snapshot import Snapshot

BESIDE_SIDES = 2
"""How many excerpts of background, and how many unclear ones, stand below two sides."""
_PASSAGES = 24


@dataclass(frozen=True, slots=True)
class Sided:
    """What is shown where there are two sides; yes to the question comes first."""

    sides: tuple[SideOfAnswer, ...]
    background: tuple[Excerpt, ...] = ()
    unclear: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pool:
    """All that could be shown for a side, and how its passages were found."""

    windows: Sequence[Window]
    found: Found

    def best(self, limit: int, taken: Sequence[Window] = ()) -> list[Window]:
        return choose(self.windows, self.found.fused, limit, taken)


class SideFinder:
    """Finds what a snapshot holds for each side of its debates."""

    def __init__(self, snapshot: Snapshot, labels: LabelMap) -> None:
        self._snapshot = snapshot
        self._labels = labels

    def both(
        self,
        debate: Debate,
        polarity: Polarity,
        query: Query,
        limit: int,
        explanation: Explanation | None = None,
    ) -> Sided:
        """Return up to `limit` excerpts of each side, the same number where both have a voice."""
        pools = {side: self._pool(debate, side, query) for side in Side}
        shown = self._sides(debate, query, pools, limit)
        taken = [window for windows in shown.values() for window in windows]
        for side in (Side.BACKGROUND, Side.UNCLEAR):
            shown[side] = pools[side].best(BESIDE_SIDES, taken)
            taken += shown[side]
        if explanation:
            for side, pool in pools.items():
                elsewhere = [window for window in taken if window not in shown[side]]
                explanation.weigh(side, pool.windows, pool.found, shown[side], elsewhere)
        return Sided(
            as_sides(self._snapshot, shown, debate.sides, polarity),
            tuple(as_excerpt(self._snapshot, window) for window in shown[Side.BACKGROUND]),
            tuple(as_excerpt(self._snapshot, window) for window in shown[Side.UNCLEAR]),
        )

    def _sides(
        self, debate: Debate, query: Query, pools: Mapping[Side, _Pool], limit: int
    ) -> dict[Side, list[Window]]:
        """Return the windows of both sides, in equal room."""
        windows = {Side.YES: pools[Side.YES].best(limit)}
        windows[Side.NO] = pools[Side.NO].best(limit, windows[Side.YES])
        wanted = max(map(len, windows.values()))
        for side, other in ((Side.YES, Side.NO), (Side.NO, Side.YES)):
            if 0 < len(windows[side]) < wanted:  # say the same in more and shorter excerpts
                pool = self._pool(debate, side, query, sentences=1)
                windows[side] = max(windows[side], pool.best(wanted, windows[other]), key=len)
        return equal_room(windows, limit)

    def _pool(
        self, debate: Debate, side: Side, query: Query, sentences: int = SENTENCE_LIMIT
    ) -> _Pool:
        rows = self._labels.rows(debate, side)
        found = find_passages(self._snapshot, query, _PASSAGES, among=rows)
        passages = self._snapshot.records.passages(list(found.fused))
        judge = self._labels.judge(debate, side)
        return _Pool(cut_windows(self._snapshot, query, passages, judge, sentences), found)


def equal_room(windows: Mapping[Side, Sequence[Window]], limit: int) -> dict[Side, list[Window]]:
    """Return as many windows of each side as the thinner one has; of all that one has, if alone."""
    heard = [len(windows[side]) for side in (Side.YES, Side.NO) if windows[side]]
    room = min(heard) if len(heard) > 1 else limit
    return {side: list(windows[side][:room]) for side in (Side.YES, Side.NO)}


def as_sides(
    snapshot: Snapshot,
    windows: Mapping[Side, Sequence[Window]],
    names: Mapping[Side, Localised],
    polarity: Polarity,
) -> tuple[SideOfAnswer, ...]:
    """Return the sides as they are shown: yes to the question first."""
    order = (Side.YES, Side.NO) if polarity is Polarity.AS_MOTION else (Side.NO, Side.YES)
    return tuple(
        SideOfAnswer(
            stance, names[side], tuple(as_excerpt(snapshot, window) for window in windows[side])
        )
        for stance, side in zip(Stance, order, strict=True)
    )
