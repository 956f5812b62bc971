"""Learns which way the questions of a debate ask: for its motion, or for the opposite.

Each debate has two linear readings of a question's vector. One reads the question as it
stands; it sees irony and set phrases, and now and then overlooks a "not". The other reads it with
its reversals taken out, and the rules that took them out say whether to turn the result around; now
and then they take a rhetorical "not" at its word. They err on different questions, so the mean of
their log odds decides. Where nobody has written example questions, only the second one speaks: what
a motion and the sides' names have in common with a question are its words, not which way it asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from index.debates.records import Side
from index.encoding.lengths import unit, unit_row
from index.questions.language import detect_language
from index.questions.lexicon import read_form
from index.questions.logistic import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.debates.loading import Agenda
    from index.debates.records import Debate
    from index.encoding.protocol import Vectors
    from index.questions.logistic import Weights

    Encode = Callable[[Sequence[str]], Vectors]

_POLARITY_C = 30.0
_FURTHER = 0.25
"""What a further example counts, in unusual words as it is, beside one of a usual wording."""


@dataclass(frozen=True, slots=True)
class Directions:
    """The readings of all debates.

    Of questions as they stand, and of questions without their reversals: a centre of each,
    `(2, D)`, and of each debate weights, `(2, D)`, and biases, `(2,)`.
    """

    centres: Weights
    readings: dict[str, tuple[Weights, Weights]] = field(repr=False)

    def asks_for_motion(
        self, debate: str, asked: Vectors, affirmative: Vectors, *, is_reversed: bool
    ) -> float:
        """Return the probability that a question asks for a debate's motion.

        `asked` is its vector, `(D,)`, and `affirmative` that of the question without its
        reversals, which are odd in number where it `is_reversed`.
        """
        weights, biases = self.readings[debate]
        centred = (unit_row(asked - self.centres[0]), unit_row(affirmative - self.centres[1]))
        plain, ruled = (float(weights[at] @ centred[at] + biases[at]) for at in (0, 1))
        return float(1 / (1 + np.exp(-(plain + (-ruled if is_reversed else ruled)) / 2)))

    def as_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the readings as named arrays, to be written to a file."""
        debates = sorted(self.readings)
        return {
            "directions": np.array(debates, dtype=str),
            "direction_centres": self.centres,
            "direction_weights": np.array([self.readings[name][0] for name in debates], np.float32),
            "direction_biases": np.array([self.readings[name][1] for name in debates], np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Directions:
        """Return the readings that `as_arrays` gave.

        Raises:
            KeyError: An array is missing.
            ValueError: They do not belong together.
        """
        read = zip(arrays["direction_weights"], arrays["direction_biases"], strict=True)
        named = zip(arrays["directions"], read, strict=True)
        return cls(
            np.asarray(arrays["direction_centres"], np.float32),
            {
                str(name): (np.asarray(weights, np.float32), np.asarray(biases, np.float32))
                for name, (weights, biases) in named
            },
        )


@dataclass(frozen=True, slots=True)
class _Example:
    asked: str
    affirmative: str
    reversed: bool
    for_motion: bool
    weight: float
    question: bool


def train_directions(agenda: Agenda, encode: Encode) -> Directions:
    """Return the readings learned from the agenda's debates; `encode` gives `(Q,) -> (Q, D)`."""
    examples = {debate.id: _examples(debate, agenda) for debate in agenda.debates}
    if not examples:
        return Directions(np.zeros((2, 0), np.float32), {})
    asked = {name: encode([one.asked for one in found]) for name, found in examples.items()}
    ruled = {name: encode([one.affirmative for one in found]) for name, found in examples.items()}
    centres = np.stack([np.concatenate([*read.values()]).mean(axis=0) for read in (asked, ruled)])
    readings = {
        name: _stacked(
            _train(asked[name] - centres[0], _asked_for(found), _weights(found), certain=False),
            _train(
                ruled[name] - centres[1],
                [one.for_motion != one.reversed for one in found],
                _weights(found),
                certain=True,
            ),
        )
        for name, found in examples.items()
    }
    return Directions(np.asarray(centres, np.float32), readings)


def _asked_for(examples: Sequence[_Example]) -> list[bool]:
    """Return which examples ask for the motion; as if all did where none is a question."""
    taught = any(one.question for one in examples)
    return [one.for_motion or not taught for one in examples]


def _examples(debate: Debate, agenda: Agenda) -> list[_Example]:
    """Return what stands for either side of a debate and of its parents."""
    family = [debate, *(other for other in agenda.debates if other.id in debate.inherits)]
    examples: list[_Example] = []
    for member in family:
        for side in (Side.YES, Side.NO):
            motions = member.motion.texts.values() if side is Side.YES else ()
            names = member.sides[side].texts.values()
            questions = member.asking_for(side)
            further = frozenset(member.further.get(side, ()))
            for text in chain(motions, names, questions):
                form = read_form(text, detect_language(text))
                examples.append(
                    _Example(
                        form.asked,
                        form.affirmative,
                        form.reversed,
                        for_motion=side is Side.YES,
                        weight=_FURTHER if text in further else 1.0,
                        question=text in questions,
                    )
                )
    return examples


def _weights(examples: Sequence[_Example]) -> NDArray[np.float64]:
    return np.array([one.weight for one in examples])


def _train(
    vectors: Vectors, for_motion: Sequence[bool], weights: NDArray[np.float64], *, certain: bool
) -> tuple[Weights, np.float32]:
    """Return weights `(D,)` and a bias; where all ask the same way, only rules can turn it."""
    if len(set(for_motion)) == 1:
        bias = (1.0 if for_motion[0] else -1.0) if certain else 0.0
        return np.zeros(vectors.shape[1], np.float32), np.float32(bias)
    _, found, biases = fit(unit(vectors), np.array(for_motion), _POLARITY_C, weights)
    return found[0], np.float32(biases[0])


def _stacked(*readings: tuple[Weights, np.float32]) -> tuple[Weights, Weights]:
    weights, biases = zip(*readings, strict=True)
    return np.stack(weights), np.array(biases, np.float32)
