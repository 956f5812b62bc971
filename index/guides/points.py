"""What could be said for either side of a debate that has not been said yet.

It is searched for in a debate, or named by a person; both know which words are shown already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.answering.excerpts import Verdict, Window, as_excerpt, choose, cut_windows
from index.answering.grouping import group_windows
from index.answering.keypoints import load_key_points
from index.answering.labels import LabelMap
from index.answering.retrieval import find_passages
from index.answering.standalone import wording
from index.debates.records import CURATED, Side
from index.guides.citing import cite, passage_of, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.answering.advice import Excerpt
    from index.answering.advisor import Advisor
    from index.answering.retrieval import Query
    from index.answering.sides import Group
    from index.debates.records import Debate
    from index.guides.records import Quotation
    from index.storage.records import Stored

SIDES = (Side.YES, Side.NO)
_PASSAGES = 24
_BEHIND = 4
"""How many windows are looked at for each that is shown, to find what makes the same point."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is said: the excerpt that shows it, and the windows that are thereby shown."""

    excerpt: Excerpt
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """What is new for a side, best first; `silent` tells that it never had anything to say."""

    new: tuple[Point, ...]
    silent: bool


class PointFinder:
    """Finds points for both sides in a snapshot; it remembers nothing itself."""

    def __init__(self, advisor: Advisor) -> None:
        self._snapshot = advisor.snapshot
        self._labels = LabelMap(advisor.snapshot)
        self._key_points = load_key_points(advisor.encoder.fingerprint)

    def search(
        self, debate: Debate, query: Query, shown: Sequence[Window], limit: int
    ) -> dict[Side, Points]:
        """Return up to `limit` points for each side of a debate, nearest to the query first."""
        passages = {side: self._passages(debate, side, query) for side in SIDES}
        around = [stored for found in passages.values() for stored in found]
        points: dict[Side, Points] = {}
        taken = [*shown]
        for side, found in passages.items():
            judge = self._labels.judge(debate, side)
            windows = cut_windows(self._snapshot, query, list(found), judge)
            ranks = {stored.row: rank for stored, rank in found.items()}
            best = choose(windows, ranks, _BEHIND * limit, taken)
            groups = group_windows(self._snapshot, self._key_points, best, around)[:limit]
            taken += [window for group in groups for window in group]
            points[side] = Points(tuple(map(self._point, groups)), not windows)
        return points

    def named(
        self,
        debate: Debate,
        quotes: Mapping[Side, Sequence[Quotation]],
        shown: Sequence[Window],
        limit: int,
    ) -> dict[Side, Points]:
        """Return up to `limit` of these quotations for each side, in the order given."""
        points: dict[Side, Points] = {}
        taken = [*shown]
        for side in SIDES:
            new: list[Point] = []
            for quotation in quotes.get(side, ()):
                window = self._window(quotation)
                if len(new) < limit and not any(_shows(other, window) for other in taken):
                    new.append(Point(self._cited(debate, side, quotation), (window,)))
                    taken.append(window)
            points[side] = Points(tuple(new), not quotes.get(side))
        return points

    def _passages(self, debate: Debate, side: Side, query: Query) -> dict[Stored, float]:
        rows = self._labels.rows(debate, side)
        found = find_passages(self._snapshot, query, _PASSAGES, rows).fused
        passages = self._snapshot.records.passages(list(found))
        return dict(zip(passages, found.values(), strict=True))

    def _point(self, group: Group) -> Point:
        best, *others = (as_excerpt(self._snapshot, window) for window in group)
        return Point(replace(best, similar=tuple(others)), group)

    def _cited(self, debate: Debate, side: Side, quotation: Quotation) -> Excerpt:
        """Return a quotation with what the labels of the debate say of it, if they do."""
        verdict = self._labels.judge(debate, side)(quotation.document, place(quotation))
        reported = verdict is not None and verdict.core and verdict.reported
        return cite(self._snapshot, quotation, CURATED, reported=reported)

    def _window(self, quotation: Quotation) -> Window:
        """Return the window of the sentences that a quotation stands in."""
        stored, span = passage_of(self._snapshot, quotation), place(quotation)
        sentences = stored.passage.sentences
        touched = [at for at, sentence in enumerate(sentences) if sentence.overlaps(span)]
        first, last = min(touched, default=0), max(touched, default=0)
        records, document = self._snapshot.records, quotation.document
        language = records.card(document).language or "en"
        wordings = tuple(
            wording(records.text(document, sentence), language)
            for sentence in sentences[first : last + 1]
        )
        return Window(stored, first, last, 1.0, 1.0, Verdict(CURATED), wordings)


def _shows(shown: Window, window: Window) -> bool:
    """Tell whether what a window says can be read in one that is shown."""
    return window.overlaps(shown) or window.repeats(shown)
