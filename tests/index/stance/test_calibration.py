"""Shares become honest, and a threshold keeps what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.stance import calibration
from index.stance.calibration import (
    NEVER,
    PRECISION,
    calibrate,
    certain_from,
    fit_temperature,
    lower_bound,
    softmax,
)

FOR, AGAINST, NEITHER = range(3)


def sampled(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return honest logits, `(N, 3)`, and columns drawn with their probabilities, `(N,)`."""
    draws = np.random.default_rng(7)
    logits = draws.normal(0, 2, (count, 3)).astype(np.float32)
    thresholds = softmax(logits).cumsum(axis=1)
    columns = (draws.random((count, 1)) > thresholds).sum(axis=1)
    return logits, np.minimum(columns, NEITHER)


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_a_known_scaling_is_recovered(scale: float) -> None:
    """A model that is too sure of itself by that much is divided by that much."""
    logits, columns = sampled()
    assert fit_temperature(logits * np.float32(scale), columns) == pytest.approx(scale, rel=0.1)


def test_a_temperature_stays_within_its_bounds() -> None:
    """One text that is right, or wrong, says nothing of how sure a model may be."""
    logits = np.array([[5.0, 0.0, 0.0]], np.float32)
    assert fit_temperature(logits, np.array([FOR])) == pytest.approx(0.25)
    assert fit_temperature(logits, np.array([AGAINST])) == pytest.approx(8.0)


def test_both_are_fitted_together() -> None:
    """The threshold is one of the shares after scaling, not before."""
    logits, columns = sampled()
    fitted = calibrate(logits * np.float32(3), columns)
    assert fitted.temperature == pytest.approx(3.0, rel=0.1)
    assert fitted.certain == certain_from(
        softmax(logits * np.float32(3) / fitted.temperature), columns
    )
    assert 0.5 < fitted.certain < 0.9


def rows(*groups: tuple[float, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return shares and columns of groups of texts: `(share for, how many, of them right)`."""
    shares = [[share, 1 - share, 0.0] for share, count, _ in groups for _ in range(count)]
    columns = [
        FOR if number < right else NEITHER for _, count, right in groups for number in range(count)
    ]
    return np.array(shares, np.float32), np.array(columns)


def test_the_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    assert certain_from(*rows((0.9, 100, 98), (0.7, 100, 98), (0.6, 100, 20))) == pytest.approx(0.7)


def test_few_texts_ask_for_more_certainty() -> None:
    """17 of 20 may be luck, 180 of 200 are not."""
    assert certain_from(*rows((0.9, 20, 17))) == NEVER
    assert certain_from(*rows((0.9, 200, 180))) == pytest.approx(0.9)


def test_a_model_that_is_right_too_seldom_is_never_certain() -> None:
    assert certain_from(*rows((0.95, 100, 60), (0.6, 100, 60))) == NEVER


def test_fewer_texts_than_twenty_prove_nothing() -> None:
    assert certain_from(*rows((0.9, 19, 19))) == NEVER
    assert certain_from(*rows((0.9, 20, 20))) == pytest.approx(0.9)


def test_a_text_of_neither_side_that_is_placed_is_an_error() -> None:
    """A model that tells for from against, and never neither, must not be certain."""
    shares = np.array([[0.9, 0.1, 0.0]] * 100, np.float32)
    assert certain_from(shares, np.array([FOR] * 100)) < 1
    assert certain_from(shares, np.array([FOR, NEITHER] * 50)) == NEVER


def test_both_sides_count() -> None:
    shares = np.array([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]] * 30, np.float32)
    assert certain_from(shares, np.array([FOR, AGAINST] * 30)) == pytest.approx(0.9)
    assert certain_from(shares, np.array([AGAINST, FOR] * 30)) == NEVER


def test_equal_shares_are_let_through_together() -> None:
    """The right ones happen to come first; a threshold cannot tell them from the others."""
    assert certain_from(*rows((0.9, 60, 30))) == NEVER


def test_one_half_is_not_certain() -> None:
    """Else a text could be for and against."""
    shares = np.array([[0.4, 0.1, 0.5]] * 100, np.float32)
    assert certain_from(shares, np.array([FOR] * 100)) == NEVER


GROUPS = st.tuples(st.sampled_from([0.4, 0.5, 0.6, 0.8, 0.9]), st.booleans(), st.integers(1, 30))


@settings(deadline=None)
@given(st.lists(GROUPS, max_size=12))
def test_what_is_let_through_keeps_the_precision(groups: list[tuple[float, bool, int]]) -> None:
    """Whatever the shares, in whatever order; else nothing is let through."""
    texts = [(share, right) for share, right, count in groups for _ in range(count)]
    shares = np.array([[share, 0.04, 0.96 - share] for share, _ in texts], np.float32)
    shares = shares.reshape(len(texts), 3)
    columns = np.array([FOR if right else AGAINST for _, right in texts], np.int64)
    certain = certain_from(shares, columns)
    assert 0.5 < certain <= NEVER
    if certain != NEVER:
        through = columns[shares[:, :2].max(axis=1) >= certain] == FOR
        assert len(through) >= 20
        assert lower_bound(through.sum(), np.array(len(through))) >= PRECISION


@pytest.mark.parametrize(
    ("hits", "tried", "expected"),
    [(81, 263, 0.2553), (15, 148, 0.0624), (0, 20, 0.0), (1, 29, 0.0061), (29, 29, 0.8830)],
)
def test_the_lower_bound_is_wilsons(
    monkeypatch: pytest.MonkeyPatch, hits: int, tried: int, expected: float
) -> None:
    """Values of Newcombe 1998, table I, at 95 %; the last is 29 / (29 + 1.96²)."""
    monkeypatch.setattr(calibration, "_Z", 1.96)
    bound = lower_bound(np.array([hits]), np.array([tried]))
    assert bound[0] == pytest.approx(expected, abs=5e-5)


def test_the_lower_bound_lies_below_what_was_seen_and_comes_nearer() -> None:
    tried = np.array([10, 100, 1000, 10_000])
    bounds = lower_bound(tried * 9 // 10, tried)
    assert (bounds < 0.9).all()
    assert bounds.tolist() == sorted(bounds.tolist())
    assert bounds[-1] == pytest.approx(0.9, abs=0.005)


def test_odds_become_shares() -> None:
    shares = softmax(np.log(np.array([[2, 1, 1], [1, 6, 3]], np.float32)))
    np.testing.assert_allclose(shares, [[0.5, 0.25, 0.25], [0.1, 0.6, 0.3]], atol=1e-6)
    assert shares.dtype == np.float32


def test_only_differences_of_logits_count() -> None:
    """Large ones do not overflow, and a class that a model lacks gets nothing."""
    logits = np.array([[1.0, 2.0, 3.0]], np.float32)
    np.testing.assert_allclose(softmax(logits + 5000), softmax(logits), atol=1e-5)
    assert softmax(np.array([[0.0, 0.0, -1e4]], np.float32)).tolist() == [[0.5, 0.5, 0.0]]
