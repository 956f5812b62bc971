"""Vectors that are written chunk by chunk are read as those that were written at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.storage.flat import VectorWriter
from index.storage.sentences import SentenceWriter, open_sentences
from index.storage.vectors import FaissStore

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Vectors


@pytest.fixture
def vectors() -> Vectors:
    drawn = np.random.default_rng(7).normal(size=(50, 8)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.mark.parametrize("cuts", [[], [0, 1, 49, 50]])
def test_a_file_of_vectors_is_the_one_that_faiss_writes(
    tmp_path: Path, vectors: Vectors, cuts: list[int]
) -> None:
    with VectorWriter(tmp_path / "ours", 50, 8) as writer:
        for chunk in np.split(vectors, cuts):
            writer.add(chunk)
    FaissStore.of(vectors).save(tmp_path / "theirs")
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
    np.testing.assert_array_equal(
        FaissStore.open(tmp_path / "ours").vectors(np.arange(50)), vectors
    )


def test_a_file_of_no_vectors_is_opened(tmp_path: Path) -> None:
    with VectorWriter(tmp_path / "v", 0, 8):
        pass
    assert FaissStore.open(tmp_path / "v").count == 0


def test_sentences_are_read_in_half_precision(tmp_path: Path, vectors: Vectors) -> None:
    halves = vectors.astype(np.float16)
    with SentenceWriter(tmp_path / "s.npy", 50, 8) as writer:
        writer.add(halves[:20])
        writer.add(halves[20:])
    np.testing.assert_array_equal(open_sentences(tmp_path / "s.npy"), halves)


@pytest.mark.parametrize("kind", [VectorWriter, SentenceWriter])
def test_a_file_that_is_not_full_is_an_error(
    tmp_path: Path, kind: type[VectorWriter | SentenceWriter]
) -> None:
    with pytest.raises(ValueError, match="3 vectors are missing"), kind(tmp_path / "v", 3, 8):
        pass
