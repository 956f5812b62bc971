"""The two files of a faiss store: the vectors as the encoder made them, and how to search them.

A store is named by the second, say `passages.faiss`; the vectors lie beside it in `passages.npy`,
NumPy's own format with 32-bit floats: a row comes back bit for bit, and a later build can take it
over. 16-bit floats would halve the file, but they have to be widened for each search, which takes
longer than reading the other half. Vectors are written as they come and memory-mapped when read:
processes share the pages, and the kernel takes them back where memory runs short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np
from numpy.lib import format as npy

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from index.encoding.protocol import Vectors

BLOCK = 65_536
"""So many vectors are read at once where all of them are gone through: 100 MB at 384 dimensions."""
_TYPE = np.dtype("<f4")


def vectors_path(path: Path) -> Path:
    """Return the file that holds the vectors of the store `path`."""
    return path.with_suffix(".npy")


def begin(file: BinaryIO, count: int, dimension: int) -> None:
    """Write what stands before `count` vectors of `dimension` numbers."""
    header = {"descr": _TYPE.str, "fortran_order": False, "shape": (count, dimension)}
    npy.write_array_header_1_0(file, header)


def append(file: BinaryIO, vectors: Vectors) -> None:
    """Write further vectors, `(n, D)`."""
    file.write(np.ascontiguousarray(vectors, _TYPE).data)


def open_vectors(path: Path) -> Vectors:
    """Return the vectors of the store `path`, `(N, D)`; they are read when they are looked at.

    Raises:
        SnapshotDamaged: The file is missing, cut short, or holds no vectors.
    """
    path = vectors_path(path)
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _unreadable(path) from error
    if found.dtype != _TYPE or found.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise _unreadable(path)
    return np.asarray(found)


def read_blocks(path: Path) -> Iterator[Vectors]:
    """Yield the vectors of the store `path` in order, `(n, D)` each, mapping none of them."""
    count, dimension = open_vectors(path).shape
    file = vectors_path(path)
    start = file.stat().st_size - count * dimension * _TYPE.itemsize
    for row in range(0, count, BLOCK):
        rows, offset = min(BLOCK, count - row), start + row * dimension * _TYPE.itemsize
        yield np.fromfile(file, _TYPE, rows * dimension, offset=offset).reshape(rows, dimension)


def write_index(path: Path, index: faiss.Index | None, dimension: int) -> None:
    """Write how the store `path` is searched: by an index, or by one of nothing where exactly."""
    faiss.write_index(index or faiss.IndexFlatIP(dimension), str(path))


def read_index(path: Path) -> faiss.Index:
    """Return how the store `path` is searched; an index that is not inverted means exactly.

    Raises:
        SnapshotDamaged: The file is missing or is no faiss index.
    """
    try:
        return faiss.read_index(str(path))
    except RuntimeError as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> SnapshotDamaged:
    return SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex")
