"""Part "questions": answers against questions whose good passages a person has written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.questions import read_questions, unknown_quotes
from index.evaluation.report import evaluate
from index.evaluation.tables import Measures

if TYPE_CHECKING:
    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders
    from index.evaluation.tables import Table

HELD_OUT = "questions.test.jsonl"
DEVELOPMENT = "eval/questions.dev.jsonl"


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Ask the held-out questions and the development questions, as far as they are there."""
    files = (
        ("held-out questions", folders.evals / HELD_OUT, not_there(HELD_OUT, "evals")),
        ("development questions", folders.data / DEVELOPMENT, not_there(DEVELOPMENT, "data")),
    )
    tables: list[Table] = []
    notes: list[str] = []
    for title, path, _ in files:
        if not path.is_file():
            continue
        questions = read_questions(path)
        report = evaluate(advisor, questions)
        tables.append(Measures(f"{len(questions)} {title}", report.measures))
        notes.append(f"{title}: median {report.median_ms:.1f} ms a question")
        notes += [
            f"{title}: no document holds the gold quote “{quote}”"
            for quote in unknown_quotes(advisor.snapshot, questions)
        ]
    absent = tuple(line for _, path, line in files if not path.is_file())
    return PartResult(tuple(tables), absent=absent, notes=tuple(notes))


PART = Part(
    "questions",
    "Answers to labelled questions",
    "Nine languages; a third of the held-out questions are near misses that must stay unanswered. "
    "Nothing is fitted to them. Intervals draw whole questions anew.",
    run,
)
