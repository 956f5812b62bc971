"""The way an answer's sides stand is told by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.evaluation.orientation import orientation
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from tests.index.evaluation.conftest import Planted


@pytest.mark.parametrize(
    ("reverse", "seen"), [(False, Polarity.AS_MOTION), (True, Polarity.REVERSED)]
)
@pytest.mark.parametrize(("shown", "debate"), [("leave", "leave"), ("leave", "leave-b2b")])
def test_it_is_that_of_the_sides(
    planted: Planted, shown: str, debate: str, seen: Polarity, *, reverse: bool
) -> None:
    """Of the debate itself or of a relative, in either direction."""
    advice = planted.sided(shown, [("a", 0, 9)], reverse=reverse)
    assert orientation(advice, planted.agenda, debate) is seen
    swapped = planted.sided(debate, [("a", 0, 9)], reverse=reverse)
    assert orientation(swapped, planted.agenda, shown) is seen


def test_an_empty_side_has_its_place_too(planted: Planted) -> None:
    only_no = planted.sided("agency", [], [("a", 0, 9)])
    assert orientation(only_no, planted.agenda, "agency") is Polarity.AS_MOTION


def test_sides_of_another_debate_have_none(planted: Planted) -> None:
    other = planted.sided("agency", [("a", 0, 9)])
    assert orientation(other, planted.agenda, "leave") is None
    assert orientation(planted.background("bahn", ("a", 0, 9)), planted.agenda, "leave") is None
    assert orientation(planted.silent(), planted.agenda, "leave") is None


def test_an_unknown_debate_is_an_error(planted: Planted) -> None:
    with pytest.raises(ValueError, match="no debate is called 'stay'"):
        orientation(planted.silent(), planted.agenda, "stay")
