"""Finds passages for a question: by meaning (dense) and by words (lexical), fused by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.answering.fusion import fuse

if TYPE_CHECKING:
    from index.encoding.protocol import Vectors
    from index.storage.snapshot import Snapshot
    from index.storage.vectors import Neighbours, Rows

_SAME_LANGUAGE = 1.0
_OTHER_LANGUAGE = 0.3
"""Across languages only names and loan words match; they may help but must not lead."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched with: its words, its language and its vector, `(D,)`."""

    text: str
    language: str | None
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with their fused rank scores, best first, and the dense ranking behind them."""

    fused: dict[int, float]
    dense: Neighbours


def find_passages(snapshot: Snapshot, query: Query, limit: int, among: Rows | None = None) -> Found:
    """Return up to `limit` passages of each ranking, fused; only from `among`, where given."""
    dense = snapshot.vectors.search(query.vector, limit, among)
    lexical = snapshot.words.search(query.text, limit, among)
    shared = query.language in snapshot.manifest.languages
    weight = _SAME_LANGUAGE if shared else _OTHER_LANGUAGE
    fused = fuse([(dense.rows.tolist(), 1.0), (lexical.tolist(), weight)])
    return Found(fused, dense)
