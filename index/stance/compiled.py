"""The bundled stance model in the encoder's compiled graph: no torch, and several times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.encoding.engine import open_engine
from index.encoding.lowrank import misfit
from index.encoding.tokens import PROMPTS, open_packed
from index.encoding.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.engine import Engine
    from index.encoding.tokens import Tokens

TOKEN_LIMIT = 256
"""Motion and text together; what a text has beyond is not read."""
_NAME = "stance"


class CompiledPairs:
    """Reads a motion and a text together; gives three logits."""

    def __init__(
        self, engine: Engine, tokens: Tokens, head: tuple[NDArray[np.float32], NDArray[np.float32]]
    ) -> None:
        self._engine = engine
        self._tokens = tokens
        self._weight, self._bias = head

    def logits(self, motions: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Return logits for, against, neither, `(N,), (N,) -> (N, 3)`."""
        pooled = self._engine.means(pair_ids(self._tokens, motions, texts))
        return pooled @ self._weight.T + self._bias


def compile_pairs(path: Path) -> CompiledPairs | None:
    """Return the classifier with an adapter and a head from one file, if it can be compiled.

    Raises:
        ModelError: The file is missing, or does not fit.
    """
    packed, tokens = open_packed()
    weights = Weights(packed, path)
    head = _read_head(path, packed.header.hidden)
    engine = open_engine(weights, packed, tokens, _NAME)
    return CompiledPairs(engine, tokens, head) if engine else None


def pair_ids(tokens: Tokens, motions: Sequence[str], texts: Sequence[str]) -> list[list[int]]:
    """Return a row for each pair: `<s> motion </s> text </s>`, at most `TOKEN_LIMIT` long."""
    asked = tokens.ids(motions, PROMPTS["query"])
    read = tokens.ids(texts, PROMPTS["document"])
    return [(motion + text[1:])[:TOKEN_LIMIT] for motion, text in zip(asked, read, strict=True)]


def _read_head(path: Path, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    try:
        tensors = load_file(path)
        weight, bias = (tensors[f"head.{name}"].astype(np.float32) for name in ("weight", "bias"))
    except (OSError, KeyError, SafetensorError) as error:
        raise misfit(path) from error
    if (weight.shape, bias.shape) != ((3, width), (3,)):
        raise misfit(path)
    return weight, bias
