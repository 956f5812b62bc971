"""An encoder that remembers the last questions: one question is often encoded more than once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.protocol import Encoder, Vectors

REMEMBERED = 256
"""How many questions are remembered, a vector each; what was asked before can be asked again."""


class Remembered:
    """What a function makes of texts, `(Q,) -> (Q, D)`; safe to call from several threads."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], dimension: int) -> None:
        self._encode = encode
        self._dimension = dimension
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text; only those of new ones are computed."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._encode(new), strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        return np.stack([known[text] for text in texts])


class RememberingEncoder:
    """Stands before an encoder and gives the same vectors."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries = Remembered(encoder.encode_queries, encoder.dimension)

    @property
    def fingerprint(self) -> str:
        """Names the weights and the prompts: equal fingerprints give equal vectors."""
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`; only new ones are computed."""
        return self._queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`; none is remembered."""
        return self._encoder.encode_passages(texts)
