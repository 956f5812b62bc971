"""Part "key points": are excerpts that say the same recognised as saying the same?

Arguments are matched to key points, as the shared task of Friedman et al. 2021
(doi:10.18653/v1/2021.argmining-1.16) scores it, and compared among each other, which is what an
answer asks. Four ways of telling stand side by side; the thresholds of all were fitted to the same
end on the same motions, none of which is measured here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score

from index.answering.keypoints import KeyPoints, centred_key_points, load_key_points, merge
from index.evaluation.bootstrap import clustered, difference
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.samepoint import (
    NO,
    OPEN,
    YES,
    Sorted,
    Texts,
    embedded,
    read_argkp,
    read_own,
    same_point,
)
from index.evaluation.tables import Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.answering.advisor import Advisor
    from index.evaluation.bootstrap import Interval
    from index.evaluation.parts import Folders
    from index.evaluation.samepoint import ArgumentSide, Embed, Labels

    Numbers = NDArray[np.float64]

ARGKP = "data/argkp2021/kpm_data"
OWN = "keypoints.jsonl"
RAW, LEXICAL, CENTRED, OURS = "raw cosine", "words (tf-idf)", "centred cosine", "ours"
RAW_THRESHOLD, LEXICAL_THRESHOLD = 0.975, 0.44
"""Fitted by `training/keypoints.py` to the same end as ours: 0.9 of what is hidden is a repeat."""
ANSWER = 24
"""How many excerpts of a side are grouped at once where answers are played."""
_TOP = 0.5
"""The share of arguments, surest first, that the shared task scores."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of telling: `match` compares two kinds of texts, `pairs` those of one kind."""

    match: Callable[[Texts, Texts], Numbers]
    pairs: Callable[[Texts], Numbers]
    threshold: float


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Measure with the advisor's encoder."""
    encoder = advisor.encoder
    key_points = load_key_points(encoder.fingerprint)
    return measure(encoder.encode_passages, key_points, folders.data / ARGKP, folders.evals / OWN)


def measure(embed: Embed, key_points: KeyPoints, argkp: Path, own: Path) -> PartResult:
    """Return what was found on ArgKP's dev motions in the folder `argkp`, and on our own file."""
    ways = _ways(key_points)
    tables: list[Grid] = []
    absent: list[str] = []
    if (argkp / "labels_dev.csv").is_file():
        tables += _argkp_tables(ways, read_argkp(argkp, "dev"), embed)
    else:
        absent.append(not_there("ArgKP-2021", "data"))
    if own.is_file():
        tables.append(pairs_table("our documents, sorted by hand", ways, read_own(own, embed)))
    else:
        absent.append(not_there(OWN, "evals"))
    return PartResult(tuple(tables), absent=tuple(absent))


def matching_precision(labels: Labels, likeness: Numbers) -> tuple[float, float]:
    """Return average precision, strict and relaxed, of one side, `(A, K), (A, K)`.

    Each argument is matched to its likeliest key point; the surer half of the arguments is scored.
    A pair without a label counts as wrong where it is strict and as right where it is relaxed.
    """
    best = likeness.argmax(axis=1)
    rows = np.arange(len(best))
    sureness, label = likeness[rows, best], labels[rows, best]
    top = np.argsort(-sureness, kind="stable")[: int(len(best) * _TOP)]
    strict, relaxed = label[top] == YES, label[top] != NO
    return _precision(strict, sureness[top]), _precision(relaxed, sureness[top])


def pair_precision(same: Labels, likeness: Numbers) -> float | None:
    """Return the average precision over pairs, `(N, N), (N, N)`; `None` where all are of a kind."""
    upper = np.triu_indices(len(same), 1)
    told = same[upper] != OPEN
    truth = same[upper][told] == YES
    if truth.all() or not truth.any():
        return None
    return _precision(truth, likeness[upper][told])


def hidden(groups: Iterable[Sequence[int]], same: Labels) -> list[int]:
    """Return for all but the first of each group how it stands to the first."""
    return [int(same[group[0], row]) for group in groups for row in group[1:]]


def repeats(same: Labels) -> int:
    """Return how many rows make a point that a row before them makes."""
    return int((np.tril(same == YES, -1)).any(axis=1).sum())


def matching_table(
    ways: Mapping[str, Way],
    sides: Sequence[ArgumentSide],
    arguments: Sequence[Texts],
    key_points: Sequence[Texts],
) -> Grid:
    """Return how well each way matches arguments to key points."""
    found: dict[str, list[list[list[float]]]] = {}
    for name, way in ways.items():
        precisions = [
            matching_precision(side.labels, way.match(one, two))
            for side, one, two in zip(sides, arguments, key_points, strict=True)
        ]
        found[name] = [[[value] for value in measure] for measure in zip(*precisions, strict=True)]
    title = "ArgKP-2021 dev, arguments to key points"
    return _grid(title, ("mAP strict", "mAP relaxed"), found)


def pairs_table(title: str, ways: Mapping[str, Way], sides: Sequence[Sorted]) -> Grid:
    """Return how well each way tells pairs of one side, and what it would hide of them."""
    found: dict[str, list[list[list[float]]]] = {}
    for name, way in ways.items():
        measured = [_measured(way, side) for side in sides]
        found[name] = [list(groups) for groups in zip(*measured, strict=True)]
    columns = ("pairs, AP", "precision", "recall", "F1", "rightly hidden", "repeats found")
    return _grid(title, columns, found)


