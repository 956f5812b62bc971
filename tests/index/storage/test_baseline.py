"""A similarity is measured against what unrelated questions reach on the same passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.errors import SnapshotDamaged
from index.storage import baseline
from index.storage.baseline import Baseline, open_baselines, save_baselines

if TYPE_CHECKING:
    from pathlib import Path

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
COHORT = np.array([[1, 0], [0, 1]], np.float32)


def test_means_and_deviations_are_those_of_the_cohort() -> None:
    found = Baseline.of(VECTORS, COHORT)
    assert found.means.tolist() == pytest.approx([0.5, 0.5, 0.7])
    assert found.deviations.tolist() == pytest.approx([0.5, 0.5, 0.1])


def test_a_similarity_is_told_in_deviations_above_the_mean() -> None:
    found = Baseline.of(VECTORS, COHORT)
    standard = found.standardised(np.array([2, 0]), np.array([0.9, 0.5], np.float32))
    assert standard.tolist() == pytest.approx([2, 0], abs=1e-5)


def test_a_cohort_that_does_not_vary_divides_by_no_zero() -> None:
    found = Baseline.of(VECTORS, COHORT[:1])
    assert np.isfinite(found.standardised(np.arange(3), np.ones(3, np.float32))).all()


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Baseline.of(VECTORS, COHORT)
    monkeypatch.setattr(baseline, "_CHUNK", 2)
    np.testing.assert_array_equal(Baseline.of(VECTORS, COHORT).means, whole.means)


def test_both_baselines_come_back_the_same(tmp_path: Path) -> None:
    passages, sentences = Baseline.of(VECTORS, COHORT), Baseline.of(VECTORS[:1], COHORT)
    save_baselines(tmp_path / "b.npz", passages, sentences)
    opened = open_baselines(tmp_path / "b.npz")
    np.testing.assert_array_equal(opened[0].means, passages.means)
    np.testing.assert_array_equal(opened[1].deviations, sentences.deviations)


@pytest.mark.parametrize("content", [None, b"", b"no zip", b"PK\x03\x04 a zip that ends too soon"])
def test_a_file_that_holds_none_is_damaged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.npz").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"b\.npz cannot be read"):
        open_baselines(tmp_path / "b.npz")
