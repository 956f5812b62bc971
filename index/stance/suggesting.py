"""Suggests sides for what nobody has labelled: new documents, and new debates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.answering.standalone import leans_back
from index.debates.records import CURATED, Anchored, Label, Side, trust
from index.stance.learned import Confirmed, LearnedStance, can_learn
from index.stance.protocol import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.corpus.records import Document, Passage, Span
    from index.debates.records import Debate
    from index.encoding.protocol import Vectors
    from index.stance.learned import LearnedSettings
    from index.stance.protocol import Placement, StanceModel

NEAREST_PASSAGES = 64
NEAREST_SENTENCES = 48
"""How many passages, and of them how many sentences, are judged: those nearest to the motion."""
_SHORTEST = 25
"""A sentence shorter than this, in code points, says too little to have a side."""


@dataclass(frozen=True, slots=True)
class Open:
    """A sentence that nobody has judged for a debate, and the text that a model reads for it."""

    document: Document
    span: Span
    text: str


class Ground(Protocol):
    """What suggestions are made from, however large it is."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, `(M,) -> (M, D)`."""

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of sentences, `(M,) -> (M, D)`."""

    def near(self, debate: Debate, motions: Vectors) -> list[tuple[Document, Passage]]:
        """Return the passages that are nearest to a debate's motion, `(M, D)`, in their own order.

        They are up to `NEAREST_PASSAGES`; none is of a document that was read for the debate.
        """


@dataclass(frozen=True, slots=True)
class Material:
    """Documents in memory; `passages` `(N, D)` are the vectors of all their passages in order."""

    documents: Sequence[Document]
    passages: Vectors
    queries: Callable[[Sequence[str]], Vectors]
    sentences: Callable[[Sequence[str]], Vectors]

    def near(self, debate: Debate, motions: Vectors) -> list[tuple[Document, Passage]]:
        """Return the passages that are nearest to a debate's motion, in documents not read."""
        places = [
            (document, passage) for document in self.documents for passage in document.passages
        ]
        rows = [at for at, (document, _) in enumerate(places) if document.id not in debate.read]
        if not rows:
            return []
        return [places[rows[at]] for at in nearest(self.passages[rows], motions, NEAREST_PASSAGES)]


def suggest_labels(
    debate: Debate,
    material: Ground,
    given: Sequence[Anchored],
    model: StanceModel,
    settings: LearnedSettings | None = None,
) -> list[Anchored]:
    """Return a model's labels for what is near a debate's motion and was not read for it.

    `given` are the labels and the spans set aside, of this debate alone. With enough of them, and
    `settings`, the model learns from them. What takes neither side is left out.
    """
    motions = material.queries(list(debate.motion.texts.values()))
    opened = list(_open_sentences(debate, material, given, motions))
    if not opened:
        return []
    vectors = material.sentences([one.text for one in opened])
    opened = [opened[at] for at in nearest(vectors, motions, NEAREST_SENTENCES)]
    language = opened[0].document.card.language or "en"
    motion = debate.motion.in_language(language)
    confirmed = [
        Confirmed(one.label.quote, one.label.side)
        for one in given
        if trust(one.label.by, one.label.certainty) <= trust(CURATED) and not one.label.reported
    ]
    if settings and can_learn(confirmed):
        model = LearnedStance(model, material.sentences, settings, motion, confirmed)
    placements = place(model, motion, [one.text for one in opened])
    return [
        _label(debate, one, placement)
        for one, placement in zip(opened, placements, strict=True)
        if placement.side is not Side.BACKGROUND
    ]


def _open_sentences(
    debate: Debate, material: Ground, given: Sequence[Anchored], motions: Vectors
) -> Iterator[Open]:
    """Yield what is near the motion, in documents not read for the debate and not labelled yet."""
    for document, passage in material.near(debate, motions):
        known = [one.span for one in given if one.label.document == document.id]
        for number, span in enumerate(passage.sentences):
            text = span.of(document.text)
            if len(text) < _SHORTEST or any(span.overlaps(other) for other in known):
                continue
            if number and leans_back(text, document.card.language or "en"):
                text = f"{passage.sentences[number - 1].of(document.text)} {text}"
            yield Open(document, span, text)


def nearest(vectors: Vectors, motions: Vectors, limit: int) -> list[int]:
    """Return the rows that come nearest to any form of a motion, in their own order.

    `(N, D), (M, D) -> [row, …]`, up to `limit`.
    """
    nearness = (vectors @ motions.T).max(axis=1)
    return sorted(np.argsort(-nearness, kind="stable")[:limit].tolist())


def _label(debate: Debate, one: Open, placement: Placement) -> Anchored:
    quote = one.span.of(one.document.text)
    label = Label(
        debate.id,
        one.document.id,
        quote,
        placement.side,
        placement.by,
        certainty=round(placement.certainty, 3),
    )
    return Anchored(label, one.span)
