"""Both sides of a debate, in equal room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from index.answering.advice import SideOfAnswer, Stance
from index.answering.excerpts import (
    SENTENCE_LIMIT,
    Window,
    as_excerpt,
    choose,
    cut_windows,
    first_of_passages,
)
from index.answering.grouping import group_windows
from index.answering.method import FULL
from index.answering.retrieval import find_passages
from index.debates.records import Side
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.answering.advice import Excerpt
    from index.answering.explanation import Explanation
    from index.answering.keypoints import KeyPoints
    from index.answering.labels import LabelMap
    from index.answering.method import Method
    from index.answering.retrieval import Found, Query
    from index.debates.records import Debate, Localised
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored

Group = tuple[Window, ...]
"""Windows that make one point; the first is shown, the others stand behind it."""
FURTHER = 9
"""How many more excerpts of a side are kept at hand, for whoever asks for more."""
BESIDE_SIDES = 2
"""How many excerpts of background, and how many unclear ones, stand below two sides."""
_SIDES = (Side.YES, Side.NO)
_PASSAGES = 24
_BEHIND = 4
"""How many windows are looked at for each that is shown, to find what makes the same point."""


@dataclass(frozen=True, slots=True)
class Sided:
    """What is shown where there are two sides; yes to the question comes first."""

    sides: tuple[SideOfAnswer, ...]
    background: tuple[Excerpt, ...] = ()
    unclear: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pool:
    """All that could be shown for a side, its passages, and how they were found."""

    windows: Sequence[Window]
    passages: Sequence[Stored]
    found: Found
    method: Method

    def best(self, limit: int, taken: Iterable[Group] = ()) -> list[Window]:
        shown = [window for group in taken for window in group]
        return choose(self.windows, self.found.fused, limit, shown, self.method)


class SideFinder:
    """Finds what a snapshot holds for each side of its debates."""

    def __init__(
        self,
        snapshot: Snapshot,
        labels: LabelMap,
        key_points: KeyPoints,
        method: Method = FULL,
    ) -> None:
        self._snapshot = snapshot
        self._labels = labels
        self._key_points = key_points
        self._method = method

    def both(
        self,
        debate: Debate,
        polarity: Polarity,
        query: Query,
        limit: int,
        explanation: Explanation | None = None,
    ) -> Sided:
        """Return up to `limit` excerpts of each side, the same number where both have a voice.

        Excerpts of a side that make one point stand behind the best of them.
        """
        if self._method.per_side:
            pools = {side: self._pool(debate, side, query) for side in Side}
            shown = self._sides(debate, query, pools, limit)
        else:
            pools = self._pools_of_one_search(debate, query)
            shown = self._without_quotas(pools, limit)
        taken = [group for groups in shown.values() for group in groups]
        for side in (Side.BACKGROUND, Side.UNCLEAR):
            shown[side] = [(window,) for window in pools[side].best(BESIDE_SIDES, taken)]
            taken += shown[side]
        further = {side: self._further(pools[side], taken) for side in _SIDES}
        if explanation:
            for side, pool in pools.items():
                elsewhere = [group for group in taken if group not in shown[side]]
                explanation.weigh(side, pool.windows, pool.found, shown[side], elsewhere)
        return as_sided(self._snapshot, shown, debate.sides, polarity, further)

    def _further(self, pool: _Pool, taken: Sequence[Group]) -> list[Group]:
        """Return what else a side has to say, each group of it once."""
        left = pool.best(FURTHER, taken)
        return self._grouped(left, pool.passages)[:FURTHER]

    def _sides(
        self, debate: Debate, query: Query, pools: Mapping[Side, _Pool], limit: int
    ) -> dict[Side, list[Group]]:
        """Return what is shown of both sides, in equal room."""
        around = [stored for side in _SIDES for stored in pools[side].passages]

        def points(pool: _Pool, wanted: int, taken: Iterable[Group] = ()) -> list[Group]:
            return self._grouped(pool.best(_BEHIND * wanted, taken), around)[:wanted]

        shown = {Side.YES: points(pools[Side.YES], limit)}
        shown[Side.NO] = points(pools[Side.NO], limit, shown[Side.YES])
        wanted = max(map(len, shown.values()))
        for side, other in (_SIDES, _SIDES[::-1]):
            if 0 < len(shown[side]) < wanted:  # say the same in more and shorter excerpts
                pool = self._pool(debate, side, query, sentences=1)
                shown[side] = max(shown[side], points(pool, wanted, shown[other]), key=len)
        return equal_room(shown, limit)

    def _grouped(self, windows: Sequence[Window], around: Sequence[Stored]) -> list[Group]:
        if not self._method.diversity:
            return [(window,) for window in windows]
        return group_windows(self._snapshot, self._key_points, windows, around)

    def _pool(
        self, debate: Debate, side: Side, query: Query, sentences: int = SENTENCE_LIMIT
    ) -> _Pool:
        rows = self._labels.rows(debate, side)
        found = find_passages(self._snapshot, query, _PASSAGES, rows, self._method)
        passages = self._snapshot.records.passages(list(found.fused))
        judge = self._labels.judge(debate, side)
        windows = cut_windows(self._snapshot, query, passages, judge, sentences)
        return self._pool_of(windows, passages, found)

    def _pool_of(
        self, windows: Sequence[Window], passages: Sequence[Stored], found: Found
    ) -> _Pool:
        if not self._method.excerpt_choice:
            windows = first_of_passages(windows)
        return _Pool(windows, passages, found, self._method)

    def _pools_of_one_search(self, debate: Debate, query: Query) -> dict[Side, _Pool]:
        """Return what each side's judge admits of the passages that are found for the question."""
        found = find_passages(self._snapshot, query, _PASSAGES, method=self._method)
        passages = self._snapshot.records.passages(list(found.fused)[:_PASSAGES])
        judges = {side: self._labels.judge(debate, side) for side in Side}
        return {
            side: self._pool_of(
                cut_windows(self._snapshot, query, passages, judge), passages, found
            )
            for side, judge in judges.items()
        }

    def _without_quotas(self, pools: Mapping[Side, _Pool], limit: int) -> dict[Side, list[Group]]:
        """Return the best of both sides together, each on its side: all may be on one."""
        windows = [window for side in _SIDES for window in pools[side].windows]
        best = replace(pools[Side.YES], windows=windows).best(2 * _BEHIND * limit)
        groups = [
            (best.index(group[0]), side, group)
            for side in _SIDES
            for group in self._grouped(
                [window for window in best if window in pools[side].windows],
                pools[side].passages,
            )
        ]
        shown = sorted(groups, key=lambda placed: placed[0])[: 2 * limit]
        return {side: [group for _, on, group in shown if on is side] for side in _SIDES}


