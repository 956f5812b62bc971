"""The suite runs its parts in order and says what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.evaluation.suite import PARTS, chosen_parts, run_suite

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders
    from tests.index.evaluation.conftest import Planted


def test_keys_are_unique() -> None:
    keys = [part.key for part in PARTS]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "questions"


def test_every_part_says_what_is_absent_and_invents_nothing(
    planted: Planted, folders: Folders
) -> None:
    """With empty folders no part fails, and none shows a table."""
    for part, result in run_suite(planted.advisor({}), folders):
        assert result.absent, part.key
        assert not result.tables, part.key
        assert not result.details, part.key


def test_parts_are_chosen_by_key_in_the_order_of_the_suite() -> None:
    assert chosen_parts([]) == PARTS
    assert [part.key for part in chosen_parts(["robustness", "questions"])] == [
        "questions",
        "robustness",
    ]
    with pytest.raises(ValueError, match="no part is called 'speed'; there are questions, "):
        chosen_parts(["speed"])


def test_the_questions_part_measures_each_file_that_is_there(
    advisor: Advisor, folders: Folders, write_lines: Callable[..., object]
) -> None:
    quotes = ("Diensträder sparen der Firma Geld.", "Diensträder werden jeden Tag gefahren.")
    line = {
        "id": "q",
        "lang": "de",
        "question": "Sollen wir Diensträder anschaffen?",
        "answerable": True,
        "yes": [{"doc": "pro", "quote": quote} for quote in quotes],
        "no": [],
        "background": [],
    }
    write_lines("questions.test.jsonl", line)
    part, result = next(run_suite(advisor, folders, chosen_parts(["questions"])))
    assert part.key == "questions"
    [table] = result.tables
    assert table.title == "1 held-out questions"
    assert table.plain()["gold in top 3"]["mean"] == 1
    assert result.absent == ("not measured: eval/questions.dev.jsonl is not in the data folder",)
    assert [note.split(" 1")[0].split(":")[0] for note in result.notes] == ["held-out questions"]
    typo = {**line, "no": [{"doc": "pro", "quote": "Dinstraeder"}]}
    write_lines("questions.test.jsonl", typo)
    [(_, result)] = run_suite(advisor, folders, chosen_parts(["questions"]))
    assert "no document holds the gold quote “Dinstraeder”" in result.notes[1]
