"""Means with 95 % intervals by the percentile bootstrap (Efron 1979), seeded.

What is drawn anew is whole groups, such as all that one answer was counted for: two excerpts of one
answer are no independent witnesses, and an interval that took them so would be too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_RESAMPLES = 2000
_SEED = 20110218
_EDGES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval over `count` cases."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """How much higher a mean is than another of the same questions; below 0 it is lower."""


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of independent values and its interval."""
    return clustered([[value] for value in values])


def clustered(groups: Sequence[Sequence[float]]) -> Interval:
    """Return the mean over all values and its interval, whole groups being drawn anew.

    Raises:
        ValueError: There is no value.
    """
    filled = [group for group in groups if len(group)]
    if not filled:
        raise ValueError("there is nothing to take the mean of")
    sums, sizes = _totals(filled)
    draws = _draws(len(filled))
    low, high = np.percentile(sums[draws].sum(axis=1) / sizes[draws].sum(axis=1), _EDGES)
    return Interval(float(sums.sum() / sizes.sum()), float(low), float(high), int(sizes.sum()))


def difference(
    base: Sequence[Sequence[float]], other: Sequence[Sequence[float]]
) -> Difference | None:
    """Return the mean of `other` less that of `base`; `None` where either has no value.

    Both hold the same groups in the same order, and the same groups are drawn for both: what makes
    a question hard for either cancels out.
    """
    pairs = [(one, two) for one, two in zip(base, other, strict=True) if len(one) or len(two)]
    if not any(len(one) for one, _ in pairs) or not any(len(two) for _, two in pairs):
        return None
    base_sums, base_sizes = _totals([one for one, _ in pairs])
    sums, sizes = _totals([two for _, two in pairs])
    draws = _draws(len(pairs))
    with np.errstate(invalid="ignore"):  # a draw of few groups may hold no value of one of them
        drawn = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
        drawn -= base_sums[draws].sum(axis=1) / base_sizes[draws].sum(axis=1)
    low, high = np.nanpercentile(drawn, _EDGES)
    mean = sums.sum() / sizes.sum() - base_sums.sum() / base_sizes.sum()
    return Difference(float(mean), float(low), float(high), int(sizes.sum()))


def _totals(groups: Sequence[Sequence[float]]) -> tuple[Numbers, Numbers]:
    sums = np.array([sum(group) for group in groups], np.float64)
    return sums, np.array([len(group) for group in groups], np.float64)


def _draws(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(_SEED).integers(0, count, (_RESAMPLES, count))
