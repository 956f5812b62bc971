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
    from collections.abc import Sequence

    from index.encoding.engine import Engine
    from index.encoding.protocol import Encoder, Vectors

READING = "reading.safetensors"
_NAME = "reading"
_FEW = 16
"""So many texts are a question and what of it is read, or a side's name in all its languages; more
are the examples of a corpus."""


def load_reading_encoder() -> BundledEncoder:
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
    if name == BUNDLED:
        return twins(Both())
    return load_encoder(name), load_reading_encoder()


class Both:
    """The bundled encoder without and with the adapter in one graph, compiled in the background.

    `plain` and `adapted` are the two alone, for what cannot be had together or is quicker alone: of
    many questions, one vector each takes half the time of two.

    Raises:
        ModelError: The bundled weights or the adapter cannot be read.
    """

    def __init__(self) -> None:
        self.plain, self.adapted = load_encoder(), load_reading_encoder()
        self._packed, self._tokens = open_packed()
        with as_file(files("index.questions") / READING) as path:
            self._changes = read_adapter(path)
        self._opening = Opening(self._open)
        self._opening.start()

    @property
    def compiled(self) -> bool:
        """Whether there is such a graph; torch has none."""
        return self._opening.result() is not None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
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
    """One of the two: a few questions it encodes with the other, all else alone.

    `half` tells where its vectors stand in those of both.
    """

    def __init__(self, both: Both, alone: Encoder, shared: Remembered, half: slice) -> None:
        self._both, self._alone, self._shared, self._half = both, alone, shared, half
        self.fingerprint, self.dimension = alone.fingerprint, alone.dimension
        self.encode_passages = alone.encode_passages

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        if len(texts) > _FEW or not self._both.compiled:
            return self._alone.encode_queries(texts)
        return self._shared(texts)[:, self._half]


def twins(both: Both) -> tuple[Twin, Twin]:
    """Return the two encoders, each remembering what it finds for the other."""
    first, whole = both.plain.dimension, both.plain.dimension + both.adapted.dimension
    shared = Remembered(both.encode_queries, whole)
    return (
        Twin(both, both.plain, shared, slice(0, first)),
        Twin(both, both.adapted, shared, slice(first, whole)),
    )
