"""More evidence never makes a question less covered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.questions.classifier import Nearness
from index.questions.scope import Evidence, coverage, log_odds

NUMBERS = st.floats(-8, 8)
COSINES = st.floats(-1, 1)


@given(NUMBERS, NUMBERS, st.floats(0, 5))
def test_coverage_grows_with_each_nearer_passage(
    passage: float, sentence: float, more: float
) -> None:
    base = coverage(Evidence(None, passage, sentence))
    assert 0 <= base <= 1
    assert coverage(Evidence(None, passage + more, sentence)) >= base
    assert coverage(Evidence(None, passage, sentence + more)) >= base


@given(st.floats(-9, 9), NUMBERS, NUMBERS, COSINES, COSINES, st.floats(0, 1))
def test_coverage_grows_with_what_is_near_and_falls_with_what_is_near_elsewhere(
    subject: float, passage: float, sentence: float, near: float, elsewhere: float, more: float
) -> None:
    base = coverage(Evidence(subject, passage, sentence, Nearness(near, elsewhere)))
    assert 0 <= base <= 1
    nearer = Nearness(near + more, elsewhere)
    assert coverage(Evidence(subject, passage, sentence, nearer)) >= base
    assert coverage(Evidence(subject + more, passage, sentence, Nearness(near, elsewhere))) >= base
    others = Nearness(near, elsewhere + more)
    assert coverage(Evidence(subject, passage, sentence, others)) <= base


def test_much_evidence_is_enough_and_none_is_not() -> None:
    assert coverage(Evidence(6, 3, 4, Nearness(0.8, 0.3))) > 0.9
    assert coverage(Evidence(-6, 0, 0, Nearness(0.3, 0.8))) < 0.1
    assert coverage(Evidence(None, 4, 5)) > 0.9
    assert coverage(Evidence(None, 0, 0)) < 0.1


def test_log_odds_are_even_at_one_half_and_finite_at_the_ends() -> None:
    assert log_odds(0.5) == pytest.approx(0)
    assert log_odds(0.9) == pytest.approx(-log_odds(0.1))
    assert 9 < log_odds(1) < 10
    assert -10 < log_odds(0) < -9
