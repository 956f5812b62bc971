"""Vectors of length one, whose inner products are cosines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.encoding.protocol import Vectors

_TINY = 1e-12
"""Nothing is divided by less: what has no length stays without one."""


def unit(vectors: Vectors) -> Vectors:
    """Return vectors brought to length one, `(N, D) -> (N, D)`."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _TINY), np.float32)


def unit_row(vector: Vectors) -> Vectors:
    """Return one vector brought to length one, `(D,) -> (D,)`."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), _TINY), np.float32)
