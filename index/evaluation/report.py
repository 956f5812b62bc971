"""Runs a question file through an advisor and lays out what came of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.evaluation.metrics import HIGHER_IS_BETTER, Interval, counts, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.evaluation.questions import GoldQuestion


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose answer fell short in a measure."""

    measure: str
    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every measure with its interval, and the questions that lost points."""

    measures: dict[str, Interval]
    misses: tuple[Miss, ...]
    median_ms: float


def evaluate(advisor: Advisor, questions: Sequence[GoldQuestion]) -> Report:
    """Answer every question and return what was measured."""
    values: defaultdict[str, list[float]] = defaultdict(list)
    misses: dict[Miss, None] = {}
    latencies: list[float] = []
    for question in questions:
        advice: Advice = advisor.advise(question.question)
        latencies.append(advice.timings_ms["total"])
        for measure, value in counts(advisor.snapshot, question, advice):
            values[measure].append(value)
            if (value < 1) == HIGHER_IS_BETTER[measure]:
                misses[Miss(measure, question.id, question.question)] = None
    measures = {name: interval(values[name]) for name in HIGHER_IS_BETTER if values[name]}
    return Report(measures, tuple(misses), sorted(latencies)[len(latencies) // 2])


def as_table(report: Report) -> str:
    """Return the measures as a Markdown table."""
    rows = ["| measure | mean | 95 % interval | cases |", "| --- | --- | --- | --- |"]
    for name, found in report.measures.items():
        span = f"{found.low:.3f} … {found.high:.3f}"
        rows.append(f"| {name} | {found.mean:.3f} | {span} | {found.count} |")
    return "\n".join(rows)
