"""An encoder without weights, so that what is measured is the bot around it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Vectors

_DIMENSION = 256
_GRAMS = (3, 4)


class StubEncoder:
    """Hashes character n-grams into a unit vector: texts of like wording lie close together."""

    fingerprint = "stub"
    dimension = _DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text: (N,) -> (N, 256)."""
        return np.stack([_vector(text) for text in texts])

    encode_passages = encode_queries


def _vector(text: str) -> Vectors:
    padded = f" {' '.join(text.lower().split())} "
    vector = np.zeros(_DIMENSION, np.float32)
    for length in _GRAMS:
        for start in range(max(1, len(padded) - length + 1)):
            code = zlib.crc32(padded[start : start + length].encode())
            vector[code % _DIMENSION] += 1 if code >> 16 & 1 else -1
    return np.asarray(vector / (np.linalg.norm(vector) or 1.0), np.float32)
