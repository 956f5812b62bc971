"""What `audiatur eval` prints and writes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from index.evaluation.published import (
    PAGE,
    RESULTS,
    as_markdown,
    check,
    rewrite_readme,
    write_page,
    write_results,
)
from index.evaluation.questions import read_questions, unknown_quotes
from index.evaluation.report import as_table, evaluate
from index.evaluation.suite import chosen_parts, run_suite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders, Part, PartResult


def measure_file(advisor: Callable[[], Advisor], path: Path, *, misses: bool) -> None:
    """Print what one file of questions measures, and on demand the questions that lost points.

    Raises:
        ValueError: The file has a wrong line or no question.
        OSError: It cannot be read.
    """
    questions = read_questions(path)
    answering = advisor()
    for quote in unknown_quotes(answering.snapshot, questions):
        sys.stderr.write(f"audiatur: no document holds the gold quote “{quote}”\n")
    report = evaluate(answering, questions)
    sys.stdout.write(as_table(report) + f"\n\nmedian {report.median_ms:.1f} ms a question\n")
    for miss in report.misses if misses else ():
        sys.stdout.write(f"{miss.measure} | {miss.id} | {miss.question}\n")


def measure_suite(advisor: Callable[[], Advisor], folders: Folders, keys: Sequence[str]) -> None:
    """Print every part, and publish all in the folder, and the first in the README above it.

    Where `keys` choose single parts, nothing is written.

    Raises:
        ValueError: There is no such part, a file has a wrong line, or the README has no markers.
        OSError: Something cannot be read or written.
    """
    parts = chosen_parts(keys)
    readme = folders.evals.resolve().parent / "README.md"
    if not keys:
        check(folders.evals / RESULTS, readme)
    results: list[tuple[Part, PartResult]] = []
    for part, result in run_suite(advisor(), folders, parts):
        notes = "".join(f"\n{note}\n" for note in result.notes)
        sys.stdout.write(f"{as_markdown(part, result, details=True)}\n{notes}\n")
        sys.stdout.flush()
        results.append((part, result))
    if not keys:
        write_results(folders.evals / RESULTS, results)
        write_page(folders.evals / PAGE, results)
        rewrite_readme(readme, results)
