"""Runs a question file through an advisor and lays out what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.evaluation.bootstrap import Interval, clustered
from index.evaluation.metrics import HIGHER_IS_BETTER, counts
from index.evaluation.tables import Measures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.answering.advisor import Advisor
    from index.evaluation.questions import GoldQuestion

    Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose answer fell short in a measure."""

    measure: str
    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every measure with its interval, and the questions that lost points.

    `counted` holds what each question was counted for, by measure, in the order of the questions;
    `shown` the places that its answer shows, as document, start and end.
    """

    measures: dict[str, Interval]
    misses: tuple[Miss, ...]
    median_ms: float
    counted: Mapping[str, Sequence[Sequence[float]]]
    shown: Sequence[Sequence[Place]]


def evaluate(advisor: Advisor, questions: Sequence[GoldQuestion]) -> Report:
    """Answer every question and return what was measured."""
    counted: dict[str, list[list[float]]] = {
        name: [[] for _ in questions] for name in HIGHER_IS_BETTER
    }
    misses: dict[Miss, None] = {}
    latencies: list[float] = []
    shown: list[list[Place]] = []
    for at, question in enumerate(questions):
        advice = advisor.advise(question.question)
        latencies.append(advice.timings_ms["total"])
        shown.append([(one.document, one.start, one.end) for one in advice.excerpts()])
        for measure, value in counts(advisor.snapshot, question, advice):
            counted[measure][at].append(value)
            if (value < 1) == HIGHER_IS_BETTER[measure]:
                misses[Miss(measure, question.id, question.question)] = None
    measures = {name: clustered(groups) for name, groups in counted.items() if any(groups)}
    median_ms = sorted(latencies)[len(latencies) // 2]
    return Report(measures, tuple(misses), median_ms, counted, shown)


def as_table(report: Report) -> str:
    """Return the measures as a Markdown table."""
    return Measures("measures", report.measures).markdown()
