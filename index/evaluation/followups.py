"""Part "follow-ups": where does a question lead that only goes on from another one?

First of all, it must be told from one that stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.evaluation.bootstrap import interval
from index.evaluation.jsonl import read_lines
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.tables import Grid, Measures
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.evaluation.bootstrap import Interval
    from index.evaluation.parts import Folders

FILE = "followups.test.jsonl"
OPEN_FILE = "alternatives.jsonl"
_POLARITIES = {"+": Polarity.AS_MOTION, "-": Polarity.REVERSED, None: None}


@dataclass(frozen=True, slots=True)
class FollowUpCase:
    """A question with those before it, in order, and how a person reads it.

    `debate` is the one that its answer should show two sides of, if any; `answered` is false where
    the documents say nothing on it.
    """

    id: str
    language: str
    kind: str
    previous: tuple[str, ...]
    question: str
    refines: bool
    answered: bool
    debate: str | None
    polarity: Polarity | None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A question and the debates that it leaves open; none where it is clear which is meant."""

    id: str
    question: str
    debates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A case and its answer."""

    case: FollowUpCase
    refines: bool
    answered: bool
    debate: str | None
    polarity: Polarity | None

    @property
    def debate_is_right(self) -> bool:
        """Whether the answer shows the right debate, or rightly none."""
        return self.debate == self.case.debate


def read_cases(path: Path) -> list[FollowUpCase]:
    """Return the cases of a file.

    Raises:
        ValueError: A line is not JSON or lacks a field; the message names the line.
        OSError: The file cannot be read.
    """
    return read_lines(path, _case)


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Ask each case's questions in turn and compare the last answer with what is expected."""
    absent = tuple(
        not_there(name, "evals")
        for name in (FILE, OPEN_FILE)
        if not (folders.evals / name).is_file()
    )
    tables: list[Measures] = []
    details: tuple[Grid, ...] = ()
    if (folders.evals / FILE).is_file():
        followed = [follow(advisor, case) for case in read_cases(folders.evals / FILE)]
        tables.append(Measures("follow-ups", measures(followed)))
        details = (by_kind(followed), missed(followed))
    if (folders.evals / OPEN_FILE).is_file():
        cases = read_lines(folders.evals / OPEN_FILE, _open_case)
        tables.append(Measures("other debates offered", offers(advisor, cases)))
    return PartResult(tuple(tables), details, absent)


def follow(advisor: Advisor, case: FollowUpCase) -> FollowedUp:
    """Return the answer to a case, its questions having been asked in turn."""
    context: str | None = None
    for question in case.previous:
        context = advisor.advise(question, previous=context).context
    advice: Advice = advisor.advise(case.question, previous=context)
    debate = advice.debate.id if advice.debate else None
    refines = advice.refines is not None
    return FollowedUp(case, refines, advice.answered, debate, advice.polarity)


def measures(followed: Sequence[FollowedUp]) -> dict[str, Interval]:
    """Return how well refining questions are told, and whether their answers are right."""
    refining = [one for one in followed if one.case.refines]
    alone = [one for one in followed if not one.case.refines]
    sided = [one for one in refining if one.case.debate and one.debate_is_right]
    covered = [one for one in refining if one.case.answered]
    values: dict[str, list[bool]] = {
        "precision of refining": [one.case.refines for one in followed if one.refines],
        "recall of refining": [one.refines for one in refining],
        "stand-alone questions left alone": [not one.refines for one in alone],
        "debate of a refining question": [one.debate_is_right for one in covered],
        "polarity, given the right debate": [one.polarity == one.case.polarity for one in sided],
        "silent where nothing is said": [
            not one.answered for one in refining if not one.case.answered
        ],
        "debate of a stand-alone question": [one.debate_is_right for one in alone],
    }
    return {name: interval([*map(float, found)]) for name, found in values.items() if found}


def offers(advisor: Advisor, cases: Sequence[OpenCase]) -> dict[str, Interval]:
    """Return how often other debates are offered where they should be, and where not."""
    values: dict[str, list[bool]] = {
        "offered where it is open": [],
        "one that may be meant is shown or offered": [],
        "offered where it is clear": [],
    }
    offered, meant, needless = values.values()
    for case in cases:
        advice = advisor.advise(case.question)
        if case.debates:
            shown = {debate.id for debate in (advice.debate, *advice.alternatives) if debate}
            offered.append(bool(advice.alternatives))
            meant.append(bool(shown & set(case.debates)))
        else:
            needless.append(bool(advice.alternatives))
    return {name: interval([*map(float, found)]) for name, found in values.items() if found}


def by_kind(followed: Sequence[FollowedUp]) -> Grid:
    """Return by kind of question how many are read, and answered, as they should be."""
    kinds = sorted({one.case.kind for one in followed})
    rows = {kind: _counts([one for one in followed if one.case.kind == kind]) for kind in kinds}
    return Grid("follow-ups by kind", ("kind", "read rightly", "answered rightly", "asked"), rows)


def missed(followed: Sequence[FollowedUp]) -> Grid:
    """Return the cases that are read or answered wrongly, with what became of them."""
    wrong = [one for one in followed if not (_read_rightly(one) and _answered_rightly(one))]
    rows = {one.case.id: (one.case.question, str(one.refines), one.debate or "–") for one in wrong}
    return Grid("follow-ups missed", ("case", "question", "read as refining", "debate"), rows)


def _counts(followed: Sequence[FollowedUp]) -> tuple[int, int, int]:
    read = sum(map(_read_rightly, followed))
    return read, sum(map(_answered_rightly, followed)), len(followed)


def _read_rightly(one: FollowedUp) -> bool:
    return one.refines is one.case.refines


def _answered_rightly(one: FollowedUp) -> bool:
    right = one.answered is one.case.answered and one.debate_is_right
    return right and one.polarity == one.case.polarity


def _case(content: dict[str, Any]) -> FollowUpCase:
    return FollowUpCase(
        content["id"],
        content["lang"],
        content["kind"],
        tuple(content["previous"]),
        content["question"],
        bool(content["refines"]),
        bool(content["answered"]),
        content["debate"],
        _POLARITIES[content["polarity"]],
    )


def _open_case(content: dict[str, Any]) -> OpenCase:
    return OpenCase(content["id"], content["question"], tuple(content["debates"]))


PART = Part(
    "follow-ups",
    "Questions that go on from the one before",
    "“And the costs?” refines the question before it; a third of these questions stand alone and "
    "must be answered as if nothing had been asked before. Nothing is fitted to them. Nine "
    "languages; a debate counts as right only if it is the one named, not a relative. A question "
    "that leaves open which debate is meant should be offered others.",
    run,
)
