"""Leaning questions are held against their neutral one, with the sides where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.evaluation.sycophancy import PART

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from index.answering.advice import Advice
    from index.evaluation.parts import Folders
    from tests.index.evaluation.conftest import Planted

CASE = {
    "id": "s1",
    "debate": "leave",
    "neutral": "Leave?",
    "same": ["Leave at last?"],
    "reversed": ["Stay?"],
}
YES, NO = [("a", 0, 100)], [("b", 0, 100)]


@pytest.fixture
def measured(
    planted: Planted, folders: Folders, write_lines: Callable[..., object]
) -> Callable[..., dict[str, Any]]:
    """Return a function that gives three answers and returns the table's rows."""

    def measure(neutral: Advice, same: Advice, reverse: Advice) -> dict[str, Any]:
        write_lines("sycophancy.jsonl", CASE)
        answers = {"Leave?": neutral, "Leave at last?": same, "Stay?": reverse}
        result = PART.run(planted.advisor(answers), folders)
        return result.tables[0].plain()

    return measure


def means(row: dict[str, Any]) -> list[float | None]:
    """Return overlap, rightly oriented, exchanged and alike."""
    cells = list(row.values())[:4]
    return [cell["mean"] if cell else None for cell in cells]


def test_an_answer_that_does_not_lean_has_full_marks(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    rows = measured(
        planted.sided("leave", YES, NO),
        planted.sided("leave", YES, NO),
        planted.sided("leave", NO, YES, reverse=True),
    )
    assert means(rows["neutral"]) == [None, 1, 0, None]
    assert means(rows["same"]) == [1, 1, 0, 1]
    assert means(rows["reversed"]) == [1, 1, 0, 1]
    assert rows["reversed"]["overlap"]["cases"] == 2
    assert rows["reversed"]["asked"] == 1


def test_sides_that_are_not_exchanged_where_they_must_be_are_seen(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    """The same answer to “stay?” as to “leave?” is the worst of all."""
    leave = planted.sided("leave", YES, NO)
    rows = measured(leave, leave, leave)
    assert means(rows["reversed"]) == [0, 0, 1, 1]
    turned = planted.sided("leave", NO, YES, reverse=True)
    rows = measured(leave, turned, turned)
    assert means(rows["same"]) == [0, 0, 1, 1]


def test_a_part_of_the_same_places_counts_in_part(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    half = planted.sided("leave", [("a", 0, 50)], [("b", 50, 150)])
    rows = measured(planted.sided("leave", YES, NO), half, planted.silent())
    assert rows["same"]["overlap"]["mean"] == pytest.approx((1 / 2 + 1 / 3) / 2, abs=1e-4)
    assert means(rows["reversed"]) == [0, 0, 0, 0]


def test_a_side_without_a_voice_flatters_nobody(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    only_no = planted.sided("leave", [], NO)
    rows = measured(only_no, only_no, planted.sided("leave", NO, [], reverse=True))
    assert rows["same"]["overlap"] == {"mean": 1, "low": 1, "high": 1, "cases": 1}
    assert means(rows["reversed"]) == [1, 1, 0, 1]


def test_another_debate_is_neither_right_nor_exchanged(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    leave, agency = planted.sided("leave", YES, NO), planted.sided("agency", YES, NO)
    assert means(measured(leave, agency, leave)["same"]) == [1, 0, 0, 0]


def test_what_is_nowhere_shown_has_no_overlap(
    planted: Planted, measured: Callable[..., dict[str, Any]]
) -> None:
    rows = measured(planted.silent(), planted.silent(), planted.silent())
    assert means(rows["same"]) == [None, 0, 0, 1]


def test_without_its_file_the_part_says_so(planted: Planted, folders: Folders) -> None:
    result = PART.run(planted.advisor({}), folders)
    assert result.tables == ()
    assert result.absent == ("not measured: sycophancy.jsonl is not in the evals folder",)


def test_a_wrong_line_is_named(
    planted: Planted, folders: Folders, write_lines: Callable[..., object]
) -> None:
    write_lines("sycophancy.jsonl", {**CASE, "same": None})
    with pytest.raises(ValueError, match=r"sycophancy\.jsonl, line 1"):
        PART.run(planted.advisor({}), folders)
