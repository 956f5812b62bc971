"""Conversations are held against how a person reads them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from index.evaluation.followups import PART, read_cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders, PartResult
    from tests.index.evaluation.conftest import Planted

YES, NO = [("a", 0, 100)], [("b", 0, 100)]
CASE = {
    "id": "f1",
    "lang": "en",
    "kind": "aspect",
    "previous": ["Leave?"],
    "question": "And the costs?",
    "refines": True,
    "answered": True,
    "debate": "leave",
    "polarity": "+",
}
ALONE = CASE | {"id": "f2", "kind": "other", "question": "Agency?", "refines": False}
ALONE |= {"debate": "agency"}


@pytest.fixture
def measured(planted: Planted, folders: Folders) -> Callable[..., PartResult]:
    """Return a function that gives the last answers by question, and runs the part.

    The first question is answered for leaving; an answer to a later one `refines` as given.
    """

    def measure(**answers: tuple[Advice, bool]) -> PartResult:
        def advise(question: str, previous: str | None = None) -> Advice:
            if previous is None and question not in answers:
                return replace(planted.sided("leave", YES, NO), question=question)
            advice, refines = answers[question]
            return replace(advice, question=question, refines=previous if refines else None)

        return PART.run(cast("Advisor", SimpleNamespace(advise=advise)), folders)

    return measure


def means(result: PartResult) -> dict[str, float]:
    rows: dict[str, Any] = result.tables[0].plain()
    return {name: row["mean"] for name, row in rows.items()}


def test_what_is_read_and_answered_rightly_has_full_marks(
    planted: Planted,
    measured: Callable[..., PartResult],
    write_lines: Callable[..., Path],
) -> None:
    """All measures are at their best, and nothing is missed."""
    write_lines("followups.test.jsonl", CASE, ALONE)
    leave, agency = planted.sided("leave", YES, NO), planted.sided("agency", YES, NO)
    result = measured(**{"And the costs?": (leave, True), "Agency?": (agency, False)})
    assert set(means(result).values()) == {1.0}
    by_kind, missed = result.details
    assert by_kind.plain()["aspect"] == {"read rightly": 1, "answered rightly": 1, "asked": 1}
    assert missed.plain() == {}


def test_a_false_refinement_costs_precision_and_its_debate(
    planted: Planted,
    measured: Callable[..., PartResult],
    write_lines: Callable[..., Path],
) -> None:
    """The worst that can happen: another question is dragged into the old debate."""
    write_lines("followups.test.jsonl", CASE, ALONE)
    leave = planted.sided("leave", YES, NO)
    result = measured(**{"And the costs?": (leave, True), "Agency?": (leave, True)})
    found = means(result)
    assert found["precision of refining"] == 0.5
    assert found["stand-alone questions left alone"] == 0
    assert found["debate of a stand-alone question"] == 0
    assert found["recall of refining"] == 1
    assert list(result.details[1].plain()) == ["f2"]


def test_a_wrong_direction_and_a_relative_are_seen(
    planted: Planted,
    measured: Callable[..., PartResult],
    write_lines: Callable[..., Path],
) -> None:
    """Sides that should not be exchanged count against polarity, a relative against the debate."""
    relative = CASE | {"id": "f3", "question": "As B2B?"}
    write_lines("followups.test.jsonl", CASE, relative)
    turned = planted.sided("leave", NO, YES, reverse=True)
    b2b = planted.sided("leave-b2b", YES, NO)
    found = means(measured(**{"And the costs?": (turned, True), "As B2B?": (b2b, True)}))
    assert found["debate of a refining question"] == 0.5
    assert found["polarity, given the right debate"] == 0


def test_silence_counts_where_nothing_is_said(
    planted: Planted,
    measured: Callable[..., PartResult],
    write_lines: Callable[..., Path],
) -> None:
    """Half of them are answered as if something were."""
    nothing = CASE | {"answered": False, "debate": None, "polarity": None}
    other = nothing | {"id": "f4", "question": "And the moon?"}
    write_lines("followups.test.jsonl", nothing, other)
    leave, silent = planted.sided("leave", YES, NO), planted.silent()
    found = means(measured(**{"And the costs?": (silent, True), "And the moon?": (leave, True)}))
    assert found["silent where nothing is said"] == 0.5


def test_turns_are_asked_one_after_the_other(
    planted: Planted, folders: Folders, write_lines: Callable[..., Path]
) -> None:
    """Each with what the answer before hands on."""
    write_lines("followups.test.jsonl", CASE | {"previous": ["Leave?", "And if we stay?"]})
    asked: list[tuple[str, str | None]] = []

    def advise(question: str, previous: str | None = None) -> Advice:
        asked.append((question, previous))
        return replace(planted.silent(), question=question, refines=previous)

    PART.run(cast("Advisor", SimpleNamespace(advise=advise)), folders)
    assert [question for question, _ in asked] == ["Leave?", "And if we stay?", "And the costs?"]
    assert [previous for _, previous in asked] == [
        None,
        "Leave?",
        "Leave?\x1eAnd if we stay?",
    ]


def test_offers_are_counted_where_they_should_be_and_where_not(
    planted: Planted, folders: Folders, write_lines: Callable[..., Path]
) -> None:
    """Any debate that may be meant counts, shown or offered."""
    write_lines(
        "alternatives.jsonl",
        {"id": "a1", "question": "Vague?", "debates": ["agency"]},
        {"id": "a2", "question": "Vaguer?", "debates": ["agency"]},
        {"id": "a3", "question": "Clear?", "debates": []},
    )
    agency = planted.agenda.debates[2]
    leave = planted.sided("leave", YES, NO)
    answers = {
        "Vague?": replace(leave, alternatives=(agency,)),
        "Vaguer?": planted.silent(),
        "Clear?": leave,
    }
    result = PART.run(planted.advisor(answers), folders)
    assert means(result) == {
        "offered where it is open": 0.5,
        "one that may be meant is shown or offered": 0.5,
        "offered where it is clear": 0.0,
    }


def test_without_its_files_the_part_says_so(planted: Planted, folders: Folders) -> None:
    """Nothing is measured, and nothing is made up."""
    result = PART.run(planted.advisor({}), folders)
    assert result.tables == ()
    assert result.absent == (
        "not measured: followups.test.jsonl is not in the evals folder",
        "not measured: alternatives.jsonl is not in the evals folder",
    )


def test_a_wrong_line_is_named(
    planted: Planted, folders: Folders, write_lines: Callable[..., Path]
) -> None:
    """A polarity that is none is a mistake in the file."""
    write_lines("followups.test.jsonl", CASE | {"polarity": "up"})
    with pytest.raises(ValueError, match=r"followups\.test\.jsonl, line 1"):
        PART.run(planted.advisor({}), folders)


@pytest.mark.parametrize("name", ["calibration", "test"])
def test_the_files_that_ship_are_read(name: str, seeds: Path) -> None:
    """At least 60 conversations in seven languages, a third of the questions standing alone."""
    cases = read_cases(seeds.parent / f"evals/followups.{name}.jsonl")
    assert len(cases) >= 60
    assert len({case.language for case in cases}) >= 7
    assert sum(not case.refines for case in cases) >= len(cases) / 3
    debates = {path.stem for path in (seeds / "debates").glob("*.toml")}
    assert {case.debate for case in cases} - {None} <= debates


def test_no_conversation_is_both_calibrated_on_and_reported(seeds: Path) -> None:
    """What weights are fitted to says nothing of what they are worth."""
    kept = [
        {
            (case.previous, case.question)
            for case in read_cases(seeds.parent / f"evals/followups.{name}.jsonl")
        }
        for name in ("calibration", "test")
    ]
    assert not kept[0] & kept[1]
