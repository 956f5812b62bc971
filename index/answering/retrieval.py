"""Finds passages for a question: by meaning (dense) and by words (lexical), fused by value.

The words of a question in another language than the passages' weigh little by themselves: most of
them are strange to the passages, and what counts is the part of the whole question that is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.answering.fusion import combine
from index.answering.method import FULL

if TYPE_CHECKING:
    from index.answering.fusion import Numbers
    from index.answering.method import Method
    from index.encoding.protocol import Vectors
    from index.storage.baseline import Baseline
    from index.storage.protocol import Words
    from index.storage.vectors import Neighbours, Rows, VectorStore
    from index.storage.words import Matches

LEXICAL_WEIGHT = 6.0
"""What a passage gains by saying all of a question's words, in deviations of unrelated questions'
similarities. Fitted by `evals/retrieval.py` on XQuAD; its figures are of articles left out."""


class Searchable(Protocol):
    """What is searched: a snapshot, or any set of passages with vectors and words."""

    @property
    def vectors(self) -> VectorStore:
        """The passages' vectors."""

    @property
    def words(self) -> Words:
        """The passages' words."""

    @property
    def passage_baseline(self) -> Baseline:
        """How similar unrelated questions are to the passages."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched with: its words, its language and its vector, `(D,)`."""

    text: str
    language: str | None
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with their fused values, best first, and the two rankings behind them.

    A fused row may be missing from one of the rankings, which hold only their own first places.
    """

    fused: dict[int, float]
    dense: Neighbours
    lexical: Matches


@dataclass(frozen=True, slots=True)
class Candidates:
    """The first places of both rankings, and of each of their rows both measures, `(n,)` each.

    `unit` is the mean deviation of unrelated questions' similarities: what a difference of cosines
    has to be compared with, whatever the encoder.
    """

    dense: Neighbours
    lexical: Matches
    rows: Rows
    similarities: Numbers
    shares: Numbers
    unit: float

    def fused(self, lexical_weight: float) -> dict[int, float]:
        """Return the rows with their fused values, best first."""
        return combine(self.rows, self.similarities, self.shares, self.unit, lexical_weight)


def find_passages(
    snapshot: Searchable,
    query: Query,
    limit: int,
    among: Rows | None = None,
    method: Method = FULL,
) -> Found:
    """Return up to `limit` passages of each ranking, fused; only from `among`, where given.

    A method of one search only has that one's ranking.
    """
    candidates = gather(snapshot, query, limit, among)
    dense, lexical = candidates.dense, candidates.lexical
    if not method.lexical:
        fused = dict(zip(dense.rows.tolist(), dense.similarities.tolist(), strict=True))
    elif not method.dense:
        fused = dict(zip(lexical.rows.tolist(), lexical.shares.tolist(), strict=True))
    else:
        fused = candidates.fused(LEXICAL_WEIGHT)
    return Found(fused, dense, lexical)


def gather(snapshot: Searchable, query: Query, limit: int, among: Rows | None = None) -> Candidates:
    """Return up to `limit` passages of each ranking, all of them measured both ways."""
    dense = snapshot.vectors.search(query.vector, limit, among)
    lexical = snapshot.words.search(query.text, limit, among, query.language)
    by_words_only = _besides(lexical.rows, dense.rows)
    further = snapshot.vectors.vectors(by_words_only) @ query.vector
    rows = np.concatenate([dense.rows, by_words_only])
    shares = lexical.shares_of(rows)
    if len(lexical.rows) == limit:  # the ranking may go on, and hold the others further down
        unplaced = _besides(dense.rows, lexical.rows)
        others = snapshot.words.search(query.text, len(unplaced), unplaced, query.language)
        shares += others.shares_of(rows)
    similarities = np.concatenate([dense.similarities, further])
    unit = snapshot.passage_baseline.unit
    return Candidates(dense, lexical, rows, similarities, shares, unit)


def _besides(rows: Rows, others: Rows) -> Rows:
    """Return the rows that are not among others, in order; a few are faster told apart as a set."""
    return np.array(sorted(set(rows.tolist()).difference(others.tolist())), np.int64)
