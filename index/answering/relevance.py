"""Tells whether a debate's excerpts say anything on what a question adds to the one before it.

A few words are a little near to everything: how near they are to an excerpt is held against what
unrelated questions reach there. Words that are still near to nothing are not spoken of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.debates.records import Side

if TYPE_CHECKING:
    from index.answering.labels import LabelMap
    from index.debates.records import Debate
    from index.encoding.protocol import Vectors
    from index.storage.protocol import Snapshot
    from index.storage.vectors import Rows

_SAYS_SOMETHING = 1.7
"""The deviation from which on words are spoken of; `evals/followups.py` tells its rates."""
_OWN_WEIGHT = 4.0
"""What sets words apart from other questions counts so much beside the words as they stand."""


class Relevance:
    """Measures words against the excerpts of a snapshot's debates."""

    def __init__(self, snapshot: Snapshot, labels: LabelMap) -> None:
        self._snapshot = snapshot
        self._labels = labels
        self._sentences: dict[str, Rows] = {}

    def speaks_of(self, debate: Debate, words: Vectors) -> bool:
        """Return whether an excerpt of a debate speaks of something, given its vector, `(D,)`."""
        return self.deviation(debate, words) >= _SAYS_SOMETHING

    def sharpened(self, words: Vectors) -> Vectors:
        """Return the vector of a few words, `(D,)`, turned away from what any question says.

        As it stands it is nearest to what is near to everything.
        """
        classifier = self._snapshot.classifier
        if classifier is None:
            return words
        own = words - classifier.centre
        turned = words + _OWN_WEIGHT * own / max(float(np.linalg.norm(own)), 1e-9)
        return np.asarray(turned / np.linalg.norm(turned), np.float32)

    def deviation(self, debate: Debate, words: Vectors) -> float:
        """Return how far the nearest sentence of a debate stands out; -inf where it has none."""
        rows = self._rows(debate)
        if not len(rows):
            return -np.inf
        near = np.asarray(self._snapshot.sentences[rows], np.float32) @ words
        return float(self._snapshot.sentence_baseline.standardised(rows, near).max())

    def _rows(self, debate: Debate) -> Rows:
        """Return the rows of the sentences that are labelled for a debate."""
        if debate.id not in self._sentences:
            sides = (Side.YES, Side.NO, Side.BACKGROUND)
            found = {row for side in sides for row in self._labelled(debate, side)}
            self._sentences[debate.id] = np.array(sorted(found), np.int64)
        return self._sentences[debate.id]

    def _labelled(self, debate: Debate, side: Side) -> list[int]:
        judge = self._labels.judge(debate, side)
        passages = self._snapshot.records.passages(self._labels.rows(debate, side).tolist())
        return [
            stored.first_sentence + at
            for stored in passages
            for at, sentence in enumerate(stored.passage.sentences)
            if (verdict := judge(stored.passage.document, sentence)) and verdict.core
        ]
