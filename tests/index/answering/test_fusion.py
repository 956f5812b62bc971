"""Rankings are fused by reciprocal rank, as the paper has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.fusion import K, fuse


def test_scores_are_those_computed_by_hand() -> None:
    fused = fuse([(["a", "b", "c"], 1.0), (["c", "a"], 0.5)])
    assert fused == pytest.approx({"a": 1 / 61 + 0.5 / 62, "c": 1 / 63 + 0.5 / 61, "b": 1 / 62})
    assert list(fused) == ["a", "c", "b"]


def test_a_heavier_ranking_leads() -> None:
    assert list(fuse([(["a", "b"], 1.0), (["b", "a"], 2.0)])) == ["b", "a"]


def test_first_in_both_is_first() -> None:
    assert next(iter(fuse([([3, 1, 2], 1.0), ([3, 2, 1], 1.0)]))) == 3


def test_nothing_fuses_to_nothing() -> None:
    empty: list[int] = []
    assert fuse([(empty, 1.0), (empty, 0.3)]) == {}


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=4))
def test_every_item_comes_once_and_best_first(rankings: list[list[int]]) -> None:
    fused = fuse([(ranking, 1.0) for ranking in rankings])
    assert sorted(fused) == list(range(6))
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert max(fused.values()) <= len(rankings) / (K + 1) + 1e-12
