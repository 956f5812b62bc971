"""Which key each row of a generation has, and back.

Rows count from 0 in the order of the passages, as everywhere; keys are the same in every
generation that holds a document.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from index.storage.postgres.packing import ORDINAL_BITS, PARTS

if TYPE_CHECKING:
    from index.storage.postgres.packing import Integers
    from index.storage.vectors import Rows

PLACES = "places.npz"


class Places:
    """Keys by row, `(N,)`; the first sentence of each passage, `(N + 1,)`; the parts, `(N,)`."""

    def __init__(self, keys: Integers, parts: Integers, first_sentences: Integers) -> None:
        self.keys = keys
        self.parts = parts
        self.first_sentences = first_sentences
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def as_bytes(self) -> bytes:
        """Return a file that `from_bytes` reads."""
        file = io.BytesIO()
        np.savez(
            file,
            keys=self.keys,
            parts=self.parts.astype(np.uint8),
            first_sentences=self.first_sentences,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Places:
        """Return what was written.

        Raises:
            ValueError, KeyError: It is no such file.
        """
        with np.load(io.BytesIO(content)) as file:
            return cls(file["keys"], file["parts"].astype(np.int64), file["first_sentences"])

    @property
    def count(self) -> int:
        """How many passages there are."""
        return len(self.keys)

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return int(self.first_sentences[-1])

    def row_of(self, key: int) -> int:
        """Return the row of one key.

        Raises:
            ValueError: The generation has no such passage.
        """
        rows, found = self.rows_of(np.array([key], np.int64))
        if not found[0]:
            raise ValueError(f"no passage has the key {key}")
        return int(rows[0])

    def rows_of(self, keys: Integers) -> tuple[Rows, Rows]:
        """Return rows and whether each key is one of this generation, `(n,) -> (n,), (n,)`."""
        if not self.count:
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self._sorted, keys), self.count - 1)
        return self._order[at], (self._sorted[at] == keys).astype(np.int64)

    def parts_of(self, rows: Rows) -> list[int]:
        """Return the parts that hold these rows, each once."""
        return sorted(set(self.parts[rows].tolist())) if len(rows) < self.count else [*range(PARTS)]

    def holders(self, sentences: Rows) -> Rows:
        """Return the rows of the passages that hold these sentences, `(n,) -> (n,)`."""
        return np.searchsorted(self.first_sentences, sentences, side="right") - 1

    def number_of(self, row: int) -> int:
        """Return the number of the document that holds a row."""
        return int(self.keys[row]) >> ORDINAL_BITS
