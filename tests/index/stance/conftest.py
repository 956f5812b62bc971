"""Tiny cross-encoders with random weights, as a hub would serve them."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.stance.pairs import PairClassifier

    WriteModel = Callable[..., Path]

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rad", "haus", "firma", ":", "."]
LETTERS = [mark + letter for letter in "abcdefghijklmnopqrstuvwxyzäöüß" for mark in ("", "##")]


@pytest.fixture(scope="session")
def write_model(tmp_path_factory: pytest.TempPathFactory) -> WriteModel:
    """Return a function that writes a model whose classes have these names; the folder is its.

    With `logits` it says the same of every text.
    """
    import torch  # noqa: PLC0415 - costs seconds
    from transformers import (  # noqa: PLC0415 - costs seconds
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
    )

    def write(names: Sequence[str], seed: int = 0, logits: Sequence[float] | None = None) -> Path:
        torch.manual_seed(seed)
        folder = tmp_path_factory.mktemp("model")
        (folder / "vocab.txt").write_text("\n".join([*PIECES, *LETTERS]), encoding="utf-8")
        config = BertConfig(
            vocab_size=len(PIECES) + len(LETTERS),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=48,
            max_position_embeddings=64,
            id2label=dict(enumerate(names)),
            label2id={name: column for column, name in enumerate(names)},
        )
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight.mul_(20)  # so that texts differ by more than rounding
            if logits is not None:
                model.classifier.weight.zero_()
                model.classifier.bias.copy_(torch.tensor(logits))
        model.save_pretrained(folder)
        BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
        return folder

    return write


@pytest.fixture(scope="session")
def classifier() -> PairClassifier:
    """Load the bundled weights in torch once."""
    import torch  # noqa: PLC0415 - costs seconds

    from index.stance.bundled import WEIGHTS  # noqa: PLC0415 - costs seconds
    from index.stance.pairs import load_pair_classifier  # noqa: PLC0415 - costs seconds

    torch.set_num_threads(1)
    with as_file(files("index.stance") / WEIGHTS) as path:
        return load_pair_classifier(path)
