"""Vectors in which questions are read: what they are about, and which way they ask.

A sentence encoder puts "should we leave?" and "should we stay?" close together, and questions on
one platform closer than questions on one matter. An encoder that was adapted to read questions
tells both apart (see reading.md); without one, the encoder's own vectors do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors

    Queries = Callable[[Encoder, Sequence[str]], Vectors]


class QuestionEncoder:
    """An encoder adapted to read questions or, where there is none, the one that searches.

    `queries` may stand between, to keep vectors by content.
    """

    def __init__(
        self, encoder: Encoder, adapted: Encoder | None = None, queries: Queries | None = None
    ) -> None:
        self._encoder = adapted or encoder
        self._queries = queries or (lambda encoder, asked: encoder.encode_queries(asked))

    @property
    def fingerprint(self) -> str:
        """Names the encoder: equal fingerprints give equal vectors."""
        return self._encoder.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors that tell what questions are about and which way, `(Q,) -> (Q, D)`."""
        return self._queries(self._encoder, texts)
