"""Reads a question, searches for it, and gathers what speaks for its being covered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.retrieval import Found, Query, find_passages
from index.debates.records import CURATED, trust
from index.questions.scope import Evidence, subject_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.fusion import Numbers
    from index.answering.method import Method
    from index.encoding.protocol import Encoder, Vectors
    from index.questions.reading import QuestionReader, Reading
    from index.storage.protocol import Snapshot
    from index.storage.records import Stored
    from index.storage.vectors import Rows

_NEARBY = 64


class Clock:
    """Measures laps in milliseconds."""

    def __init__(self) -> None:
        self._last = self._start = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Note the time since the last lap, and in all."""
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self.laps["total"] = (now - self._start) * 1000
        self._last = now


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, read and searched.

    `aside` is the evidence of documents that nobody has labelled, where some of others are.
    """

    reading: Reading
    query: Query
    found: Found
    evidence: Evidence
    aside: Evidence | None = None


class Inquirer:
    """Inquires in one snapshot, with its encoder and a reader of questions."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, reader: QuestionReader, method: Method
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._reader = reader
        self._method = method
        self._labelled = _labelled_documents(snapshot)

    def encode(self, text: str) -> Vectors:
        """Return the vector of a question, `(D,)`."""
        vectors: Vectors = self._encoder.encode_queries([text])
        return np.asarray(vectors[0], np.float32)

    def inquire(self, question: str, clock: Clock | None = None) -> Inquiry:
        """Return what is understood of a question, what is found, and how much that says."""
        clock = clock or Clock()
        reading = self._reader.read(question)
        clock.lap("read")
        query = Query(question, reading.language, self.encode(question))
        clock.lap("encode")
        found = find_passages(self._snapshot, query, _NEARBY, method=self._method)
        passages = self._snapshot.records.passages(found.dense.rows.tolist())
        evidence = self._evidence(reading, query, found, passages)
        aside = self._evidence_aside(query, found, passages)
        clock.lap("search")
        return Inquiry(reading, query, found, evidence, aside)

    def _evidence(
        self, reading: Reading, query: Query, found: Found, passages: Sequence[Stored]
    ) -> Evidence:
        near = self._nearest(query, passages, found.dense.rows, found.dense.similarities)
        if reading.ranked is None:
            return Evidence(None, *near)
        return Evidence(subject_evidence(reading.ranked), *near, reading.ranked.nearness)

    def _evidence_aside(
        self, query: Query, found: Found, passages: Sequence[Stored]
    ) -> Evidence | None:
        """Return the evidence of what nobody has labelled; `None` where that is all or nothing."""
        mine = np.array([one.passage.document not in self._labelled for one in passages], bool)
        if self._snapshot.classifier is None or not mine.any():
            return None
        aside = [one for one, counts in zip(passages, mine, strict=True) if counts]
        dense = found.dense
        return Evidence(
            None, *self._nearest(query, aside, dense.rows[mine], dense.similarities[mine])
        )

    def _nearest(
        self, query: Query, passages: Sequence[Stored], rows: Rows, similarities: Numbers
    ) -> tuple[float, float]:
        """Return the standardised similarities of the nearest of some passages, and sentence."""
        snapshot = self._snapshot
        standard = snapshot.passage_baseline.standardised(rows, similarities)
        sentences = np.concatenate([stored.sentence_rows for stored in passages])
        near = np.asarray(snapshot.sentences[sentences], np.float32) @ query.vector
        nearest = snapshot.sentence_baseline.standardised(sentences, near)
        return float(standard.max()), float(nearest.max())


def _labelled_documents(snapshot: Snapshot) -> frozenset[str]:
    """Return the documents in which a person has labelled something."""
    return frozenset(
        one.label.document
        for one in snapshot.labels
        if trust(one.label.by, one.label.certainty) <= trust(CURATED)
    )
