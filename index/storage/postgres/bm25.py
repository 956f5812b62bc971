"""BM25 as tantivy computes it, in single precision, over words that were fetched.

Robertson and Zaragoza 2009, doi:10.1561/1500000019. A passage's length is kept in 8 bits: exact up
to 40 words, then in steps that double every eight, as in Lucene's `SmallFloat` and tantivy's
`fieldnorm` (tantivy 0.27, `src/fieldnorm/code.rs` and `src/query/bm25.rs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

_K1 = np.float32(1.2)
_B = np.float32(0.75)
_ONE = np.float32(1)
_HALF = np.float32(0.5)
_IDS = 256
_EXACT = 40
_RUN = 8


def _lengths() -> Iterator[int]:
    yield from range(_EXACT + 1)
    length, step = _EXACT, 2
    while True:
        for _ in range(_RUN):
            length += step
            yield length
        step *= 2


LENGTHS = np.array([length for _, length in zip(range(_IDS), _lengths(), strict=False)], np.int64)
"""The length that each id stands for, `(256,)`."""


def length_id(length: int) -> int:
    """Return the id of the longest length that is not above `length`."""
    return int(np.searchsorted(LENGTHS, length, side="right")) - 1


def saturations(mean_length: float) -> Numbers:
    """Return what is added to a word's count below the fraction, by id of length, `(256,)`."""
    mean = np.float32(mean_length)
    return np.asarray(_K1 * (_ONE - _B + _B * LENGTHS.astype(np.float32) / mean), np.float32)


def idf(passages: int, holding: int) -> np.float32:
    """Return the inverse document frequency of a word."""
    odds = (np.float32(passages - holding) + _HALF) / (np.float32(holding) + _HALF)
    return np.float32(np.log(_ONE + odds))


def parts(weight: np.float32, counts: Numbers, below: Numbers) -> Numbers:
    """Return what a word adds to the passages that say it, `(n,), (n,) -> (n,)`."""
    return np.asarray(weight * (_ONE + _K1) * (counts / (counts + below)), np.float32)
