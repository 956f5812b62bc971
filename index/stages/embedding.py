"""The second step: the vectors of passages and sentences into files, in row order.

Rows that were taken over have their vectors copied; those of other rows come from the cache, or
from the encoder. However many there are, no more than a few thousand are in memory.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.corpus.inputs import encoder_text
from index.storage import snapshot as parts
from index.storage.baseline import Baseline, open_baselines, save_baselines
from index.storage.sentences import SentenceWriter, open_sentences
from index.storage.vector_writing import VectorWriter
from index.storage.vectors import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.encoding.cache import EmbeddingCache
    from index.encoding.protocol import Encoder, Vectors
    from index.stages.base import Base
    from index.storage.recording import Run
    from index.storage.rereading import BuildRecords
    from index.storage.sentences import Halves
    from index.storage.vectors import Rows

_ENCODED_AT_ONCE = 2_048
"""Passages, with their sentences: texts of like length share a batch among so many."""
_COPIED_AT_ONCE = 8_192


def cohort_fact(cohort: Vectors) -> str:
    """Name a cohort of off-topic questions, `(C, D)`, that baselines are measured with."""
    return hashlib.sha256(cohort.tobytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Embedding:
    """Embeds with one model; `cohort` `(C, D)` are the vectors of off-topic questions."""

    encoder: Encoder
    cache: EmbeddingCache
    cohort: Vectors

    def write(
        self,
        folder: Path,
        records: BuildRecords,
        runs: Sequence[Run],
        base: Base | None,
        progress: Callable[[int, int], None],
    ) -> int:
        """Write vectors and baselines into `folder`; return how many passages were computed."""
        passages, sentences = records.passage_count, records.sentence_count
        size, whole, done, computed = self.encoder.dimension, passages + sentences, 0, 0
        old = _Old.open(base, self.cohort) if base and self._is_model_of(base) else None
        with (
            VectorWriter(
                folder / parts.VECTORS, passages, size, older=old.vectors.lists if old else None
            ) as vectors,
            SentenceWriter(folder / parts.SENTENCES, sentences, size) as halves,
        ):
            writing = _Writing(vectors, halves, self.cohort)
            progress(0, whole)
            for start, stop, run in _pieces(runs if old else (), passages):
                if old and run:
                    for copied in old.copy_to(writing, run):
                        done += copied
                        progress(done, whole)
                else:
                    for added, new in self._embed(writing, records, start, stop):
                        done, computed = done + added, computed + new
                        progress(done, whole)
        save_baselines(folder / parts.BASELINES, *writing.baselines())
        return computed

    def _embed(
        self, writing: _Writing, records: BuildRecords, start: int, stop: int
    ) -> Iterator[tuple[int, int]]:
        """Yield how many vectors were added, and how many passages were computed for it."""
        stream = records.stream(start, stop)
        while chunk := list(islice(stream, _ENCODED_AT_ONCE)):
            texts = [encoder_text(document, stored.passage) for document, stored in chunk]
            sentences = [
                span.of(document.text)
                for document, stored in chunk
                for span in stored.passage.sentences
            ]
            of_passages = self.cache.encode_passages(self.encoder, texts)
            writing.add_passages(of_passages.vectors)
            yield len(texts), of_passages.computed
            halves = self.cache.encode_passages(self.encoder, sentences).vectors
            writing.add_sentences(halves.astype(np.float16))
            yield len(sentences), 0

    def _is_model_of(self, base: Base) -> bool:
        known = base.manifest
        return (known.model, known.dimension) == (self.encoder.fingerprint, self.encoder.dimension)


@dataclass(frozen=True, slots=True)
class _Writing:
    """Files in the making, and the baselines of what was added to them so far."""

    vectors: VectorWriter
    sentences: SentenceWriter
    cohort: Vectors
    passage_baselines: list[Baseline] = field(default_factory=list)
    sentence_baselines: list[Baseline] = field(default_factory=list)

    def add_passages(
        self, vectors: Vectors, baseline: Baseline | None = None, came_from: Rows | None = None
    ) -> None:
        self.vectors.add(vectors, came_from)
        self.passage_baselines.append(baseline or Baseline.of(vectors, self.cohort))

    def add_sentences(self, halves: Halves, baseline: Baseline | None = None) -> None:
        self.sentences.add(halves)
        measured = baseline or Baseline.of(halves.astype(np.float32), self.cohort)
        self.sentence_baselines.append(measured)

    def baselines(self) -> tuple[Baseline, Baseline]:
        return Baseline.joined(self.passage_baselines), Baseline.joined(self.sentence_baselines)


@dataclass(frozen=True, slots=True)
class _Old:
    """The vectors of a snapshot, and its baselines where they were measured with our cohort."""

    vectors: FaissStore
    sentences: Halves
    passage_baseline: Baseline | None
    sentence_baseline: Baseline | None

    @classmethod
    def open(cls, base: Base, cohort: Vectors) -> _Old:
        comparable = base.facts.get("cohort") == cohort_fact(cohort)
        known = open_baselines(base.folder / parts.BASELINES) if comparable else (None, None)
        store = FaissStore.open(base.folder / parts.VECTORS)
        return cls(store, open_sentences(base.folder / parts.SENTENCES), *known)

    def copy_to(self, writing: _Writing, run: Run) -> Iterator[int]:
        """Yield how many vectors were copied."""
        for start, stop in _chunks(run.old_passage, run.old_passage + run.passages):
            known = self.passage_baseline and self.passage_baseline.part(start, stop)
            rows = np.arange(start, stop)
            writing.add_passages(self.vectors.vectors(rows), known, rows)
            yield stop - start
        for start, stop in _chunks(run.old_sentence, run.old_sentence + run.sentences):
            known = self.sentence_baseline and self.sentence_baseline.part(start, stop)
            writing.add_sentences(self.sentences[start:stop], known)
            yield stop - start


def _pieces(runs: Sequence[Run], count: int) -> Iterator[tuple[int, int, Run | None]]:
    """Yield all passages by first row and by that after the last, with the run that they are."""
    at = 0
    for run in runs:
        if at < run.passage:
            yield at, run.passage, None
        at = run.passage + run.passages
        yield run.passage, at, run
    if at < count:
        yield at, count, None


def _chunks(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first in range(start, stop, _COPIED_AT_ONCE):
        yield first, min(stop, first + _COPIED_AT_ONCE)
