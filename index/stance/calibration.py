"""Makes a stance model's shares honest, and says from which share on it may place a text.

Temperature scaling (Guo et al. 2017, arXiv:1706.04599) on labelled texts; then the lowest share
above which the model is right often enough, by the lower end of Wilson's interval (1927), so that
few labels ask for more certainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.stance.protocol import Shares

PRECISION = 0.85
"""How often a text that is placed on a side must belong there."""
NEVER = 1.01
"""The threshold of a model that is right too seldom at any share: it places nothing."""
_Z = 0.25
"""One-sided 60 %: likelier than not, with a margin that shrinks as labels grow."""
_HALF = 0.5
"""At no more than this, both sides of a text could be certain."""
_FEWEST = 20
"""A threshold that lets fewer texts through than this is luck."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """By what logits are divided, and the share from which on a text is placed."""

    temperature: float
    certain: float


def calibrate(logits: NDArray[np.float32], columns: NDArray[np.int64]) -> Calibration:
    """Fit both on logits, `(N, 3)`, and the right columns, `(N,)`."""
    temperature = fit_temperature(logits, columns)
    return Calibration(temperature, certain_from(softmax(logits / temperature), columns))


def fit_temperature(logits: NDArray[np.float32], columns: NDArray[np.int64]) -> float:
    """Return the temperature, in [0.25, 8], under which the labels are likeliest."""
    candidates = np.geomspace(0.25, 8, 200)
    rows = np.arange(len(columns))

    def loss(temperature: float) -> float:
        shares = softmax(logits / np.float32(temperature))
        return -float(np.log(np.maximum(shares[rows, columns], 1e-9)).mean())

    return float(min(candidates, key=loss))


def certain_from(shares: Shares, columns: NDArray[np.int64]) -> float:
    """Return the lowest share of a side at and above which `PRECISION` is kept.

    A text of neither side that is placed on one counts as an error.
    """
    sided = shares[:, :2]
    right = sided.argmax(axis=1) == columns
    order = np.argsort(-sided.max(axis=1), kind="stable")
    certainty = sided.max(axis=1)[order]
    placed = np.arange(1, len(order) + 1)
    kept = lower_bound(np.cumsum(right[order]), placed) >= PRECISION
    kept &= (placed >= _FEWEST) & (certainty > _HALF)
    kept &= np.diff(certainty, append=-1) < 0  # equal shares are let through together
    return float(certainty[kept][-1]) if kept.any() else NEVER


def lower_bound(hits: NDArray[np.int64], tried: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the lower end of Wilson's score interval for `hits` of `tried`."""
    share = hits / tried
    centre = share + _Z**2 / (2 * tried)
    spread = _Z * np.sqrt(share * (1 - share) / tried + _Z**2 / (4 * tried**2))
    bound: NDArray[np.float64] = (centre - spread) / (1 + _Z**2 / tried)
    return bound


def softmax(logits: NDArray[np.float32]) -> Shares:
    """Return rows that sum to 1, `(N, K) -> (N, K)`."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Shares = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
