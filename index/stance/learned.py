"""A stance model for one debate, learned from the labels that people confirmed.

A logistic regression on frozen vectors, beside what another model says of each text. With few
labels the other model's word counts most; the more labels, the more the vectors do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.debates.records import LEARNED, Side
from index.stance.calibration import softmax
from index.stance.protocol import SIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors
    from index.stance.protocol import Shares, StanceModel

_LEAST = 1e-6
FEWEST = 4
"""How many confirmed texts each side needs before anything is learned."""


@dataclass(frozen=True, slots=True)
class LearnedSettings:
    """What `training/stance.py` fitted over many motions.

    `base` scales the other model's log odds beside unit vectors, `strength` is the inverse of the
    regularisation, `temperature` divides the logarithms of the shares, `certain` is the share to
    place from.
    """

    base: float
    strength: float
    temperature: float
    certain: float


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A text of which a person has said where it stands."""

    text: str
    side: Side


class LearnedStance:
    """Another model's answer, moved by the confirmed labels of one debate.

    `encode` gives unit vectors of texts, `(N,) -> (N, D)`.
    """

    def __init__(
        self,
        base: StanceModel,
        encode: Callable[[Sequence[str]], Vectors],
        settings: LearnedSettings,
        motion: str,
        confirmed: Sequence[Confirmed],
    ) -> None:
        sided = [one for one in confirmed if one.side in (Side.YES, Side.NO)]
        self._base = base
        self._encode = encode
        self._settings = settings
        texts = [one.text for one in sided]
        vectors = encode(texts)
        self._centre = vectors.mean(axis=0)
        features = self._features(base.shares(motion, texts), vectors)
        self._weights, self._bias = _fit(
            features, np.array([one.side is Side.YES for one in sided]), settings.strength
        )
        self._fingerprint = _fingerprint(base, motion, confirmed, settings)

    @property
    def name(self) -> str:
        """What stands as `label_by`."""
        return LEARNED

    @property
    def fingerprint(self) -> str:
        """Names the base model, the labels and the settings."""
        return self._fingerprint

    @property
    def certain(self) -> float:
        """The share from which on a text is placed on a side."""
        return self._settings.certain

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return probabilities for, against, neither, `(N,) -> (N, 3)`.

        How likely a text takes neither side stays as the base model has it.
        """
        base = self._base.shares(motion, texts)
        features = self._features(base, self._encode(texts))
        odds = features @ self._weights + self._bias
        neither = base[:, SIDES.index(Side.BACKGROUND)]
        two = softmax(np.stack([odds, np.zeros_like(odds)], axis=1)) * (1 - neither)[:, None]
        shares = np.maximum(np.column_stack([two, neither]), _LEAST)
        return softmax((np.log(shares) / self._settings.temperature).astype(np.float32))

    def _features(self, shares: Shares, vectors: Vectors) -> NDArray[np.float32]:
        bounded = np.maximum(shares, _LEAST)
        odds = np.log(bounded[:, 0] / bounded[:, 1])
        return np.column_stack([self._settings.base * odds, vectors - self._centre])


def can_learn(confirmed: Sequence[Confirmed]) -> bool:
    """Tell whether both sides have enough confirmed texts."""
    return all(
        sum(1 for one in confirmed if one.side is side) >= FEWEST for side in (Side.YES, Side.NO)
    )


def _fit(
    features: NDArray[np.float32], for_motion: NDArray[np.bool_], strength: float
) -> tuple[NDArray[np.float32], float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only builds need it

    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    fitted = model.fit(features, for_motion)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def _fingerprint(
    base: StanceModel, motion: str, confirmed: Sequence[Confirmed], settings: LearnedSettings
) -> str:
    total = hashlib.sha256(f"{base.fingerprint}\n{motion}\n{settings}".encode())
    for one in sorted((one.text, one.side) for one in confirmed):
        total.update(repr(one).encode())
    return f"{LEARNED}-{total.hexdigest()[:24]}"
