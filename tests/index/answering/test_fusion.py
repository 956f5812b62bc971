"""Rankings are fused by reciprocal rank, or by what was measured, as the papers have it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.fusion import K, combine, fuse


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


def rows(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def numbers(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_a_sum_of_both_measures_is_the_one_computed_by_hand() -> None:
    fused = combine(rows(7, 3, 5), numbers(0.5, 0.25, 0.0), numbers(0, 0.5, 0.25), 0.25, 4.0)
    assert fused == {7: 1.5 / 0.25, 3: 1.25 / 0.25 + 2, 5: 1 / 0.25 + 1}
    assert list(fused) == [3, 7, 5]


def test_without_weight_the_words_count_nothing_and_with_much_they_alone() -> None:
    both = numbers(0.9, 0.8), numbers(0.1, 0.2)
    assert list(combine(rows(0, 1), *both, 0.02, 0.0)) == [0, 1]
    assert list(combine(rows(0, 1), *both, 0.02, 1e6)) == [1, 0]


def test_a_smaller_unit_makes_a_difference_of_cosines_count_more() -> None:
    both = numbers(0.9, 0.8), numbers(0.0, 0.5)
    assert list(combine(rows(0, 1), *both, 0.1, 4.0)) == [1, 0]
    assert list(combine(rows(0, 1), *both, 0.01, 4.0)) == [0, 1]


def test_equal_values_come_in_the_order_of_their_rows() -> None:
    same = numbers(0.5, 0.5, 0.5)
    assert list(combine(rows(9, 1, 4), same, same, 0.02, 6.0)) == [1, 4, 9]


def test_no_rows_combine_to_nothing() -> None:
    assert combine(rows(), numbers(), numbers(), 0.02, 6.0) == {}


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), max_size=9),
    st.floats(1e-4, 1),
    st.floats(0, 100),
)
def test_sums_are_never_below_nothing_and_come_best_first(
    measured: list[tuple[float, float]], unit: float, weight: float
) -> None:
    """Callers take a row that was not found for one of value 0."""
    similarities, shares = (numbers(*(pair[part] for pair in measured)) for part in (0, 1))
    fused = combine(rows(*range(len(measured))), similarities, shares, unit, weight)
    assert sorted(fused) == list(range(len(measured)))
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(value >= 0 for value in fused.values())
