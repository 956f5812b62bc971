"""Learns from example questions which subject a question belongs to, if to any.

A linear reading of a frozen vector, a softmax over subjects and "off topic", and the examples
themselves: how near the nearest ones come says more of whether a question belongs here at all, and
something of which subject it belongs to.
Trained when the index is built (seconds); answering needs three matrix products.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from index.debates.records import Side
from index.encoding.lengths import unit, unit_row
from index.errors import SnapshotDamaged
from index.questions.directions import Directions, train_directions
from index.questions.logistic import fit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.debates.loading import Agenda
    from index.debates.records import Debate
    from index.encoding.protocol import Vectors
    from index.questions.directions import Encode
    from index.questions.logistic import Weights

OFF_TOPIC = ""
"""The class of questions that belong to no subject."""
_SUBJECT_C = 30.0
_SAME_SUBJECT = 0.72
"""The cosine of centred vectors from which on two questions are on the same subject."""
_ELSEWHERE = 3
"""Of so many off-topic examples the mean nearness counts: a single one may be odd."""
_TINY = np.float32(1e-9)
_NEIGHBOURS = 3
NEIGHBOURS_WEIGHT = 10.0
"""What the mean nearness of a subject's nearest examples adds to its logit: with it 0.846 of the
seeds' examples are read as their subject, 0.832 without, by the plain encoder's vectors
(`evals/neighbours.py`)."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question comes to examples, as cosines of centred vectors.

    `subject` is that of the nearest example of any subject, `elsewhere` the mean of the nearest
    ones that belong to none; -1 where there are no examples.
    """

    subject: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Subjects by probability, most likely first; `OFF_TOPIC` is one of them."""

    subjects: tuple[str, ...]
    probabilities: tuple[float, ...]
    nearness: Nearness

    def of(self, *subjects: str) -> float:
        """Return the probability that the question belongs to one of `subjects`."""
        pairs = zip(self.subjects, self.probabilities, strict=True)
        return sum(probability for subject, probability in pairs if subject in subjects)


@dataclass(frozen=True, slots=True)
class QuestionClassifier:
    """The trained readings.

    Of subjects: `centre (D,)`, `weights (K, D)`, `biases (K,)`, one row a subject; and the
    examples' centred vectors, of any subject `(N, D)`, and of none, `elsewhere (M, D)`. `belongs`
    tells the subject of each example, as its place in `subjects`, ascending, `(N,)`. `directions`
    tell which way a question asks.
    """

    subjects: tuple[str, ...]
    centre: Weights
    weights: Weights
    biases: Weights
    examples: Vectors
    belongs: NDArray[np.int32]
    elsewhere: Vectors
    directions: Directions

    def rank(self, question: Vectors) -> Ranked:
        """Return the subjects of one question, `(D,)`, by probability, and how near examples are.

        Of subjects that are likely by the linear reading, the nearest examples tell: what lies
        between examples of two subjects is told by its neighbours better than by a plane.
        """
        centred = unit_row(question - self.centre)
        shares = _softmax(self.weights @ centred + self.biases)
        similarities = self.examples @ centred
        elsewhere = _highest(self.elsewhere @ centred, _ELSEWHERE)
        if len(similarities):
            subjects, near = _nearest_of_each(similarities, self.belongs)
            weighed = np.log(shares[subjects] + _TINY) + NEIGHBOURS_WEIGHT * near
            shares[subjects] = _softmax(weighed) * shares[subjects].sum()
        order = np.argsort(-shares)
        return Ranked(
            tuple(self.subjects[at] for at in order),
            tuple(float(shares[at]) for at in order),
            Nearness(
                float(similarities.max()) if len(similarities) else -1.0,
                float(elsewhere.mean()) if len(elsewhere) else -1.0,
            ),
        )

    def save(self, path: Path) -> None:
        """Write the readings to an .npz file, without pickle; examples in half precision."""
        np.savez(
            path,
            subjects=np.array(self.subjects),
            centre=self.centre,
            weights=self.weights,
            biases=self.biases,
            examples=self.examples.astype(np.float16),
            belongs=self.belongs,
            elsewhere=self.elsewhere.astype(np.float16),
            **self.directions.as_arrays(),  # type: ignore[arg-type]
        )

    @classmethod
    def open(cls, path: Path) -> QuestionClassifier:
        """Return the readings in a file.

        Raises:
            SnapshotDamaged: The file is missing or cannot be read.
        """
        try:
            with np.load(path) as file:
                return cls(
                    tuple(map(str, file["subjects"])),
                    file["centre"],
                    file["weights"],
                    file["biases"],
                    file["examples"].astype(np.float32),
                    file["belongs"],
                    file["elsewhere"].astype(np.float32),
                    Directions.from_arrays(file),
                )
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error


