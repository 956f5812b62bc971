"""Part "matching": which debate a question belongs to and which way it asks, on their own.

Only the reading of a question is measured here; whether documents cover it is decided later.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.evaluation.bootstrap import interval
from index.evaluation.labelled import HELD_OUT
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.questions import read_questions
from index.evaluation.tables import Grid, Measures
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from index.answering.advisor import Advisor
    from index.evaluation.bootstrap import Interval
    from index.evaluation.parts import Folders
    from index.evaluation.questions import GoldQuestion

NAMES = "debates.toml"
BLIND = "questions.blind.jsonl"
MANNERS = "questions.manners.jsonl"
NONE, OTHER = "none", "other"
_AS_ASKED = {"+": "as the motion", "-": "reversed", None: NONE}
_AS_READ = {Polarity.AS_MOTION: "as the motion", Polarity.REVERSED: "reversed", None: NONE}


@dataclass(frozen=True, slots=True)
class Matched:
    """One question: its debate and polarity as labelled, and as read.

    `asked` is a debate's id, `NONE` for what cannot be answered, or `OTHER` for a subject that the
    labels do not name; what is read as an unnamed debate then counts as `OTHER` too.
    """

    asked: str
    read: str
    asked_polarity: str
    read_polarity: str

    @property
    def debate_is_right(self) -> bool:
        """Whether the debate is the right one; to see no debate in another subject is right."""
        return self.read == self.asked or (self.asked, self.read) == (OTHER, NONE)


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Read the held-out questions and compare with what a person read in them."""
    needed = (NAMES, HELD_OUT, BLIND, MANNERS)
    missing = [name for name in needed if not (folders.evals / name).is_file()]
    absent = tuple(not_there(name, "evals") for name in missing)
    if NAMES in missing:
        return PartResult(absent=absent)
    names = _names(folders.evals / NAMES)
    accuracy: list[Measures] = []
    confused: list[Grid] = []
    for file, title in (
        (HELD_OUT, "held-out questions"),
        (BLIND, "questions written blind"),
        (MANNERS, "questions in seven manners"),
    ):
        if file in missing:
            continue
        matched = match(advisor, read_questions(folders.evals / file), names)
        accuracy.append(Measures(f"{len(matched)} {title}", accuracies(matched)))
        if file == HELD_OUT:
            confused += [confused_debates(matched), confused_polarities(matched)]
    return PartResult(tuple(accuracy), tuple(confused), absent)


def match(
    advisor: Advisor, questions: Iterable[GoldQuestion], names: Mapping[str, str]
) -> list[Matched]:
    """Return what was read of each question; those without a `debate` are passed over.

    Raises:
        ValueError: A question names a debate that neither `names` nor the agenda knows.
    """
    ids = {debate.id for debate in advisor.snapshot.agenda.debates}
    matched: list[Matched] = []
    for question in questions:
        if question.debate is None:
            continue
        asked = names.get(question.debate, question.debate)
        if asked not in ids | {NONE, OTHER}:
            raise ValueError(f"{question.id}: no debate is called {asked!r}; see evals/{NAMES}")
        reading = advisor.read(question.question)
        read = reading.debate or NONE
        if asked == OTHER and read not in (*names.values(), NONE):
            read = OTHER
        polarity = _AS_ASKED[question.polarity]
        matched.append(Matched(asked, read, polarity, _AS_READ[reading.polarity]))
    return matched


def accuracies(matched: Sequence[Matched]) -> dict[str, Interval]:
    """Return how often the debate, and given the right debate the polarity, is read rightly."""
    sided = [one for one in matched if one.asked_polarity != NONE]
    right = [one for one in sided if one.debate_is_right]
    values = {
        "debate or none": [one.debate_is_right for one in matched],
        "debate of a yes/no question": [one.debate_is_right for one in sided],
        "none of what cannot be answered": [
            one.debate_is_right for one in matched if one.asked == NONE
        ],
        "polarity, given the right debate": [
            one.asked_polarity == one.read_polarity for one in right
        ],
    }
    return {name: interval([*map(float, found)]) for name, found in values.items() if found}


def confused_debates(matched: Sequence[Matched]) -> Grid:
    """Return the confused pairs with their counts, most frequent first, under totals for none."""
    debates = [one for one in matched if one.asked not in (NONE, OTHER)]
    nothing = [one for one in matched if one.asked == NONE]
    totals: dict[str, tuple[int]] = {
        "none → none": (sum(one.read == NONE for one in nothing),),
        "none → any debate": (sum(one.read != NONE for one in nothing),),
        "any debate → none": (sum(one.read == NONE for one in debates),),
        "any debate → another": (sum(one.read not in (NONE, one.asked) for one in debates),),
    }
    pairs = Counter(f"{one.asked} → {one.read}" for one in matched if not one.debate_is_right)
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return Grid(
        "debates confused",
        ("asked → read", "questions"),
        {**totals, **{name: (count,) for name, count in ordered}},
    )


def confused_polarities(matched: Sequence[Matched]) -> Grid:
    """Return how often each polarity was read as which, over all questions."""
    pairs = Counter((one.asked_polarity, one.read_polarity) for one in matched)
    kinds = tuple(_AS_READ.values())
    rows = {asked: tuple(pairs[asked, read] for read in kinds) for asked in kinds}
    return Grid("polarities confused", ("asked", *(f"read {kind}" for kind in kinds)), rows)


def _names(path: Path) -> dict[str, str]:
    try:
        return {key: str(name) for key, name in tomllib.loads(path.read_text("utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error


PART = Part(
    "matching",
    "Reading a question",
    "Which of the debates a question belongs to, and which way it asks, before anything is "
    "searched. A debate between near relatives (leave at all, leave as a B2B firm) counts as "
    "confused too. The questions written blind are by a language model that was given the "
    "motions and nothing else; those in seven manners by the authors of `seeds/questions/`, who "
    "were to use unusual words.",
    run,
)
