"""The bundled encoder and its twin, adapted to read questions: one pass gives the vectors of both.

A question is searched for with one and read with the other, moments apart. The twin differs by
low-rank changes to the upper layers, so that one graph gives both for a third more than either
costs alone. Whichever is asked first has it run; the other's vectors are kept until it is asked.
"""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.default import BundledEncoder, Opening
from index.encoding.engine import open_engine
from index.encoding.lengths import unit
from index.encoding.loading import BUNDLED, load_encoder
from index.encoding.lowrank import read_adapter
from index.encoding.remembering import Remembered
from index.encoding.tokens import PROMPTS, open_packed
from index.encoding.weights import Weights, bundled_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encoding.engine import Engine
    from index.encoding.protocol import Encoder, Vectors

    Encode = Callable[[Sequence[str]], Vectors]

READING = "reading.safetensors"
_NAME = "reading"
_FEW = 8
"""So many texts are a question, and what of it is read; more are examples of a corpus, each wanted
of one encoder at a time."""


def load_reading_encoder() -> Encoder:
    """Return the bundled encoder adapted to tell questions' subjects and directions apart.

    Trained by `training/reading.py`; `index/questions/reading.md` is its model card.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """
    with as_file(files("index.questions") / READING) as path:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return BundledEncoder(_NAME, f"{bundled_fingerprint()}+{digest[:12]}", path)


def load_encoders(name: str = BUNDLED) -> tuple[Encoder, Encoder]:
    """Return the encoder called `name`, and the one that reads questions.

    Raises:
        ModelError: A model cannot be loaded; the message says what to do.
    """
    if name != BUNDLED:
        return load_encoder(name), load_reading_encoder()
    both = Both()
    return twins(both, both.plain, both.adapted)


class Both:
    """The bundled encoder without and with the adapter in one graph, compiled in the background.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """

    def __init__(self) -> None:
        self._packed, self._tokens = open_packed()
        self.plain, self.adapted = load_encoder(), load_reading_encoder()
        with as_file(files("index.questions") / READING) as path:
            self._changes = read_adapter(path)
        self._opening = Opening(self._open)
        self._opening.start()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, plain beside adapted, `(Q,) -> (Q, 2 D)`."""
        engine = self._opening.result()
        if engine is None:
            return np.hstack([each.encode_queries(texts) for each in (self.plain, self.adapted)])
        means = engine.means(self._tokens.ids(texts, PROMPTS["query"]))
        return np.hstack([unit(half) for half in np.split(means, 2, axis=1)])

    def _open(self) -> Engine | None:
        return open_engine(
            Weights(self._packed), self._packed, self._tokens, BUNDLED, _NAME, changes=self._changes
        )


class Twin:
    """One of both: a few questions it shares with the other, all else it encodes alone."""

    def __init__(self, alone: Encoder, shared: Encode, columns: slice) -> None:
        self._alone, self._shared, self._columns = alone, shared, columns
        self.fingerprint, self.dimension = alone.fingerprint, alone.dimension
        self.encode_passages = alone.encode_passages

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        if len(texts) > _FEW:
            return self._alone.encode_queries(texts)
        return self._shared(texts)[:, self._columns]


def twins(both: Encode, plain: Encoder, adapted: Encoder) -> tuple[Twin, Twin]:
    """Return two encoders that share what `both` gives, `(Q,) -> (Q, D + D')`."""
    middle, width = plain.dimension, plain.dimension + adapted.dimension
    shared = Remembered(both, width)
    return (
        Twin(plain, shared, slice(0, middle)),
        Twin(adapted, shared, slice(middle, width)),
    )
