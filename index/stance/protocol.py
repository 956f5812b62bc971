"""What the rest of the library asks of a stance model, and what it makes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Shares = NDArray[np.float32]

SIDES = (Side.YES, Side.NO, Side.BACKGROUND)
"""The columns of a model's answer: for the motion, against it, neither."""


class StanceModel(Protocol):
    """Reads texts against a motion. Implementations: `bundled`, `hub`, `learned`."""

    @property
    def name(self) -> str:
        """What stands as `label_by` where the model placed a text."""

    @property
    def fingerprint(self) -> str:
        """Names weights and calibration: equal fingerprints give equal answers."""

    @property
    def certain(self) -> float:
        """The share, in (0.5, 1], from which on a text is placed on a side."""

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return calibrated probabilities in the order of `SIDES`, `(N,) -> (N, 3)`."""


_SUREST = 0.99
"""No model is entirely certain: a label's certainty is 1 where a person gave it."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model puts a text; `side` is `UNCLEAR` where it is not certain of one.

    `certainty` is the probability, in [0, 1), of the likelier side.
    """

    side: Side
    certainty: float
    by: str


def place(model: StanceModel, motion: str, texts: Sequence[str]) -> list[Placement]:
    """Return each text's placement: a side where the model is certain, else unclear.

    A text that more likely takes neither side is background.
    """
    if not texts:
        return []
    shares = model.shares(motion, texts)
    return [_placement(model, row) for row in shares]


def _placement(model: StanceModel, row: Shares) -> Placement:
    likelier = int(row[1] > row[0])
    certainty = float(row[likelier])
    if certainty >= model.certain:
        side = SIDES[likelier]
    else:
        side = (
            Side.BACKGROUND if int(np.argmax(row)) == SIDES.index(Side.BACKGROUND) else Side.UNCLEAR
        )
    return Placement(side, min(certainty, _SUREST), model.name)
