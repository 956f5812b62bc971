"""Writes a faiss store as its vectors come, so that never all of them are in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.storage import vector_files as files
from index.storage.inverted import lists_for

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO, Self

    from index.encoding.protocol import Vectors
    from index.storage.inverted import InvertedLists, Kind
    from index.storage.vectors import Rows


class VectorWriter:
    """A context manager; once it is left without an error, `FaissStore.open` opens the store.

    `kind` is chosen by `count` unless said. Lists of an `older` store are used, and used up, where
    most of its vectors come again.

    Raises:
        ValueError: Other vectors came than were announced.
    """

    def __init__(
        self,
        path: Path,
        count: int,
        dimension: int,
        kind: Kind | None = None,
        older: InvertedLists | None = None,
    ) -> None:
        self._path = path
        self._count = count
        self._dimension = dimension
        self._kind = kind
        self._older = older
        self._came_from = np.full(count, -1, np.int64)
        self._written = 0
        self._file: BinaryIO

    def __enter__(self) -> Self:
        self._file = files.vectors_path(self._path).open("wb")
        files.begin(self._file, self._count, self._dimension)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        if error is None:
            self._finish()

    def add(self, vectors: Vectors, came_from: Rows | None = None) -> None:
        """Append unit vectors, `(n, D)`; `came_from`, `(n,)`, are their rows in the older store."""
        if vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of {vectors.shape[1]} came, not of {self._dimension}")
        files.append(self._file, vectors)
        if came_from is not None:
            self._came_from[self._written : self._written + len(vectors)] = came_from
        self._written += len(vectors)

    def _finish(self) -> None:
        if self._written != self._count:
            raise ValueError(f"{self._written} vectors came where {self._count} were announced")
        lists = lists_for(
            self._count,
            lambda: files.read_blocks(self._path),
            self._kind,
            self._older,
            self._came_from,
        )
        files.write_index(self._path, lists.index if lists else None, self._dimension)
