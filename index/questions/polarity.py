"""Vectors in which questions that ask for opposite sides lie apart.

A sentence encoder puts "should we leave?" and "should we stay?" close together. Beside its own
vector stands that of an encoder which was adapted to keep opposites apart; one linear reading sees
both (see polarity.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors


class PolarityEncoder:
    """One or more encoders side by side; without an adapted one, the encoder's own vectors do."""

    def __init__(self, encoder: Encoder, adapted: Encoder | None = None) -> None:
        self._encoders = (encoder,) if adapted is None else (encoder, adapted)

    @property
    def fingerprint(self) -> str:
        """Names the encoders: equal fingerprints give equal vectors."""
        return " ".join(encoder.fingerprint for encoder in self._encoders)

    def encode(
        self,
        texts: Sequence[str],
        queries: Callable[[Encoder, Sequence[str]], Vectors] | None = None,
    ) -> Vectors:
        """Return polarity vectors of questions, `(Q,) -> (Q, P)`.

        `queries` may stand between, to keep vectors by content.
        """
        ask = queries or (lambda encoder, asked: encoder.encode_queries(asked))
        return np.hstack([ask(encoder, texts) for encoder in self._encoders])