def _argkp_tables(
    ways: Mapping[str, Way], sides: Sequence[ArgumentSide], embed: Embed
) -> tuple[Grid, Grid]:
    motions = [side.motion for side in sides]
    arguments = embedded(motions, [side.arguments for side in sides], embed)
    key_points = embedded(motions, [side.key_points for side in sides], embed)
    among = [
        Sorted(texts, same_point(side.labels)) for side, texts in zip(sides, arguments, strict=True)
    ]
    return (
        matching_table(ways, sides, arguments, key_points),
        pairs_table("ArgKP-2021 dev, arguments among each other", ways, among),
    )


def _grid(
    title: str, columns: Sequence[str], found: Mapping[str, Sequence[Sequence[Sequence[float]]]]
) -> Grid:
    """Return a row for each way, and by how much ours leads; `found` has a group for each side."""
    rows: dict[str, tuple[Interval | None, ...]] = {
        way: tuple(clustered(groups) if any(groups) else None for groups in measures)
        for way, measures in found.items()
    }
    if OURS in found:
        pairs = zip(found[RAW], found[OURS], strict=True)
        rows[f"{OURS} − {RAW}"] = tuple(difference(raw, ours) for raw, ours in pairs)
    return Grid(title, ("way", *columns), rows)


def _measured(way: Way, side: Sorted) -> tuple[list[float], ...]:
    """Return the values of one side, of which each measure is the mean."""
    likeness = way.pairs(side.texts)
    precision = pair_precision(side.same, likeness)
    return (
        [] if precision is None else [precision],
        *_decisions(side.same, likeness >= way.threshold),
        *_played(way, side),
    )


def _decisions(same: Labels, joined: NDArray[np.bool_]) -> tuple[list[float], ...]:
    """Return values whose means are precision, recall and F1 of the pairs that are told."""
    upper = np.triu_indices(len(same), 1)
    truth, said = same[upper], joined[upper]
    right = int((said & (truth == YES)).sum())
    wrong = int((said & (truth == NO)).sum())
    missed = int((~said & (truth == YES)).sum())
    return (
        [1.0] * right + [0.0] * wrong,
        [1.0] * right + [0.0] * missed,
        [1.0] * (2 * right) + [0.0] * (wrong + missed),  # 2 TP / (2 TP + FP + FN)
    )


def _played(way: Way, side: Sorted) -> tuple[list[float], list[float]]:
    """Group a side as answers would; return which of the hidden, and which repeats, are right."""
    right: list[float] = []
    missed = 0
    for start in range(0, len(side.same), ANSWER):
        rows = slice(start, start + ANSWER)
        texts = Texts(side.texts.texts[rows], side.texts.vectors[rows], side.texts.around)
        same = side.same[rows, rows]
        labels = hidden(merge(way.pairs(texts), way.threshold), same)
        right += [float(label == YES) for label in labels if label != OPEN]
        missed += max(0, repeats(same) - labels.count(YES))
    return right, [1.0] * int(sum(right)) + [0.0] * missed


def _ways(key_points: KeyPoints) -> dict[str, Way]:
    ways = {RAW: raw_way(), LEXICAL: lexical_way(), CENTRED: as_way(centred_key_points())}
    return ways if key_points.projection is None else {**ways, OURS: as_way(key_points)}


def raw_way() -> Way:
    """Return cosines of the vectors as they are."""
    return Way(
        lambda one, two: np.asarray(one.vectors @ two.vectors.T, np.float64),
        lambda texts: np.asarray(texts.vectors @ texts.vectors.T, np.float64),
        RAW_THRESHOLD,
    )


def lexical_way() -> Way:
    """Return cosines of words weighted by tf-idf."""
    return Way(
        lambda one, two: _shared_words(one.texts, two.texts),
        lambda texts: _shared_words(texts.texts, texts.texts),
        LEXICAL_THRESHOLD,
    )


def as_way(key_points: KeyPoints) -> Way:
    """Return the product's own way; each kind of text is centred on its own kind."""

    def match(one: Texts, two: Texts) -> Numbers:
        seen = (key_points.seen(of.vectors, of.around.mean(axis=0)) for of in (one, two))
        left, right = seen
        return key_points.likelihood(left @ right.T)

    return Way(
        match,
        lambda texts: key_points.probabilities(texts.vectors, texts.around),
        key_points.likelihood.threshold,
    )


def _shared_words(one: Sequence[str], two: Sequence[str]) -> Numbers:
    words = TfidfVectorizer(sublinear_tf=True).fit([*one, *two])
    return np.asarray((words.transform(one) @ words.transform(two).T).toarray(), np.float64)


def _precision(truth: NDArray[np.bool_], likeness: Numbers) -> float:
    return float(average_precision_score(truth, likeness)) if truth.any() else 0.0


PART = Part(
    "key points",
    "Key points",
    "Whether two texts of one side make the same point, on motions that nothing was fitted to. All "
    "ways got their thresholds on other motions, so that 0.9 of what is hidden behind another "
    "excerpt would repeat it: recall and F1 over all pairs are low on purpose. mAP is the shared "
    "task's of 2021; intervals draw whole sides anew.",
    run,
)
