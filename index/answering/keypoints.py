"""Groups excerpts of a side that make the same point; the best of each group stands for the others.

Raw cosines tell little: those of excerpts on one matter all lie between 0.75 and 0.95. So vectors
are centred on their surroundings, which takes out what a whole debate shares (subject, language,
manner), and projected to where texts that make one key point lie close. A logistic of the cosine
there is the probability of the same point. Nothing is learned at answer time: `keypoints.md` is the
model card of what `training/keypoints.py` fitted.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Numbers = NDArray[np.float64]

FITTED, CENTRED = "fitted", "centred"
SETTINGS, WEIGHTS = "keypoints.toml", "keypoints.safetensors"
PROJECTION = "projection"
_SAME_TEXT = 0.99
"""From this raw cosine on, two texts differ in no more than a word or a mark."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The probability of the same point, a logistic of the cosine.

    What reaches `threshold` counts as the same.
    """

    slope: float
    intercept: float
    threshold: float

    def __call__(self, cosines: Numbers) -> Numbers:
        """Return probabilities, elementwise."""
        return np.asarray(1 / (1 + np.exp(-(self.slope * cosines + self.intercept))))


@dataclass(frozen=True, slots=True)
class KeyPoints:
    """Tells which excerpts of a side make the same point.

    `projection`, `(D, R)`, belongs to the weights of one encoder; without it cosines of centred
    vectors are compared as they are.
    """

    likelihood: Likelihood
    projection: Numbers | None = None

    def group(self, vectors: Vectors, around: Vectors | None = None) -> tuple[tuple[int, ...], ...]:
        """Return the rows that make the same point together, `(N, D), (M, D) -> ((row, …), …)`.

        Args:
            vectors: Unit vectors of the excerpts of one side, best first. Excerpts that share a
                sentence are alike for no good reason; leave all but the best of them out.
            around: Unit vectors of what else the debate says, of either side, such as the sentences
                of all its passages. With few of them, or none, less is grouped.

        Returns:
            Every row once. The first of a group is its best and stands for it, the others follow;
            groups are in the order of their first. Any two of a group make the same point, and
            which rows are together does not depend on their order.

        Raises:
            ValueError: The shapes do not fit.
        """
        return merge(self.probabilities(vectors, around), self.likelihood.threshold)

    def probabilities(self, vectors: Vectors, around: Vectors | None = None) -> Numbers:
        """Return how likely each pair makes the same point, symmetric, `(N, D), (M, D) -> (N, N)`.

        Raises:
            ValueError: The shapes do not fit.
        """
        raw = np.asarray(vectors, np.float64)
        if raw.ndim != 2 or (around is not None and around.shape[1:] != raw.shape[1:]):  # noqa: PLR2004 - a matrix
            shapes = " and ".join(str(one.shape) for one in (raw, around) if one is not None)
            raise ValueError(f"vectors must be (N, D) and around (M, D), not {shapes}")
        if not len(raw):
            return np.empty((0, 0))
        everything = raw if around is None else np.concatenate([raw, around])
        seen = self.seen(raw, everything.mean(axis=0))
        found = self.likelihood(_cosines(seen))
        return np.where(_cosines(raw) >= _SAME_TEXT, 1.0, found)

    def seen(self, vectors: Vectors | Numbers, centre: Numbers) -> Numbers:
        """Return unit vectors as this metric sees them, `(N, D), (D,) -> (N, R)`.

        Raises:
            ValueError: The vectors are not of the encoder that the projection belongs to.
        """
        centred = np.asarray(vectors, np.float64) - centre
        if self.projection is not None:
            if centred.shape[1] != len(self.projection):
                raise ValueError(
                    f"vectors have {centred.shape[1]} dimensions, the projection "
                    f"{len(self.projection)}; load key points for this encoder"
                )
            centred = centred @ self.projection
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        return np.asarray(centred / np.maximum(lengths, _TINY), np.float64)


def load_key_points(fingerprint: str) -> KeyPoints:
    """Return what was fitted for the encoder of this fingerprint, or else `centred_key_points`.

    Raises:
        ModelError: The package's own files cannot be read.
    """
    settings = _settings()
    if fingerprint != settings[FITTED]["encoder"]:
        return centred_key_points()
    try:
        with as_file(files(__package__) / WEIGHTS) as path:
            projection = load_file(path)[PROJECTION]
    except (OSError, KeyError, SafetensorError) as error:
        raise ModelError(f"cannot read {WEIGHTS}; reinstall audiatur") from error
    return KeyPoints(_likelihood(settings[FITTED]), projection.astype(np.float64))


def centred_key_points() -> KeyPoints:
    """Return what compares the centred vectors of any encoder as they are.

    Its threshold is so high that hardly more than repetition is grouped.
    """
    return KeyPoints(_likelihood(_settings()[CENTRED]))


def merge(probabilities: Numbers, threshold: float) -> tuple[tuple[int, ...], ...]:
    """Return groups of rows of which every two reach the threshold, `(N, N) -> ((row, …), …)`.

    Agglomerative clustering by complete linkage (Defays 1977, doi:10.1093/comjnl/20.4.364): the two
    groups whose least likely pair is likeliest are merged, as long as that pair reaches it.
    """
    groups = {row: [row] for row in range(len(probabilities))}
    linked = probabilities.copy()
    np.fill_diagonal(linked, -np.inf)
    while len(groups) > 1:
        one, other = sorted(map(int, np.unravel_index(linked.argmax(), linked.shape)))
        if linked[one, other] < threshold:
            break
        groups[one] += groups.pop(other)
        linked[one] = linked[:, one] = np.minimum(linked[one], linked[other])
        linked[other] = linked[:, other] = linked[one, one] = -np.inf
    return tuple(tuple(sorted(rows)) for rows in groups.values())


def _cosines(vectors: Numbers) -> Numbers:
    cosines = vectors @ vectors.T
    return np.asarray((cosines + cosines.T) / 2)  # rounding must not make a pair lopsided


def _settings() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / SETTINGS).read_text(encoding="utf-8"))


def _likelihood(values: dict[str, Any]) -> Likelihood:
    return Likelihood(values["slope"], values["intercept"], values["threshold"])
