"""Vectors of sentences that are written chunk by chunk are read as one array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.storage.sentences import SentenceWriter, open_sentences

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Vectors


@pytest.fixture
def vectors() -> Vectors:
    drawn = np.random.default_rng(7).normal(size=(50, 8)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def test_sentences_are_read_in_half_precision(tmp_path: Path, vectors: Vectors) -> None:
    halves = vectors.astype(np.float16)
    with SentenceWriter(tmp_path / "s.npy", 50, 8) as writer:
        writer.add(halves[:20])
        writer.add(halves[20:])
    np.testing.assert_array_equal(open_sentences(tmp_path / "s.npy"), halves)


def test_a_file_that_is_not_full_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="3 vectors are missing"),
        SentenceWriter(tmp_path / "v", 3, 8),
    ):
        pass
