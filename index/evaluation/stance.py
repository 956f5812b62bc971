"""Part "stance": how rightly a model places texts on the sides of motions it has never seen.

Few-shot rows learn from some labelled texts of a motion, as the advisor does from a debate's
labels, and are judged on its other texts. A text of neither side that is placed counts as wrong.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.debates.records import Side
from index.evaluation.bootstrap import clustered
from index.evaluation.jsonl import read_lines
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.tables import Grid
from index.stance.cache import CachedStance
from index.stance.learned import Confirmed, LearnedStance
from index.stance.loading import learned_settings
from index.stance.protocol import SIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.answering.advisor import Advisor
    from index.encoding.protocol import Vectors
    from index.evaluation.parts import Folders
    from index.stance.learned import LearnedSettings
    from index.stance.protocol import Shares, StanceModel

FILES = {"plain": "stance.jsonl", "indirect": "stance-indirect.jsonl"}
"""Texts by how openly they say where they stand."""
CURVE = "accuracy against coverage"
SHOTS = (4, 8)
_DRAWS = 3
"""How often the labelled texts of a motion are drawn anew."""
_STEPS = 20
_NEITHER = SIDES.index(Side.BACKGROUND)


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion and its texts, with the column of `SIDES` that is right for each."""

    motion: str
    texts: tuple[str, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said of the texts of one motion, `(N, 3)`, and what is right, `(N,)`."""

    shares: Shares
    columns: NDArray[np.int64]

    def right(self) -> NDArray[np.bool_]:
        """Tell which texts would stand on the right side if all were placed."""
        right: NDArray[np.bool_] = self.shares[:, :_NEITHER].argmax(axis=1) == self.columns
        return right

    def certainty(self) -> Shares:
        """Return the share of the likelier side."""
        certainty: Shares = self.shares[:, :_NEITHER].max(axis=1)
        return certainty


def read_motion(content: dict[str, Any]) -> Motion:
    """Return one motion of a file with the lists `for`, `against` and `neither`."""
    lists = [content[name] for name in ("for", "against", "neither")]
    texts = tuple(text for texts in lists for text in texts)
    columns = tuple(column for column, texts in enumerate(lists) for _ in texts)
    return Motion(content["motion"], texts, columns)


def judge(model: StanceModel, motions: Iterable[Motion]) -> list[Judged]:
    """Return what a model says that has seen nothing of the motions."""
    return [Judged(model.shares(m.motion, m.texts), np.array(m.columns)) for m in motions]


def judge_learned(
    model: StanceModel,
    encode: Callable[[Sequence[str]], Vectors],
    motions: Iterable[Motion],
    shots: int,
    settings: LearnedSettings | None = None,
) -> list[Judged]:
    """Return what is said of a motion's other texts after `shots` labels a side; seeded."""
    used = settings or learned_settings()
    drawing = random.Random(shots)  # noqa: S311 - draws a sample
    found = []
    for motion in motions:
        for _ in range(_DRAWS):
            labelled = {
                at
                for column in range(_NEITHER)
                for at in drawing.sample(
                    [at for at, right in enumerate(motion.columns) if right == column], shots
                )
            }
            confirmed = [Confirmed(motion.texts[at], SIDES[motion.columns[at]]) for at in labelled]
            learned = LearnedStance(model, encode, used, motion.motion, confirmed)
            rest = [at for at in range(len(motion.texts)) if at not in labelled]
            shares = learned.shares(motion.motion, [motion.texts[at] for at in rest])
            found.append(Judged(shares, np.array([motion.columns[at] for at in rest])))
    return found


def curve(judged: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """Return coverage and accuracy when only the most certain are placed, by step."""
    certainty = np.concatenate([one.certainty() for one in judged])
    right = np.concatenate([one.right() for one in judged])
    order = np.argsort(-certainty, kind="stable")
    hits = np.cumsum(right[order])
    points = {}
    for step in range(1, _STEPS + 1):
        placed = round(step / _STEPS * len(order))
        if placed:
            points[f"{step / _STEPS:.2f}"] = (placed / len(order), float(hits[placed - 1] / placed))
    return points


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Judge all motions of the files, with and without labels of theirs."""
    if advisor.stance is None:
        return PartResult(absent=("not measured: there is no stance model",))
    model = CachedStance(advisor.stance, folders.index / "judged.sqlite")
    rows: dict[str, tuple[Any, ...]] = {}
    curves: dict[str, tuple[str, ...]] = {}
    absent: list[str] = []
    for manner, file in FILES.items():
        path = folders.evals / file
        if not path.is_file():
            absent.append(not_there(file, "evals"))
            continue
        for name, (found, certain) in _judged(advisor, model, read_lines(path, read_motion)):
            rows[f"{name}, {manner}"] = _row(found, certain)
            points = curve(found).values()
            curves[f"{name}, {manner}"] = tuple(f"{accuracy:.3f}" for _, accuracy in points)
    if not rows:
        return PartResult(absent=tuple(absent))
    columns = ("model, texts", "side", "macro-F1", "placed", "of these right", "texts")
    steps = tuple(f"{step / _STEPS:.2f}" for step in range(1, _STEPS + 1))
    return PartResult(
        tables=(Grid("texts on motions that no model has seen", columns, rows),),
        details=(Grid(CURVE, ("share placed", *steps), curves),),
        absent=tuple(absent),
    )


def _judged(
    advisor: Advisor, model: StanceModel, motions: Sequence[Motion]
) -> Iterator[tuple[str, tuple[list[Judged], float]]]:
    """Yield each way to judge by name, with what it finds and the share that it places from."""
    yield f"{model.name}, no labels", (judge(model, motions), model.certain)
    settings = learned_settings()
    texts = list({text for motion in motions for text in motion.texts})
    vectors = dict(zip(texts, advisor.encoder.encode_passages(texts), strict=True))

    def encode(asked: Sequence[str]) -> Vectors:
        return np.stack([vectors[text] for text in asked])

    for shots in SHOTS:
        found = judge_learned(model, encode, motions, shots)
        yield f"learned, {shots} labels a side", (found, settings.certain)


def _row(judged: Sequence[Judged], certain: float) -> tuple[Any, ...]:
    sided = [_floats(one.right()[one.columns != _NEITHER]) for one in judged]
    placed = [_floats(one.certainty() >= certain) for one in judged]
    right = [_floats(one.right()[one.certainty() >= certain]) for one in judged]
    return (
        clustered(sided),
        f"{macro_f1(judged):.3f}",
        clustered(placed),
        clustered(right) if any(len(one) for one in right) else None,
        sum(len(one.columns) for one in judged),
    )


def _floats(values: NDArray[np.bool_]) -> list[float]:
    return [float(value) for value in values]


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean F1 of for, against and neither, each text going where it is likeliest."""
    guessed = np.concatenate([one.shares.argmax(axis=1) for one in judged])
    columns = np.concatenate([one.columns for one in judged])
    scores = []
    for column in range(len(SIDES)):
        hits = ((guessed == column) & (columns == column)).sum()
        sizes = (guessed == column).sum() + (columns == column).sum()
        scores.append(2 * hits / max(1, sizes))
    return float(np.mean(scores))


PART = Part(
    "stance",
    "Sides by a model",
    "German motions that no model was trained on, in the manner of party statements, voters' "
    "comments and articles, written for this project by a language model: texts as they usually "
    "are (plain), and texts that avoid saying where they stand (indirect). A text is placed on a "
    "side only where the model is certain; placing one that takes neither side counts as wrong.",
    run,
)
