"""A report averages every measure and names the questions that lost points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.evaluation.questions import Gold, GoldQuestion
from index.evaluation.report import Miss, as_table, evaluate

if TYPE_CHECKING:
    from index.answering.advisor import Advisor

GOOD = GoldQuestion(
    "good",
    "de",
    "Sollen wir Diensträder anschaffen?",
    answerable=True,
    yes=(
        Gold("pro", "Diensträder sparen der Firma Geld."),
        Gold("pro", "Diensträder werden jeden Tag gefahren."),
    ),
    no=(Gold("contra", "Diensträder kosten die Firma viel Geld."),),
    background=(),
)
SILENT = GoldQuestion("off", "de", "Wie backt man einen Apfelstrudel?", False, (), (), ())  # noqa: FBT003
MISSED = GoldQuestion(
    "missed",
    "de",
    "Was spricht für Diensträder?",
    answerable=True,
    yes=(Gold("pro", "Dieser Satz steht nirgends."),),
    no=(),
    background=(),
)


def test_a_good_answer_loses_nothing(advisor: Advisor) -> None:
    report = evaluate(advisor, [GOOD, SILENT])
    assert report.misses == ()
    assert report.measures["gold in top 3"].mean == 1
    assert report.measures["silent"].mean == 1
    assert report.measures["verbatim"].mean == 1
    assert report.measures["wrong side"].mean == 0
    assert report.median_ms > 0


def test_what_fell_short_is_named_once_with_its_measure(advisor: Advisor) -> None:
    report = evaluate(advisor, [GOOD, MISSED])
    assert Miss("gold in top 3", "missed", MISSED.question) in report.misses
    assert len(set(report.misses)) == len(report.misses)
    assert {miss.id for miss in report.misses} == {"missed"}
    assert report.measures["gold in top 3"].mean == 2 / 3
    assert report.measures["gold in top 3"].count == 3


def test_what_was_counted_is_kept_by_question(advisor: Advisor) -> None:
    """In their order, so that two systems can be compared question by question."""
    counted = evaluate(advisor, [SILENT, GOOD, MISSED]).counted
    assert counted["silent"] == [[1], [], []]
    assert counted["gold in top 3"] == [[], [1, 1], [0]]


def test_a_measure_without_cases_is_left_out(advisor: Advisor) -> None:
    assert set(evaluate(advisor, [SILENT]).measures) == {"silent"}


def test_the_table_has_a_row_for_each_measure(advisor: Advisor) -> None:
    report = evaluate(advisor, [GOOD, SILENT])
    lines = as_table(report).splitlines()
    assert lines[0] == "| measure | mean | 95 % interval | cases |"
    assert len(lines) == 2 + len(report.measures)
    assert "| silent | 1.000 | 1.000 … 1.000 | 1 |" in lines
