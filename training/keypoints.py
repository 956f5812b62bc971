"""Fits what tells that two excerpts make the same point, on the train motions of ArgKP-2021.

    .venv/bin/python training/keypoints.py [--data ../shared] [--rehearse]

The projection is linear discriminant analysis (Fisher 1936) between key points, within motions: the
covariance within a key point is shrunk towards a multiple of the identity (Friedman 1989,
doi:10.1080/01621459.1989.10478752), and a direction counts by how much key points differ in it, as
in probabilistic LDA (Ioffe 2006, doi:10.1007/11744085_41). How much is shrunk, the logistic and the
threshold are chosen by cross-validation over motions: no motion helps to choose for itself. Of the
arguments that played answers hide behind another at the threshold, `PRECISION` make its point. The
dev motions are not looked at. Nothing is random but which arguments are drawn for played answers,
with a fixed seed. Takes some minutes on one core, most of it for vectors, which are kept. Writes
`keypoints.toml` and `keypoints.safetensors` in `index/answering/`.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression

from index.answering.keypoints import (
    CENTRED,
    FITTED,
    PROJECTION,
    SETTINGS,
    WEIGHTS,
    KeyPoints,
    Likelihood,
    merge,
)
from index.encoding.cache import EmbeddingCache
from index.encoding.loading import load_encoder
from index.evaluation.keypoints import (
    ANSWER,
    ARGKP,
    as_way,
    hidden,
    lexical_way,
    pair_precision,
    raw_way,
)
from index.evaluation.samepoint import NO, OPEN, YES, Texts, embedded, read_argkp, same_point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors
    from index.evaluation.keypoints import Way
    from index.evaluation.samepoint import Embed, Labels

    Numbers = NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 6
SHRINKAGES, FLOORS = (0.2, 0.4, 0.6, 0.8), (0.3, 1.0, 3.0, 10.0, 30.0)
RANK = 128
PRECISION = 0.9
PROBABILITIES = np.arange(0.99, 0.5, -0.01)
DRAWS, SEED = 20, 20110218
_FEWEST = 30
"""With fewer hidden arguments than this, a precision says nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a motion: `match` and `same` label its arguments, `(A, K)` and `(A, A)`."""

    motion: str
    arguments: Texts
    key_points: Texts
    match: Labels
    same: Labels


@dataclass(frozen=True, slots=True)
class Scatter:
    """Sums of squares of centred vectors, `(D, D)`, within key points and over all arguments."""

    within: Numbers
    overall: Numbers
    within_count: int
    overall_count: int


Likeness = Callable[[Side, Texts], "Numbers"]
"""How likely some arguments of a side make the same point, `(N, N)`."""


def main(options: argparse.Namespace) -> None:
    """Fit, print what was found, and write it unless this is a rehearsal."""
    encoder, cache = load_encoder(), EmbeddingCache(options.cache)

    def embed(texts: Sequence[str]) -> Vectors:
        return cache.encode_passages(encoder, texts).vectors

    sides = read_sides(options.data / ARGKP, embed)
    scatters = {side.motion: scatter(sides, side.motion) for side in sides}
    shrinkage, floor = best_shrinking(sides, scatters)
    unseen = cross_fitted(scatters, shrinkage, floor)
    ours = calibrated(sides, unseen.__getitem__)
    elsewhere = calibrated(sides, lambda _: None)
    print(f"shrinkage {shrinkage}, floor {floor}\n{FITTED}: {ours}\n{CENTRED}: {elsewhere}")
    for name, way, steps in (
        ("raw cosine", raw_way(), np.arange(0.99, 0.8, -0.005)),
        ("words", lexical_way(), np.arange(0.95, 0.05, -0.01)),
    ):
        print(f"{name}: threshold {threshold(sides, _likeness(way), steps):.3f}")
    if options.rehearse:
        return
    folder = ROOT / "index/answering"
    projection = discriminant(list(scatters.values()), shrinkage, floor)
    save_file({PROJECTION: projection.astype(np.float16)}, folder / WEIGHTS)
    write_settings(folder / SETTINGS, encoder.fingerprint, ours, elsewhere)


def read_sides(folder: Path, embed: Embed) -> list[Side]:
    """Return the sides of the train motions with their vectors."""
    read = read_argkp(folder, "train")
    motions = [side.motion for side in read]
    arguments = embedded(motions, [side.arguments for side in read], embed)
    key_points = embedded(motions, [side.key_points for side in read], embed)
    return [
        Side(side.motion, one, two, side.labels, same_point(side.labels))
        for side, one, two in zip(read, arguments, key_points, strict=True)
    ]


def scatter(sides: Sequence[Side], motion: str) -> Scatter:
    """Return the scatter of a motion; a key point is one more text of its own kind of text."""
    mine = [side for side in sides if side.motion == motion]
    groups, rows = [], []
    for side in mine:
        arguments = _centred(side.arguments)
        rows.append(arguments)
        for column, key_point in enumerate(_centred(side.key_points)):
            group = np.vstack([arguments[side.match[:, column] == YES], key_point])
            groups.append(group - group.mean(axis=0))
    within, overall = np.concatenate(groups), np.concatenate(rows)
    degrees = len(within) - len(groups)
    return Scatter(within.T @ within, overall.T @ overall, degrees, len(overall))


def discriminant(scatters: Sequence[Scatter], shrinkage: float, floor: float) -> Numbers:
    """Return the projection, `(D, RANK)`."""
    within = np.sum([one.within for one in scatters], axis=0)
    within /= sum(one.within_count for one in scatters)
    overall = np.sum([one.overall for one in scatters], axis=0)
    overall /= sum(one.overall_count for one in scatters)
    level = np.trace(within) / len(within)
    shrunk = (1 - shrinkage) * within + shrinkage * level * np.eye(len(within))
    whitening = np.linalg.inv(np.linalg.cholesky(shrunk)).T
    variances, directions = np.linalg.eigh(whitening.T @ (overall - within) @ whitening)
    variances, directions = variances[-RANK:].clip(0), directions[:, -RANK:]
    return np.asarray(whitening @ directions * np.sqrt(variances / (variances + floor)))


def cross_fitted(
    scatters: Mapping[str, Scatter], shrinkage: float, floor: float
) -> dict[str, Numbers]:
    """Return for each motion a projection that was fitted without it."""
    found: dict[str, Numbers] = {}
    for fold in range(FOLDS):
        held_out = list(scatters)[fold::FOLDS]
        rest = [one for motion, one in scatters.items() if motion not in held_out]
        found |= dict.fromkeys(held_out, discriminant(rest, shrinkage, floor))
    return found


def best_shrinking(sides: Sequence[Side], scatters: Mapping[str, Scatter]) -> tuple[float, float]:
    """Return shrinkage and floor of the highest mean average precision over unseen sides' pairs."""
    found: dict[tuple[float, float], float] = {}
    for shrinkage, floor in itertools.product(SHRINKAGES, FLOORS):
        unseen = cross_fitted(scatters, shrinkage, floor)
        precisions = (
            pair_precision(side.same, _plain(unseen[side.motion]).pairs(side.arguments))
            for side in sides
        )
        found[shrinkage, floor] = mean(one for one in precisions if one is not None)
        print(f"shrinkage {shrinkage}, floor {floor}: {found[shrinkage, floor]:.4f}", flush=True)
    return max(found, key=found.__getitem__)


