"""Runs the default encoder's graph compiled for this processor, and tells whether it does so right.

OpenVINO's CPU plugin works on any x86-64 or ARM processor; what it gains depends on what that one
has (AVX2, AVX-512, bfloat16 tiles). Where it is missing, or does not give torch's vectors of two
planted texts, torch runs the model.
"""

from __future__ import annotations

import logging
import os
import threading
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.encoding.lengths import unit
from index.encoding.packed import expand_rows
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.encoding.lowrank import Changes
    from index.encoding.packed import PackedModel
    from index.encoding.protocol import Vectors
    from index.encoding.tokens import Tokens
    from index.encoding.weights import Weights

logger = logging.getLogger(__name__)

PLANTED = "planted.safetensors"
PLANTED_TEXTS = (
    "query: Sollen wir das wirklich tun?",
    "passage: Some say yes. Andere sind dagegen: zu teuer, zu spät. Et vous ? 7 von 10 zögern.",
)
AGREEMENT = 0.999
"""The least cosine to torch's vectors at which a compiled graph is used. fp32 reaches 0.9999999."""
_TOKENS_A_THREAD = 128
"""In one batch, padding included. What more of them need does not stay in a processor's caches: on
a busy machine batches of 1,000 tokens took twice as long a token as texts one by one."""


class Engine:
    """A compiled graph; calls from several threads take turns.

    With an adapter's changes, its states are `2 H` wide: those without the changes, then those with
    them.
    """

    def __init__(
        self, weights: Weights, packed: PackedModel, precision: str, changes: Changes | None = None
    ) -> None:
        self._rows = packed.packed_rows("emb.word", packed.header.vocabulary)
        self._hidden = packed.header.hidden
        self._wide = self._hidden * (2 if changes else 1)
        self._turn = threading.Lock()
        self._batch_tokens = _TOKENS_A_THREAD * _threads()
        self._compiled = _compile(weights, precision, changes)

    def states(self, ids: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
        """Return the last layer's states `(B, L, H or 2 H)` and the mask `(B, L)`, in one batch."""
        width = max(map(len, ids))
        words = np.zeros((len(ids), width, self._hidden), np.float32)
        mask = np.zeros((len(ids), width), np.float32)
        for row, length in enumerate(map(len, ids)):
            mask[row, :length] = 1
        unique, places = np.unique(np.concatenate(list(ids)), return_inverse=True)
        words[mask > 0] = expand_rows(self._rows[unique])[places]
        with self._turn:
            states = self._compiled([words, mask])[0].copy()
        return states, mask

    def means(self, ids: Sequence[Sequence[int]]) -> Vectors:
        """Return the mean state of each text's tokens, `(N,) -> (N, H or 2 H)`."""
        means = np.empty((len(ids), self._wide), np.float32)
        for rows in _batches([len(one) for one in ids], self._batch_tokens):
            states, mask = self.states([ids[row] for row in rows])
            means[rows] = np.einsum("blh,bl->bh", states, mask) / mask.sum(1, keepdims=True)
        return means


def open_engine(
    weights: Weights,
    packed: PackedModel,
    tokens: Tokens,
    *names: str,
    changes: Changes | None = None,
) -> Engine | None:
    """Return the fastest engine that gives the planted vectors of these names, if there is one.

    With an adapter's changes there are two names: without them, and with them.
    """
    try:
        precisions = _precisions()
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("torch runs the encoder, slower: OpenVINO does not load (%s)", error)
        return None
    for precision in precisions:
        try:
            engine = Engine(weights, packed, precision, changes)
            found = np.split(engine.means(tokens.ids(PLANTED_TEXTS)), len(names), axis=1)
        except RuntimeError:
            logger.warning("the encoder does not run in %s here", precision, exc_info=True)
            continue
        agreement = min(
            float((unit(vectors) * planted_vectors()[name]).sum(1).min())
            for name, vectors in zip(names, found, strict=True)
        )
        if agreement >= AGREEMENT:
            return engine
        logger.warning(
            "the encoder is not exact in %s here: cosine %.4f, %s needed",
            precision, agreement, AGREEMENT,
        )  # fmt: skip
    logger.warning("torch runs the encoder, slower: OpenVINO is not exact on this processor")
    return None


@cache
def planted_vectors() -> dict[str, Vectors]:
    """Return torch's fp32 vectors of the planted texts, `(2, D)`, for each set of weights.

    Raises:
        ModelError: The file is missing or damaged.
    """
    try:
        with as_file(files(__package__) / PLANTED) as path:
            return dict(load_file(path))
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{PLANTED} cannot be read; reinstall audiatur") from error


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Give places of texts of like length together, up to `most` tokens with their padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


@cache
def _core() -> Any:
    from index.encoding.vino import openvino  # noqa: PLC0415 - if it is missing, torch works

    return openvino.Core()


def _precisions() -> list[str]:
    """Return what to try, the fastest first."""
    able = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ["bf16", "f32"] if "BF16" in able else ["f32"]


def _compile(weights: Weights, precision: str, changes: Changes | None) -> Any:
    from index.encoding.graph import build_graph  # noqa: PLC0415 - imports openvino

    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": str(_threads()),
        # a thread that is bound to one core waits for it when somebody else has it
        "ENABLE_CPU_PINNING": "NO",
    }
    return _core().compile_model(build_graph(weights, changes), "CPU", settings)


def _threads() -> int:
    """Return how many processors this process may use; `OMP_NUM_THREADS` may ask for fewer."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed or 1, int(asked)) if asked.isdigit() and int(asked) else allowed or 1
