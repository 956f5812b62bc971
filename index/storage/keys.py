"""Passages in the word index keep their keys when rows move; here is which row a key is.

Rows count passages in the order of the documents, so that one more passage moves all that follow.
What is in the word index would have to be written anew; instead it bears a key for good, and a few
runs tell which keys stand in a row where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.storage.vectors import Rows

_FILE = "keys.npy"


@dataclass(frozen=True, slots=True)
class Keys:
    """Runs of rows whose keys stand in a row: `(K, 3)` of first row, first key and count."""

    runs: NDArray[np.int64]

    @classmethod
    def counted(cls, count: int) -> Keys:
        """Return the keys of a new index: those of the rows."""
        return cls.joined([(0, count)])

    @classmethod
    def joined(cls, pieces: Iterable[tuple[int, int]]) -> Keys:
        """Return the keys of rows from 0 on, piece by piece: a first key and how many follow it."""
        runs: list[list[int]] = []
        row = 0
        for key, count in pieces:
            if runs and runs[-1][1] + runs[-1][2] == key:
                runs[-1][2] += count
            elif count:
                runs.append([row, key, count])
            row += count
        return cls(np.array(runs, np.int64).reshape(-1, 3))

    @classmethod
    def open(cls, folder: Path) -> Keys:
        """Return the keys that were saved in a folder.

        Raises:
            OSError, ValueError: There are none.
        """
        return cls(np.load(folder / _FILE))

    def save(self, folder: Path) -> None:
        """Write the keys into a folder."""
        np.save(folder / _FILE, self.runs)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.runs[:, 2].sum())

    @property
    def unused(self) -> int:
        """The first key that no passage ever had."""
        return int((self.runs[:, 1] + self.runs[:, 2]).max(initial=0))

    def part(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the pieces of the keys of rows from `start` until before `stop`."""
        for row, key, count in self.runs.tolist():
            first, last = max(start, row), min(stop, row + count)
            if first < last:
                yield key + first - row, last - first

    def keys_of(self, rows: Rows) -> Rows:
        """Return the keys of rows, `(k,) -> (k,)`."""
        return self._exchanged(rows, 0, 1)

    def rows_of(self, keys: Rows) -> Rows:
        """Return the rows of keys, `(k,) -> (k,)`."""
        return self._exchanged(keys, 1, 0)

    def _exchanged(self, numbers: Rows, given: int, wanted: int) -> Rows:
        if not len(numbers):
            return np.empty(0, np.int64)
        runs = self.runs[np.argsort(self.runs[:, given])]
        at = np.searchsorted(runs[:, given], numbers, side="right") - 1
        return np.asarray(numbers - runs[at, given] + runs[at, wanted], np.int64)