def calibrated(sides: Sequence[Side], projection: Callable[[str], Numbers | None]) -> Likelihood:
    """Return logistic and threshold; `projection` gives that of a motion, fitted without it."""
    cosines, labels, weights = [], [], []
    for side in sides:
        metric = KeyPoints(Likelihood(1, 0, 1), projection(side.motion))
        seen = metric.seen(side.arguments.vectors, side.arguments.around.mean(axis=0))
        upper = np.triu_indices(len(seen), 1)
        told = side.same[upper] != OPEN
        if told.any():
            cosines.append((seen @ seen.T)[upper][told])
            labels.append(side.same[upper][told] == YES)
            weights.append(np.full(told.sum(), 1 / told.sum()))  # every side counts alike
    model = LogisticRegression(C=np.inf).fit(
        np.concatenate(cosines)[:, None], np.concatenate(labels), np.concatenate(weights)
    )
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])

    def likeness(side: Side, texts: Texts) -> Numbers:
        metric = KeyPoints(Likelihood(slope, intercept, 1), projection(side.motion))
        return metric.probabilities(texts.vectors, texts.around)

    lowest = threshold(sides, likeness, PROBABILITIES)
    return Likelihood(round(slope, 4), round(intercept, 4), round(lowest, 4))


def threshold(sides: Sequence[Side], likeness: Likeness, steps: Iterable[float]) -> float:
    """Return the last of falling thresholds before too much is hidden wrongly in played answers."""
    played = list(_played(sides, likeness))
    lowest = np.inf
    for step in steps:
        labels = [label for same, found in played for label in hidden(merge(found, step), same)]
        right, wrong = labels.count(YES), labels.count(NO)
        if right + wrong < _FEWEST:
            continue
        if right < PRECISION * (right + wrong):
            break
        lowest = step
    return float(lowest)


def write_settings(path: Path, fingerprint: str, ours: Likelihood, elsewhere: Likelihood) -> None:
    """Write logistics and thresholds."""
    path.write_text(
        "# Written by training/keypoints.py; see keypoints.md.\n"
        f'[{FITTED}]\nencoder = "{fingerprint}"\n{_lines(ours)}\n[{CENTRED}]\n{_lines(elsewhere)}',
        encoding="utf-8",
    )


def _played(sides: Sequence[Side], likeness: Likeness) -> Iterable[tuple[Labels, Numbers]]:
    """Yield labels and likeness of arguments drawn from a side, as many as an answer groups."""
    draw = np.random.default_rng(SEED)
    for side, _ in itertools.product(sides, range(DRAWS)):
        texts = side.arguments
        rows = draw.permutation(len(texts.texts))[:ANSWER]
        chosen = tuple(texts.texts[row] for row in rows)
        drawn = Texts(chosen, texts.vectors[rows], texts.around)
        yield side.same[np.ix_(rows, rows)], likeness(side, drawn)


def _plain(projection: Numbers) -> Way:
    """Return a way whose likeness is the logistic of the cosine itself, which ranks alike."""
    return as_way(KeyPoints(Likelihood(1, 0, 1), projection))


def _likeness(way: Way) -> Likeness:
    return lambda _, texts: way.pairs(texts)


def _centred(texts: Texts) -> Numbers:
    return np.asarray(texts.vectors - texts.around.mean(axis=0), np.float64)


def _lines(likelihood: Likelihood) -> str:
    return "".join(
        f"{name} = {getattr(likelihood, name)}\n" for name in ("slope", "intercept", "threshold")
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache/keypoints.sqlite")
    parser.add_argument("--rehearse", action="store_true", help="print and write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main(_options())
