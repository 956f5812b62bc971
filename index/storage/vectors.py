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
from index.storage import vector_files as files
from index.storage.inverted import InvertedLists, Kind, lists_for, looked_through

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_RESCORED_PER_RESULT = 4
_RESCORED_AT_LEAST = 64


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

        An empty `among` finds nothing; it never means "no filter". Rows that the store has not are
        passed over.
        """

    def vectors(self, rows: Rows) -> Vectors:
        """Return stored vectors as they were given, `(k,) -> (k, D)`."""


class FaissStore:
    """Search on one machine, exact or by inverted lists; the filter works inside the search.

    Similarities are always those of the stored vectors. A search takes one thread.
    """

    def __init__(self, vectors: Vectors, lists: InvertedLists | None = None) -> None:
        self._vectors = vectors
        self._lists = lists

    @classmethod
    def of(cls, vectors: Vectors, kind: Kind | None = None) -> FaissStore:
        """Return a store of unit vectors, `(N, D)`; `kind` is chosen by N unless said."""
        kept = np.ascontiguousarray(vectors, dtype=np.float32)
        return cls(kept, lists_for(len(kept), lambda: [kept], kind))

    @classmethod
    def open(cls, path: Path) -> FaissStore:
        """Return the store in a file and the one beside it.

        Raises:
            SnapshotDamaged: One is missing or cannot be read, or they do not belong together.
        """
        index, vectors = files.read_index(path), files.open_vectors(path)
        lists = InvertedLists(index) if isinstance(index, faiss.IndexIVF) else None
        if vectors.shape != (index.ntotal if lists else len(vectors), index.d):
            raise SnapshotDamaged(f"{path.name} is not of these vectors; run audiatur reindex")
        return cls(vectors, lists)

    def save(self, path: Path) -> None:
        """Write the store to a file and to one beside it."""
        with files.vectors_path(path).open("wb") as file:
            files.begin(file, *self._vectors.shape)
            files.append(file, self._vectors)
        files.write_index(path, self._lists.index if self._lists else None, self.dimension)

    @property
    def lists(self) -> InvertedLists | None:
        """What it searches by; `None` where it compares every vector."""
        return self._lists

    @property
    def kind(self) -> Kind:
        """How the store searches."""
        return Kind.LISTS if self._lists else Kind.EXACT

    @property
    def count(self) -> int:
        """How many vectors are stored."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return int(self._vectors.shape[1])

    def search(self, query: Vectors, limit: int, among: Rows | None = None) -> Neighbours:
        """Return up to `limit` neighbours of one query, only from `among` if given."""
        left = None if among is None else self._mask(among)
        size = self.count if left is None else int(np.count_nonzero(left))
        wanted = min(limit, size)
        if wanted < 1:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        query = np.ascontiguousarray(query, np.float32).reshape(1, -1)
        enough = looked_through(self.count, wanted)
        if self._lists and size > enough:
            rescored = max(_RESCORED_PER_RESULT * wanted, _RESCORED_AT_LEAST)
            rows = self._lists.candidates(query, rescored, enough, left)
            if len(rows) >= wanted:
                return self._nearest(query, wanted, rows)
        return self._nearest(query, wanted, None if left is None else np.flatnonzero(left))

    def vectors(self, rows: Rows) -> Vectors:
        """Return stored vectors as they were given, `(k,) -> (k, D)`."""
        return np.asarray(self._vectors[rows], np.float32)

    def _nearest(self, query: Vectors, wanted: int, rows: Rows | None) -> Neighbours:
        """Return the nearest of these rows, or of all, by comparing each of them."""
        if rows is None:
            found, nearest = faiss.knn(query, self._vectors, wanted, faiss.METRIC_INNER_PRODUCT)
            return Neighbours(nearest[0], found[0])
        similarities = np.empty(wanted, np.float32)
        nearest = np.empty(wanted, np.int64)
        pointer = faiss.swig_ptr
        faiss.knn_inner_products_by_idx(  # type: ignore[attr-defined]
            pointer(query), pointer(self._vectors), pointer(rows), self.dimension, 1, self.count,
            len(rows), wanted, pointer(similarities), pointer(nearest),
        )  # fmt: skip
        return Neighbours(nearest, similarities)

    def _mask(self, among: Rows) -> Mask:
        """Return for each row whether it is among them, `(k,) -> (N,)`; strange rows are left out.

        Sorting half a million rows would take longer than a search.
        """
        if len(among) and (among.min() < 0 or among.max() >= self.count):
            among = among[(among >= 0) & (among < self.count)]
        mask = np.zeros(self.count, np.bool_)
        mask[among] = True
        return mask
