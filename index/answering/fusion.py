"""Fuses rankings into one: by reciprocal rank, or by what two searches measured.

Ranks need no common scale, and forget how far apart two places are. Where both measures are at
hand, their weighted sum does better, and has one constant only (Bruch, Gai and Ingber 2023,
doi:10.1145/3596512).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from numpy.typing import NDArray

    from index.storage.vectors import Rows

    Numbers = NDArray[np.float32]

Item = TypeVar("Item", bound="Hashable")

K = 60
"""The paper's constant: how little the first places stand out from the next ones."""


def fuse(rankings: Iterable[tuple[Sequence[Item], float]]) -> dict[Item, float]:
    """Return each item's reciprocal rank score, highest first, from weighted rankings, best first.

    An item that a ranking does not hold gets nothing from it (Cormack, Clarke and Büttcher 2009,
    doi:10.1145/1571941.1572114).
    """
    fused: defaultdict[Item, float] = defaultdict(float)
    for ranking, weight in rankings:
        for place, item in enumerate(ranking, start=1):
            fused[item] += weight / (K + place)
    return dict(sorted(fused.items(), key=lambda pair: -pair[1]))


def combine(
    rows: Rows, similarities: Numbers, shares: Numbers, unit: float, weight: float
) -> dict[int, float]:
    """Return each row's weighted sum of both measures, highest first; `(n,)` each.

    A cosine counts from the least that there can be, -1, in units of `unit`; a lexical share of 1
    counts as much as `weight` units. No value is below 0; equal ones come in the order of
    their rows.
    """
    values = (1.0 + similarities.astype(np.float64)) / unit + weight * shares.astype(np.float64)
    order = np.lexsort((rows, -values))
    return dict(zip(rows[order].tolist(), values[order].tolist(), strict=True))
