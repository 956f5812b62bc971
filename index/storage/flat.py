"""Writes a file of vectors for faiss, chunk by chunk, so that they need not fit into memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Self

import faiss
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Vectors

_COUNT_AT = 8
"""Behind the four letters of its kind and the dimension, a faiss index tells how many it holds."""


class VectorWriter:
    """Writes an index for exact inner-product search; a context manager.

    What it leaves on a clean exit is opened by `FaissStore.open`.
    """

    def __init__(self, path: Path, count: int, dimension: int) -> None:
        empty = faiss.serialize_index(faiss.IndexFlatIP(dimension)).tobytes()
        self._file = path.open("wb")
        self._file.write(empty[:_COUNT_AT] + struct.pack("<q", count))
        self._file.write(empty[_COUNT_AT + 8 : -8] + struct.pack("<Q", count * dimension))
        self._left = count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        self._file.close()
        if self._left and failed is None:
            raise ValueError(f"{self._left} vectors are missing")

    def add(self, vectors: Vectors) -> None:
        """Append unit vectors, `(n, D)`."""
        self._file.write(np.ascontiguousarray(vectors, "<f4").tobytes())
        self._left -= len(vectors)
