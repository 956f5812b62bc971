"""Part "ablations": what each step is worth, by leaving it out.

Each variant answers the same questions as the whole system, and is compared with it question by
question. Nothing is fitted anew for a variant.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.answering.advisor import Advisor
from index.answering.method import FULL, Method
from index.building import build_index
from index.evaluation.bootstrap import difference, interval
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.questions import read_questions
from index.evaluation.report import evaluate
from index.evaluation.tables import Grid
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.evaluation.bootstrap import Interval
    from index.evaluation.parts import Folders
    from index.evaluation.report import Report
    from index.evaluation.tables import Cell
    from index.storage.protocol import Snapshot

FILE = "questions.calibration.jsonl"
WHOLE = "whole system"
MEASURES = (
    "gold in top 1",
    "gold in top 3",
    "wrong side",
    "both sides",
    "background found",
    "silent",
)


@dataclass(frozen=True, slots=True)
class Variant:
    """The system with something left out: of how it answers, or of how its index is built."""

    name: str
    method: Method = FULL
    cleaning: bool = True
    headings: bool = True

    @property
    def same_index(self) -> bool:
        """Whether it answers from the whole system's index."""
        return self.cleaning and self.headings


VARIANTS = (
    Variant("no cleaning", cleaning=False),
    Variant("no headings", headings=False),
    Variant("dense only", Method(lexical=False)),
    Variant("lexical only", Method(dense=False)),
    Variant("no per-side retrieval", Method(per_side=False)),
    Variant("no diversity", Method(diversity=False)),
    Variant("no excerpt choice", Method(excerpt_choice=False)),
)


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Measure the whole system and each variant on the calibration questions."""
    path = folders.evals / FILE
    if not path.is_file():
        return PartResult(absent=(not_there(FILE, "evals"),))
    questions = read_questions(path)
    reports = {WHOLE: evaluate(advisor, questions)}
    for variant in VARIANTS:
        with varied(advisor, variant, folders) as other:
            reports[variant.name] = evaluate(other, questions)
    return PartResult((differences(reports),), (means(reports),))


@contextmanager
def varied(advisor: Advisor, variant: Variant, folders: Folders) -> Iterator[Advisor]:
    """Give an advisor that works as the variant does, with the same models.

    A variant of the index is built in a temporary folder, where known vectors are found.
    """
    if variant.same_index:
        yield _with_models_of(advisor, advisor.snapshot, variant.method)
        return
    with TemporaryDirectory(prefix="audiatur-") as place:
        shelf, known = Shelf(Path(place)), Shelf(folders.index.resolve())
        shelf.embeddings.symlink_to(known.embeddings)
        shelf.stances.symlink_to(known.stances)
        build_index(
            folders.corpus,
            shelf,
            advisor.encoder,
            adapted=advisor.adapted,
            stance=advisor.stance,
            cleaning=variant.cleaning,
            headings=variant.headings,
        )
        snapshot = shelf.open_current()
        try:
            yield _with_models_of(advisor, snapshot, variant.method)
        finally:
            snapshot.close()


def _with_models_of(advisor: Advisor, snapshot: Snapshot, method: Method) -> Advisor:
    return Advisor(snapshot, advisor.encoder, advisor.adapted, advisor.stance, method)


def differences(reports: dict[str, Report]) -> Grid:
    """Return what the whole system reaches, and by how much each variant differs from it."""
    whole = reports[WHOLE]
    rows: dict[str, tuple[Cell, ...]] = {
        name: (
            *(difference(whole.counted[one], report.counted[one]) for one in MEASURES),
            _changed(whole, report),
        )
        for name, report in reports.items()
        if name != WHOLE
    }
    columns = ("", *MEASURES, "answers that change")
    return Grid("differences to the whole system", columns, {WHOLE: (*_row(whole), None), **rows})


def means(reports: dict[str, Report]) -> Grid:
    """Return what every variant reaches by itself."""
    rows = {name: _row(report) for name, report in reports.items()}
    return Grid("each by itself", ("", *MEASURES), rows)


def _changed(whole: Report, report: Report) -> Interval:
    """Return the share of answers that show other places, or the same in another order."""
    pairs = zip(whole.shown, report.shown, strict=True)
    return interval([float(one != other) for one, other in pairs])


def _row(report: Report) -> tuple[Cell, ...]:
    return tuple(report.measures.get(measure) for measure in MEASURES)


PART = Part(
    "ablations",
    "What each step is worth",
    "The calibration questions, answered with one step left out: the whole system's figures, then "
    "how much higher or lower each variant's are, with paired intervals. The threshold for silence "
    "was fitted on these questions, so their figures flatter; what counts here is the differences. "
    "The last column tells in how many answers other places, or the same in another order, are "
    "shown: many changes without a difference mean that the gold is wide.",
    run,
)
