"""The narrow interface before the vector store, and its faiss implementation.

Rows count from 0 in the order of the passages. A database engine for many machines can stand
behind the same interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import faiss
import numpy as np

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows of one query, nearest first; similarity is a cosine in [-1, 1]."""

    rows: Rows
    similarities: NDArray[np.float32]


class VectorStore(Protocol):
    """Finds the passages whose vectors are nearest to a query's."""

    @property
    def count(self) -> int:
        """How many vectors are stored."""

    @property
    def dimension(self) -> int:
        """The length D of a vector."""

    def search(self, query: Vectors, limit: int, among: Rows | None = None) -> Neighbours:
        """Return up to `limit` neighbours of one query, `(D,) -> (k,)`, only from `among` if given.

        An empty `among` finds nothing; it never means "no filter".
        """

    def vectors(self, rows: Rows) -> Vectors:
        """Return stored vectors, `(k,) -> (k, D)`."""


class FaissStore:
    """Exact inner-product search; the filter works inside the search, not after it."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Vectors) -> FaissStore:
        """Return a store of unit vectors, `(N, D)`."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> FaissStore:
        """Return the store in a file.

        Raises:
            SnapshotDamaged: The file is missing or is no faiss index.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error

    def save(self, path: Path) -> None:
        """Write the store to a file."""
        faiss.write_index(self._index, str(path))

    @property
    def count(self) -> int:
        """How many vectors are stored."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return int(self._index.d)

    def search(self, query: Vectors, limit: int, among: Rows | None = None) -> Neighbours:
        """Return up to `limit` neighbours of one query, only from `among` if given."""
        size = self.count if among is None else len(among)
        wanted = min(limit, size)
        if wanted < 1:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        parameters = None
        if among is not None:
            chosen = faiss.IDSelectorBatch(np.ascontiguousarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        found, rows = self._index.search(query.reshape(1, -1), wanted, params=parameters)
        kept = rows[0] >= 0
        return Neighbours(rows[0][kept], found[0][kept])

    def vectors(self, rows: Rows) -> Vectors:
        """Return stored vectors, `(k,) -> (k, D)`."""
        if not len(rows):
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(rows)), np.float32)
