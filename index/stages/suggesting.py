"""The fourth step: what a model suggests for the debates, from recorded passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.stance.suggesting import NEAREST_PASSAGES, suggest_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from index.corpus.records import Document, Passage
    from index.debates.records import Anchored, Debate
    from index.encoding.cache import EmbeddingCache
    from index.encoding.protocol import Encoder, Vectors
    from index.stance.learned import LearnedSettings
    from index.stance.protocol import StanceModel
    from index.storage.rereading import BuildRecords
    from index.storage.vectors import Rows, VectorStore

_LOOKED_AT_ONCE = 16_384


def suggest(
    debates: Sequence[Debate],
    given: Sequence[Anchored],
    ground: RecordedGround,
    model: StanceModel,
    settings: LearnedSettings,
    progress: Callable[[int, int], None],
) -> list[Anchored]:
    """Return what a model suggests, where nobody has read; `given` are all labels there are."""
    known: dict[str, list[Anchored]] = {debate.id: [] for debate in debates}
    for one in given:
        known.get(one.label.subject, []).append(one)
    labels: list[Anchored] = []
    for done, debate in enumerate(debates, start=1):
        labels += suggest_labels(debate, ground, known[debate.id], model, settings)
        progress(done, len(debates))
    return labels


@dataclass(frozen=True, slots=True)
class RecordedGround:
    """What suggestions are made from: recorded passages, of which few are held in memory."""

    records: BuildRecords
    cache: EmbeddingCache
    encoder: Encoder
    nearest: Mapping[str, Rows]
    """The rows that are nearest to the motion of each debate, by the debate's id."""

    @classmethod
    def of(
        cls,
        records: BuildRecords,
        cache: EmbeddingCache,
        encoder: Encoder,
        store: VectorStore,
        debates: Sequence[Debate],
    ) -> RecordedGround:
        """Look through the vectors once, for all debates."""

        def motions(debate: Debate) -> Vectors:
            return cache.encode_queries(encoder, list(debate.motion.texts.values())).vectors

        searches = [_Nearest(one.id, motions(one), _read(one, records)) for one in debates]
        for start in range(0, store.count, _LOOKED_AT_ONCE):
            rows = np.arange(start, min(store.count, start + _LOOKED_AT_ONCE))
            vectors = store.vectors(rows)
            for search in searches:
                search.look_at(rows, vectors)
        nearest = {search.debate: np.sort(search.rows) for search in searches}
        return cls(records, cache, encoder, nearest)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, `(M,) -> (M, D)`."""
        return self.cache.encode_queries(self.encoder, texts).vectors

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of sentences, `(M,) -> (M, D)`."""
        return self.cache.encode_passages(self.encoder, texts).vectors

    def near(self, debate: Debate, motions: Vectors) -> list[tuple[Document, Passage]]:  # noqa: ARG002
        """Return the passages nearest to a debate's motion."""
        return [
            (document, stored.passage)
            for row in self.nearest[debate.id].tolist()
            for document, stored in self.records.stream(row, row + 1)
        ]


class _Nearest:
    """The rows that come nearest to any form of a motion, `(M, D)`, of those looked at so far."""

    def __init__(self, debate: str, motions: Vectors, passed_over: Rows) -> None:
        self.debate = debate
        self.rows: Rows = np.empty(0, np.int64)
        self._motions = motions
        self._passed_over = passed_over
        self._nearness = np.empty(0, np.float32)

    def look_at(self, rows: Rows, vectors: Vectors) -> None:
        """Take rows into account that come after those before, with their vectors, `(n, D)`."""
        nearness = (vectors @ self._motions.T).max(axis=1)
        kept = ~np.isin(rows, self._passed_over, assume_unique=True)
        if len(self.rows) == NEAREST_PASSAGES:
            kept &= nearness > self._nearness[-1]
        rows = np.concatenate([self.rows, rows[kept]])
        nearness = np.concatenate([self._nearness, nearness[kept]])
        best = np.argsort(-nearness, kind="stable")[:NEAREST_PASSAGES]
        self.rows, self._nearness = rows[best], nearness[best]


def _read(debate: Debate, records: BuildRecords) -> Rows:
    rows = [np.arange(found.start, found.stop) for found in map(records.rows_of, debate.read)]
    return np.concatenate([np.empty(0, np.int64), *rows])