def equal_room(groups: Mapping[Side, Sequence[Group]], limit: int) -> dict[Side, list[Group]]:
    """Return as many groups of each side as the thinner one has; of all that one has, if alone."""
    heard = [len(groups[side]) for side in _SIDES if groups[side]]
    room = min(heard) if len(heard) > 1 else limit
    return {side: list(groups[side][:room]) for side in _SIDES}


def as_sided(
    snapshot: Snapshot,
    shown: Mapping[Side, Sequence[Group]],
    names: Mapping[Side, Localised],
    polarity: Polarity,
    further: Mapping[Side, Sequence[Group]] = MappingProxyType({}),
) -> Sided:
    """Return what is shown, yes to the question first, and what is kept at hand."""
    excerpts = {side: _excerpts(snapshot, groups) for side, groups in shown.items()}
    order = _SIDES if polarity is Polarity.AS_MOTION else _SIDES[::-1]
    sides = (
        SideOfAnswer(
            stance, names[side], excerpts[side], _excerpts(snapshot, further.get(side, ()))
        )
        for stance, side in zip(Stance, order, strict=True)
    )
    return Sided(tuple(sides), excerpts[Side.BACKGROUND], excerpts[Side.UNCLEAR])


def _excerpts(snapshot: Snapshot, groups: Sequence[Group]) -> tuple[Excerpt, ...]:
    return tuple(_excerpt(snapshot, group) for group in groups)


def _excerpt(snapshot: Snapshot, group: Group) -> Excerpt:
    """Return the excerpt that stands for a group, with the others behind it."""
    best, *others = (as_excerpt(snapshot, window) for window in group)
    return replace(best, similar=tuple(others))
