"""Tells what the nearest examples add to which subject a question is read as.

    .venv/bin/python evals/neighbours.py [DATA]

Cross-validation among the seeds' example questions: a classifier learns from three in four and
reads the fourth, with the weight of neighbours that it has and with none. Vectors are the plain
encoder's: the adapted one has learned from these very questions. No labelled question is looked at.
`DATA` is a folder with a built index, whose cached vectors are used.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.debates.loading import read_agenda
from index.encoding.cache import EmbeddingCache
from index.encoding.loading import load_encoder
from index.questions import classifier
from index.questions.classifier import OFF_TOPIC, train_classifier
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.debates.loading import Agenda
    from index.debates.records import Debate, Side
    from index.encoding.protocol import Vectors

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 4


def main(data: Path) -> None:
    """Print the share of subjects that are right, with neighbours and without."""
    encoder, cache = load_encoder(), EmbeddingCache(Shelf(data).embeddings)

    def encode(texts: Sequence[str]) -> Vectors:
        return cache.encode_queries(encoder, texts).vectors

    agenda, weight = read_agenda(ROOT / "seeds"), classifier.NEIGHBOURS_WEIGHT
    right: dict[float, list[bool]] = {weight: [], 0.0: []}
    for fold in range(FOLDS):
        taught, asked = _divided(agenda, fold)
        learned = train_classifier(taught, encode)
        if learned is None:
            raise SystemExit("the seeds have no debates")
        vectors = encode([question for _, question in asked])
        for one, found in right.items():
            classifier.NEIGHBOURS_WEIGHT = one
            for (subject, _), vector in zip(asked, vectors, strict=True):
                named = (name for name in learned.rank(vector).subjects if name != OFF_TOPIC)
                found.append(next(named) == subject)
    for one, found in right.items():
        sys.stdout.write(f"weight {one:g}: {np.mean(found):.3f} of {len(found)}\n")


def _divided(agenda: Agenda, fold: int) -> tuple[Agenda, list[tuple[str, str]]]:
    """Return the agenda without one in `FOLDS` of its examples, and those, by subject."""
    asked: list[tuple[str, str]] = []

    def kept(subject: str, questions: Sequence[str]) -> tuple[str, ...]:
        asked.extend((subject, one) for one in questions[fold::FOLDS])
        return tuple(one for at, one in enumerate(questions) if at % FOLDS != fold)

    def sides(
        debate: Debate, questions: Mapping[Side, Sequence[str]]
    ) -> dict[Side, tuple[str, ...]]:
        return {side: kept(debate.id, each) for side, each in questions.items()}

    debates = tuple(
        replace(one, examples=sides(one, one.examples), further=sides(one, one.further))
        for one in agenda.debates
    )
    topics = tuple(replace(one, examples=kept(one.id, one.examples)) for one in agenda.topics)
    return replace(agenda, debates=debates, topics=topics), asked


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data")