@cache
def off_topic_questions() -> tuple[str, ...]:
    """Return everyday questions on other subjects, which any corpus is calibrated against."""
    content = tomllib.loads((files(__package__) / "offtopic.toml").read_text(encoding="utf-8"))
    return tuple(chain.from_iterable(part["questions"] for part in content.values()))


def train_classifier(agenda: Agenda, encode: Encode) -> QuestionClassifier | None:
    """Return the readings learned from the agenda's examples; `None` for an agenda of nothing.

    `encode` gives the vectors that questions are read from, `(Q,) -> (Q, D)`.
    """
    if not agenda.debates and not agenda.topics:
        return None
    examples = [(debate.id, question) for debate in agenda.debates for question in _asked(debate)]
    examples += [
        (topic.id, text)
        for topic in agenda.topics
        for text in (*topic.title.texts.values(), *topic.examples)
    ]
    own = len(examples) + len(agenda.not_covered)
    examples += [(OFF_TOPIC, text) for text in (*agenda.not_covered, *off_topic_questions())]
    vectors = encode([text for _, text in examples])
    centre = vectors.mean(axis=0)
    centred = unit(vectors - centre)
    names = np.array([name for name, _ in examples])
    kept = _off_topic_here(centred, names, own)
    importance = np.ones(len(names))
    importance[own:] = min(1.0, own / (len(names) - own))  # few examples must not be outvoted
    subjects, weights, biases = fit(centred[kept], names[kept], _SUBJECT_C, importance[kept])
    if len(weights) == 1:  # of two classes, scikit-learn weighs only the second
        weights = np.vstack([np.zeros_like(weights), weights])
        biases = np.append(np.float32(0), biases)
    of_subjects = np.flatnonzero(kept & (names != OFF_TOPIC))
    belongs = np.searchsorted(subjects, names[of_subjects]).astype(np.int32)
    by_subject = np.argsort(belongs, kind="stable")
    return QuestionClassifier(
        tuple(map(str, subjects)),
        centre,
        weights,
        biases,
        centred[of_subjects[by_subject]],
        belongs[by_subject],
        centred[kept & (names == OFF_TOPIC)],
        train_directions(agenda, encode),
    )


def _nearest_of_each(
    similarities: Weights, belongs: NDArray[np.int32]
) -> tuple[NDArray[np.int32], Weights]:
    """Return the subjects that have examples, `(S,)`, and how near each one's nearest come, `(S,)`.

    `belongs` is ascending, `(N,)`. All subjects at once: one by one would take as long as all else.
    """
    subjects, starts, counts = np.unique(belongs, return_index=True, return_counts=True)
    table = np.full((len(subjects), max(counts.max(), _NEIGHBOURS)), -np.inf, np.float32)
    rows = np.repeat(np.arange(len(subjects)), counts)
    table[rows, np.arange(len(belongs)) - starts[rows]] = similarities
    nearest = np.partition(table, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:]
    kept = np.minimum(counts, _NEIGHBOURS)
    return subjects, np.where(np.isinf(nearest), 0, nearest).sum(axis=1) / kept


def _highest(numbers: Weights, count: int) -> Weights:
    """Return the `count` highest of some numbers, or all there are, in any order."""
    return np.partition(numbers, -count)[-count:] if len(numbers) > count else numbers


def _softmax(logits: Weights) -> Weights:
    odds = np.exp(logits - logits.max())
    return np.asarray(odds / odds.sum(), np.float32)


def _off_topic_here(centred: Vectors, names: NDArray[np.str_], own: int) -> NDArray[np.bool_]:
    """Tell which examples to learn from, `(N, D), (N,) -> (N,)`: all `own` first ones.

    Of everyday questions, those that come near a subject of this very corpus are left out: home
    office is off topic for most, not for all.
    """
    kept = np.ones(len(names), bool)
    subjects = centred[names != OFF_TOPIC]
    kept[own:] = (centred[own:] @ subjects.T).max(axis=1) < _SAME_SUBJECT
    return kept


def _asked(debate: Debate) -> Sequence[str]:
    """Return what stands for a debate: its motion and the examples of either side."""
    both = chain(debate.asking_for(Side.YES), debate.asking_for(Side.NO))
    return [*debate.motion.texts.values(), *both]
