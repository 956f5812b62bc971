"""Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

Item = TypeVar("Item", bound="Hashable")

K = 60
"""The paper's constant: how little the first places stand out from the next ones."""


def fuse(rankings: Iterable[tuple[Sequence[Item], float]]) -> dict[Item, float]:
    """Return each item's fused rank score, highest first, from weighted rankings, best first.

    An item that a ranking does not hold gets nothing from it.
    """
    fused: defaultdict[Item, float] = defaultdict(float)
    for ranking, weight in rankings:
        for place, item in enumerate(ranking, start=1):
            fused[item] += weight / (K + place)
    return dict(sorted(fused.items(), key=lambda pair: -pair[1]))
