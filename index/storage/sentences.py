"""The vectors of sentences, in half precision, in a file that is mapped and never loaded whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Halves = NDArray[np.float16]


class SentenceWriter:
    """Writes an .npy file of a known number of vectors, `(N, D)`, one chunk after the other."""

    def __init__(self, path: Path, count: int, dimension: int) -> None:
        self._file = path.open("wb")
        header = {"descr": "<f2", "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(self._file, header)
        self._left = count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        self._file.close()
        if self._left and failed is None:
            raise ValueError(f"{self._left} vectors are missing")

    def add(self, vectors: Halves) -> None:
        """Append vectors, `(n, D)`."""
        self._file.write(np.ascontiguousarray(vectors, "<f2").tobytes())
        self._left -= len(vectors)


def open_sentences(path: Path) -> Halves:
    """Return the vectors in a file, `(N, D)`, as a plain array: a `memmap` is slower to slice.

    Raises:
        SnapshotDamaged: The file is missing or cannot be read.
    """
    try:
        vectors: Halves = np.load(path, mmap_mode="r").view(np.ndarray)
    except (OSError, ValueError) as error:
        raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error
    return vectors
