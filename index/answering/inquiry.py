"""Reads a question, searches for it, and gathers what speaks for its being covered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.retrieval import Found, Query, find_passages
from index.questions.scope import Evidence, subject_evidence

if TYPE_CHECKING:
    from index.answering.method import Method
    from index.encoding.protocol import Encoder, Vectors
    from index.questions.reading import QuestionReader, Reading
    from index.storage.protocol import Snapshot

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
    """A question, read and searched."""

    reading: Reading
    query: Query
    found: Found
    evidence: Evidence


class Inquirer:
    """Inquires in one snapshot, with its encoder and a reader of questions."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, reader: QuestionReader, method: Method
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._reader = reader
        self._method = method

    def encode(self, text: str) -> Vectors:
        """Return the vector of a question, `(D,)`."""
        vectors: Vectors = self._encoder.encode_queries([text])
        return np.asarray(vectors[0], np.float32)

    def inquire(self, question: str, clock: Clock | None = None) -> Inquiry:
        """Return what is understood of a question, what is found, and how much that says."""
        clock = clock or Clock()
        vector = self.encode(question)
        clock.lap("encode")
        reading = self._reader.read(question, vector)
        query = Query(question, reading.language, vector)
        clock.lap("read")
        found = find_passages(self._snapshot, query, _NEARBY, method=self._method)
        evidence = self._evidence(reading, query, found)
        clock.lap("search")
        return Inquiry(reading, query, found, evidence)

    def _evidence(self, reading: Reading, query: Query, found: Found) -> Evidence:
        snapshot = self._snapshot
        subject = None
        if reading.ranked:
            subject = subject_evidence(reading.ranked)
        rows = found.dense.rows
        standard = snapshot.passage_baseline.standardised(rows, found.dense.similarities)
        sentences = np.concatenate(
            [
                np.arange(
                    stored.first_sentence, stored.first_sentence + len(stored.passage.sentences)
                )
                for stored in snapshot.records.passages(rows.tolist())
            ]
        )
        near = np.asarray(snapshot.sentences[sentences], np.float32) @ query.vector
        nearest = snapshot.sentence_baseline.standardised(sentences, near)
        return Evidence(subject, float(standard.max()), float(nearest.max()))
