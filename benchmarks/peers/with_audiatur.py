"""Audiatur: vectors, words and records, searched as for one side of an answer.

The variant "dense" leaves out the words, to show the vector engine beside those of the peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from task import TOP, Query, Task, run

from index.answering.retrieval import Query as Asked
from index.answering.retrieval import find_passages
from index.corpus.records import Card, Document, Passage, Span
from index.debates.loading import Agenda
from index.storage.baseline import Baseline
from index.storage.recording import write_records
from index.storage.records import Records
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from index.storage.vectors import Rows

_UNRELATED = 200
"""So many passages stand for unrelated questions, of which there are no vectors here."""


@dataclass(frozen=True)
class Searched:
    """Vectors and words of all passages."""

    vectors: FaissStore
    words: WordIndex
    passage_baseline: Baseline


@dataclass(frozen=True)
class Engine:
    """What is searched, by vectors alone or by words too, and the rows of each side."""

    vectors: FaissStore
    both: Searched | None
    records: Records
    sides: dict[str, Rows]


def build(task: Task) -> Engine:
    """Return the parts of an index over all passages, on disk."""
    task.place.mkdir()
    batches = list(task.batches())
    vectors = np.concatenate([one.vectors for one in batches])
    sides = np.array(list(chain.from_iterable(one.sides for one in batches)))
    texts = list(chain.from_iterable(one.texts for one in batches))
    store = FaissStore.of(vectors)
    store.save(task.place / "passages.faiss")
    records = task.place / "records.sqlite"
    write_records(records, list(map(_document, range(len(texts)), texts)), Agenda(), (), ())
    both = None
    if task.variant != "dense":
        words = WordIndex.build(task.place / "words", ["de"], (("de", text) for text in texts))
        chosen = np.random.default_rng(5).choice(len(vectors), min(_UNRELATED, len(vectors)))
        both = Searched(store, words, Baseline.of(vectors, vectors[chosen]))
    return Engine(
        store,
        both,
        Records(records),
        {side: np.flatnonzero(sides == side).astype(np.int64) for side in ("yes", "no")},
    )


def _document(row: int, text: str) -> Document:
    whole = Span(0, len(text))
    passage = Passage(str(row), 0, whole, (), (whole,))
    return Document(str(row), text, Card(language="de"), "", (), (passage,))


def search(engine: Engine, query: Query) -> list[int]:
    """Return the best rows of the query's side; their texts are read, as the peers' are."""
    among = engine.sides[query.side]
    if engine.both:
        asked = Asked(query.text, "de", query.vector)
        rows = [*find_passages(engine.both, asked, TOP, among).fused][:TOP]
    else:
        rows = [int(row) for row in engine.vectors.search(query.vector, TOP, among).rows]
    for stored in engine.records.passages(rows):
        engine.records.text(stored.passage.document, stored.passage.span)
    return rows


if __name__ == "__main__":
    run(build, search, "on disk")
