"""Learns from example questions which subject a question belongs to, and which side it asks for.

Two linear readings of one frozen vector: a softmax over subjects and "off topic", and for each
debate a logistic regression between questions that ask for its motion and for the opposite.
Trained when the index is built (seconds); answering needs two matrix products.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from index.debates.records import Side
from index.errors import SnapshotDamaged
from index.questions.language import detect_language
from index.questions.lexicon import read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.debates.loading import Agenda
    from index.debates.records import Debate
    from index.encoding.protocol import Vectors

    Weights = NDArray[np.float32]
    Encode = Callable[[Sequence[str]], Vectors]

OFF_TOPIC = ""
"""The class of questions that belong to no subject."""
_SUBJECT_C = 30.0
_POLARITY_C = 30.0
_SAME_SUBJECT = 0.72
"""The cosine of centred vectors from which on two questions are on the same subject."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Subjects by probability, most likely first; `OFF_TOPIC` is one of them."""

    subjects: tuple[str, ...]
    probabilities: tuple[float, ...]

    def of(self, *subjects: str) -> float:
        """Return the probability that the question belongs to one of `subjects`."""
        pairs = zip(self.subjects, self.probabilities, strict=True)
        return sum(probability for subject, probability in pairs if subject in subjects)


@dataclass(frozen=True, slots=True)
class QuestionClassifier:
    """The trained readings.

    Of subjects: `centre (D,)`, `weights (K, D)`, `biases (K,)`, one row a subject. Of polarity,
    over vectors of another length P: `polarity_centre (P,)`, and weights and a bias a debate.
    """

    subjects: tuple[str, ...]
    centre: Weights
    weights: Weights
    biases: Weights
    polarity_centre: Weights
    polarities: dict[str, tuple[Weights, float]] = field(repr=False)

    def rank(self, question: Vectors) -> Ranked:
        """Return the subjects of one question, `(D,)`, by probability."""
        logits = self.weights @ _unit_row(question - self.centre) + self.biases
        odds = np.exp(logits - logits.max())
        order = np.argsort(-odds)
        shares = odds / odds.sum()
        return Ranked(
            tuple(self.subjects[at] for at in order), tuple(float(shares[at]) for at in order)
        )

    def asks_for_motion(self, debate: str, affirmative: Vectors) -> float:
        """Return the probability that a question asks for the motion.

        `affirmative` is the polarity vector, `(P,)`, of the question without its reversals.
        """
        weights, bias = self.polarities[debate]
        centred = _unit_row(affirmative - self.polarity_centre)
        return float(1 / (1 + np.exp(-(weights @ centred + bias))))

    def save(self, path: Path) -> None:
        """Write the readings to an .npz file, without pickle."""
        debates = sorted(self.polarities)
        np.savez(
            path,
            subjects=np.array(self.subjects),
            centre=self.centre,
            weights=self.weights,
            biases=self.biases,
            polarity_centre=self.polarity_centre,
            debates=np.array(debates, dtype=str),
            polarity_weights=np.array([self.polarities[name][0] for name in debates], np.float32),
            polarity_biases=np.array([self.polarities[name][1] for name in debates], np.float32),
        )

    @classmethod
    def open(cls, path: Path) -> QuestionClassifier:
        """Return the readings in a file.

        Raises:
            SnapshotDamaged: The file is missing or cannot be read.
        """
        try:
            with np.load(path) as file:
                readings = zip(file["polarity_weights"], file["polarity_biases"], strict=True)
                return cls(
                    tuple(map(str, file["subjects"])),
                    file["centre"],
                    file["weights"],
                    file["biases"],
                    file["polarity_centre"],
                    {
                        str(name): (w, float(b))
                        for name, (w, b) in zip(file["debates"], readings, strict=True)
                    },
                )
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error


@cache
def off_topic_questions() -> tuple[str, ...]:
    """Return everyday questions on other subjects, which any corpus is calibrated against."""
    content = tomllib.loads((files(__package__) / "offtopic.toml").read_text(encoding="utf-8"))
    return tuple(chain.from_iterable(part["questions"] for part in content.values()))


def train_classifier(
    agenda: Agenda, encode: Encode, encode_polarity: Encode
) -> QuestionClassifier | None:
    """Return the readings learned from the agenda's examples; `None` for an agenda of nothing.

    `encode` gives vectors of questions, `(Q,) -> (Q, D)`; `encode_polarity` gives vectors in which
    opposite questions lie apart, `(Q,) -> (Q, P)`.
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
    centred = _unit(vectors - centre)
    names = np.array([name for name, _ in examples])
    kept = _off_topic_here(centred, names, own)
    importance = np.ones(len(names))
    importance[own:] = min(1.0, own / (len(names) - own))  # few examples must not be outvoted
    subjects, weights, biases = _fit(centred[kept], names[kept], _SUBJECT_C, importance[kept])
    if len(weights) == 1:  # of two classes, scikit-learn weighs only the second
        weights = np.vstack([np.zeros_like(weights), weights])
        biases = np.append(np.float32(0), biases)
    asked = {debate.id: _polarity_examples(debate, agenda) for debate in agenda.debates}
    readings = [encode_polarity([text for text, _ in pairs]) for pairs in asked.values()]
    polarity_centre = np.concatenate(readings or [vectors]).mean(axis=0)
    polarities = {
        debate: _train_polarity(reading - polarity_centre, [motion for _, motion in pairs])
        for (debate, pairs), reading in zip(asked.items(), readings, strict=True)
    }
    return QuestionClassifier(
        tuple(map(str, subjects)), centre, weights, biases, polarity_centre, polarities
    )


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
    both = chain(debate.examples.get(Side.YES, ()), debate.examples.get(Side.NO, ()))
    return [*debate.motion.texts.values(), *both]


def _polarity_examples(debate: Debate, agenda: Agenda) -> list[tuple[str, bool]]:
    """Return questions without reversals, of a debate and its parents, and what they ask for."""
    family = [debate, *(other for other in agenda.debates if other.id in debate.inherits)]
    examples: list[tuple[str, bool]] = []
    for member in family:
        for side in (Side.YES, Side.NO):
            names = member.sides[side].texts.values()
            motions = member.motion.texts.values() if side is Side.YES else ()
            for text in (*motions, *names, *member.examples.get(side, ())):
                form = read_form(text, detect_language(text))
                examples.append((form.affirmative, (side is Side.YES) != form.reversed))
    return examples


def _train_polarity(vectors: Vectors, asks_for_motion: Sequence[bool]) -> tuple[Weights, float]:
    if len(set(asks_for_motion)) == 1:  # nothing shows what the opposite sounds like: rules reverse
        return np.zeros(vectors.shape[1], np.float32), 1.0 if asks_for_motion[0] else -1.0
    _, weights, biases = _fit(_unit(vectors), np.array(asks_for_motion), _POLARITY_C)
    return weights[0], float(biases[0])


def _fit(
    vectors: Vectors,
    classes: NDArray[np.str_] | NDArray[np.bool_],
    strength: float,
    importance: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.str_], Weights, Weights]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only builds need it
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - likewise

    with threadpool_limits(1):  # the matrices are small: more threads only wait for each other
        model = LogisticRegression(C=strength, max_iter=3000)
        fitted = model.fit(vectors, classes, importance)
    weights = np.asarray(fitted.coef_, np.float32)
    biases = np.asarray(fitted.intercept_, np.float32)
    return fitted.classes_, weights, biases


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _unit_row(vector: Vectors) -> Vectors:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)
