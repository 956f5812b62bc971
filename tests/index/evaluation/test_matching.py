"""Debates and polarities are held against what a person read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from index.evaluation.matching import PART
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.evaluation.parts import Folders, PartResult
    from index.questions.reading import Reading
    from tests.index.evaluation.conftest import Planted

AS, REVERSED = Polarity.AS_MOTION, Polarity.REVERSED


def line(name: str, debate: str | None, polarity: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "lang": "en",
        "question": name,
        "answerable": debate != "none",
        "yes": [],
        "no": [],
        "background": [],
        "debate": debate,
        "polarity": polarity,
    }


@pytest.fixture
def measured(
    planted: Planted, folders: Folders, write_lines: Callable[..., object]
) -> Callable[..., PartResult]:
    """Return a function that reads questions, given as `(debate, polarity, reading)`."""

    def measure(*asked: tuple[str | None, str | None, Reading]) -> PartResult:
        lines = [line(str(at), name, polarity) for at, (name, polarity, _) in enumerate(asked)]
        write_lines("questions.test.jsonl", *lines)
        (folders.evals / "debates.toml").write_text('exit = "leave"\noffice = "agency"\n')
        readings = {str(at): reading for at, (_, _, reading) in enumerate(asked)}
        return PART.run(planted.advisor({}, readings), folders)

    return measure


def test_accuracies_and_confusions(planted: Planted, measured: Callable[..., PartResult]) -> None:
    read = planted.read_as
    result = measured(
        ("exit", "+", read("leave", AS)),
        ("exit", "-", read("leave", AS)),
        ("exit", "-", read("agency", REVERSED)),
        ("exit", "+", read(None)),
        ("office", "-", read("agency", REVERSED)),
        ("none", None, read(None)),
        ("none", None, read("agency", AS)),
        (None, None, read("agency", AS)),
    )
    accuracy, *_ = (table.plain() for table in result.tables)
    assert {name: (row["mean"], row["cases"]) for name, row in accuracy.items()} == {
        "debate or none": (round(4 / 7, 4), 7),
        "debate of a yes/no question": (0.6, 5),
        "none of what cannot be answered": (0.5, 2),
        "polarity, given the right debate": (round(2 / 3, 4), 3),
    }
    debates, polarities = (table.plain() for table in result.details)
    assert {name: row["questions"] for name, row in debates.items()} == {
        "none → none": 1,
        "none → any debate": 1,
        "any debate → none": 1,
        "any debate → another": 1,
        "leave → agency": 1,
        "leave → none": 1,
        "none → agency": 1,
    }
    assert {name: [*row.values()] for name, row in polarities.items()} == {
        "as the motion": [1, 0, 1],
        "reversed": [1, 2, 0],
        "none": [1, 0, 1],
    }


def test_a_subject_without_a_name_may_be_any_unnamed_debate(
    planted: Planted, measured: Callable[..., PartResult]
) -> None:
    """Or none; but not a debate that the labels would have named."""
    read = planted.read_as
    result = measured(
        ("other", None, read("leave-b2b", AS)),
        ("other", None, read(None)),
        ("other", None, read("leave", AS)),
    )
    assert result.tables[0].plain()["debate or none"]["mean"] == round(2 / 3, 4)
    assert result.details[0].plain()["other → leave"] == {"questions": 1}


def test_the_most_frequent_confusion_comes_first(
    planted: Planted, measured: Callable[..., PartResult]
) -> None:
    read = planted.read_as
    once, often = ("exit", "+", read("agency", AS)), ("office", "+", read("leave", AS))
    rows = measured(once, often, often).details[0].plain()
    assert [*rows][4:] == ["agency → leave", "leave → agency"]


def test_a_debate_that_nobody_knows_is_an_error(
    planted: Planted, measured: Callable[..., PartResult]
) -> None:
    with pytest.raises(ValueError, match=r"no debate is called 'stay'; see evals/debates\.toml"):
        measured(("stay", "+", planted.read_as(None)))


def test_without_its_files_the_part_says_so(planted: Planted, folders: Folders) -> None:
    assert PART.run(planted.advisor({}), folders).absent == (
        "not measured: debates.toml is not in the evals folder",
        "not measured: questions.test.jsonl is not in the evals folder",
        "not measured: questions.blind.jsonl is not in the evals folder",
        "not measured: questions.manners.jsonl is not in the evals folder",
    )


def test_questions_written_blind_are_told_apart(
    planted: Planted, measured: Callable[..., PartResult], write_lines: Callable[..., object]
) -> None:
    """In a table of their own; what was confused is shown of the others."""
    write_lines("questions.blind.jsonl", line("0", "leave", "+"), line("0", "agency", "+"))
    write_lines("questions.manners.jsonl", line("0", "leave", "-"))
    result = measured(("exit", "+", planted.read_as("leave", AS)))
    assert [table.title for table in result.tables] == [
        "1 held-out questions",
        "2 questions written blind",
        "1 questions in seven manners",
    ]
    means = [table.plain()["debate or none"]["mean"] for table in result.tables]
    assert means == [1.0, 0.5, 1.0]
    assert result.details[0].plain()["any debate → another"] == {"questions": 0}
