"""Answers are compared by the places that they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.advice import Excerpt
from index.evaluation.places import answered_alike, overlap, overlaps

if TYPE_CHECKING:
    from tests.index.evaluation.conftest import Planted

PLACES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 9)))


def at(document: str, start: int, end: int) -> Excerpt:
    return Excerpt("x" * (end - start), document, None, None, None, None, start, end, 0.9)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ([at("a", 0, 100)], [at("a", 0, 100)], 1),
        ([at("a", 0, 100)], [at("a", 50, 150)], 50 / 150),
        ([at("a", 0, 100)], [at("a", 25, 75)], 0.5),
        ([at("a", 0, 100)], [at("b", 0, 100)], 0),
        ([at("a", 0, 50), at("a", 50, 100)], [at("a", 0, 100)], 1),
        ([at("a", 0, 60), at("a", 40, 100)], [at("a", 0, 100)], 1),
        ([at("a", 0, 100)], [at("a", 100, 200)], 0),
        ([at("a", 0, 100)], [], 0),
        ([], [], None),
    ],
)
def test_the_overlap_is_that_of_code_points(
    one: list[Excerpt], other: list[Excerpt], shared: float | None
) -> None:
    """Of a document each; how they are cut into excerpts does not matter, nor who comes first."""
    assert overlap(one, other) == shared
    assert overlap(other, one) == shared


@settings(deadline=None)
@given(PLACES, PLACES)
def test_an_overlap_is_a_fraction(
    one: list[tuple[str, int, int]], other: list[tuple[str, int, int]]
) -> None:
    """It is 1 for the same places only."""
    first, second = ([at(d, s, s + n) for d, s, n in places] for places in (one, other))
    shared = overlap(first, second)
    assert shared is None or 0 <= shared <= 1
    assert overlap(first, first) == (1 if first else None)


def test_sides_are_compared_as_they_stand(planted: Planted) -> None:
    base = planted.sided("leave", [("a", 0, 100)], [("b", 0, 100)])
    other = planted.sided("leave", [("a", 50, 100)], [("b", 0, 100)])
    assert [*overlaps(base, other)] == [0.5, 1]
    assert [*overlaps(base, other, exchanged=True)] == [0, 0]


def test_exchanged_sides_are_compared_crosswise(planted: Planted) -> None:
    base = planted.sided("leave", [("a", 0, 100)], [("b", 0, 100)])
    other = planted.sided("leave", [("b", 0, 100)], [("a", 50, 100)], reverse=True)
    assert [*overlaps(base, other, exchanged=True)] == [0.5, 1]
    assert [*overlaps(base, other)] == [0, 0]


def test_a_side_that_is_empty_in_both_is_no_agreement(planted: Planted) -> None:
    """Empty in one only, it is full disagreement."""
    one_sided = planted.sided("leave", [("a", 0, 100)])
    two_sided = planted.sided("leave", [("a", 0, 100)], [("b", 0, 100)])
    assert [*overlaps(one_sided, one_sided)] == [1]
    assert [*overlaps(one_sided, two_sided)] == [1, 0]


def test_background_is_compared_where_neither_has_sides(planted: Planted) -> None:
    base = planted.background("bahn", ("a", 0, 100))
    assert [*overlaps(base, planted.background("banks", ("a", 0, 50)))] == [0.5]
    assert [*overlaps(base, planted.silent())] == [0]
    assert [*overlaps(planted.silent(), planted.silent())] == []


def test_background_is_no_answer_to_a_debate(planted: Planted) -> None:
    """Even where it shows the very same place."""
    sided = planted.sided("leave", [("a", 0, 100)], [("b", 0, 100)])
    assert [*overlaps(sided, planted.background("bahn", ("a", 0, 100)))] == [0, 0]


def test_answers_are_alike_in_kind_and_subject(planted: Planted) -> None:
    kinds = [
        planted.silent(),
        planted.sided("leave", [("a", 0, 9)]),
        planted.sided("agency", [("a", 0, 9)]),
        planted.background("bahn", ("a", 0, 9)),
        planted.background("banks", ("a", 0, 9)),
    ]
    for place, one in enumerate(kinds):
        assert [answered_alike(one, other) for other in kinds].index(True) == place
        assert sum(answered_alike(one, other) for other in kinds) == 1
    other_places = planted.sided("leave", [("b", 0, 9)], reverse=True)
    assert answered_alike(kinds[1], other_places)
