"""Vectors in which questions are read: what they are about, and which way they ask.

A sentence encoder puts "should we leave?" and "should we stay?" close together, and questions on
one platform closer than questions on one matter. An encoder that was adapted to read questions
tells both apart (see reading.md); without one, the encoder's own vectors do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors

    Queries = Callable[[Encoder, Sequence[str]], Vectors]


class QuestionEncoder:
    """An encoder, and beside it, where there is one, the same adapted to read questions.

    `queries` may stand between, to keep vectors by content.
    """

    def __init__(
        self, encoder: Encoder, adapted: Encoder | None = None, queries: Queries | None = None
    ) -> None:
        self._encoders = (encoder,) if adapted is None else (encoder, adapted)
        self._queries = queries or (lambda encoder, asked: encoder.encode_queries(asked))

    @property
    def fingerprint(self) -> str:
        """Names the encoders: equal fingerprints give equal vectors."""
        return " ".join(encoder.fingerprint for encoder in self._encoders)

    def of_subjects(self, texts: Sequence[str]) -> Vectors:
        """Return vectors that tell what questions are about, `(Q,) -> (Q, D)`."""
        return self._queries(self._encoders[-1], texts)

    def of_directions(self, texts: Sequence[str]) -> Vectors:
        """Return vectors that tell which way questions ask, `(Q,) -> (Q, P)`: those of both."""
        return np.hstack([self._queries(encoder, texts) for encoder in self._encoders])
