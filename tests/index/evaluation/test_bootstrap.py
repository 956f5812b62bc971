"""Intervals are seeded, hold their mean, and know which values stand or fall together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.evaluation.bootstrap import clustered, difference, interval

VALUES = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=30)


@settings(deadline=None)
@given(VALUES)
def test_the_interval_is_seeded_and_holds_the_mean(values: list[float]) -> None:
    found = interval(values)
    assert found == interval(values)
    assert found.count == len(values)
    assert found.mean == pytest.approx(float(np.mean(values)))
    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9


def test_the_interval_narrows_with_more_cases() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 500)
    assert many.high - many.low < (few.high - few.low) / 5
    assert (few.low, few.high) == pytest.approx((0.2, 0.8), abs=0.11)


def test_equal_values_have_no_width() -> None:
    found = interval([1.0] * 7)
    assert (found.low, found.mean, found.high) == (1, 1, 1)


def test_values_that_stand_or_fall_together_are_one_witness() -> None:
    """Three excerpts of one answer on the wrong side are no three independent errors."""
    together = clustered([[0.0] * 3, [1.0] * 3] * 50)
    apart = interval([0.0, 1.0] * 150)
    assert (together.mean, together.count) == (apart.mean, apart.count) == (0.5, 300)
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert together.low == interval([0.0, 1.0] * 50).low


def test_a_group_weighs_by_its_size_and_an_empty_one_not_at_all() -> None:
    found = clustered([[1.0, 1.0, 1.0], [0.0], []])
    assert (found.mean, found.count) == (0.75, 4)
    assert found == clustered([[1.0, 1.0, 1.0], [0.0]])


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="nothing to take the mean of"):
        clustered([[], []])


def test_a_difference_is_paired() -> None:
    """What is hard for both cancels out: always a tenth less is certainly a tenth less."""
    base = [[value / 50] for value in range(50)]
    worse = [[value - 0.1] for [value] in base]
    found = difference(base, worse)
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((-0.1, -0.1, -0.1))
    assert found.count == 50


def test_a_system_does_not_differ_from_itself() -> None:
    groups = [[1.0, 0.0], [], [1.0]]
    found = difference(groups, groups)
    assert found is not None
    assert (found.mean, found.low, found.high, found.count) == (0, 0, 0, 3)


def test_a_difference_may_rest_on_different_numbers_of_values() -> None:
    """A variant may show more excerpts, or none, for one of the questions."""
    found = difference([[0.0], [0.0, 0.0], [0.0]], [[1.0, 0.0], [], [1.0]])
    assert found is not None
    assert found.mean == pytest.approx(2 / 3)
    assert found.low <= found.mean <= found.high


@pytest.mark.parametrize(("base", "other"), [([[]], [[]]), ([[1.0]], [[]]), ([[]], [[1.0]])])
def test_without_values_there_is_no_difference(
    base: list[list[float]], other: list[list[float]]
) -> None:
    assert difference(base, other) is None


def test_other_questions_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="zip"):
        difference([[1.0]], [[1.0], [0.0]])
