"""What a corpus says on each side for just somebody's circumstances; no verdict is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.answering.composing import MOTION_WEIGHT
from index.answering.retrieval import Query
from index.guides.points import SIDES, PointFinder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.answering.advice import Excerpt
    from index.answering.advisor import Advisor
    from index.answering.excerpts import Window
    from index.debates.records import Debate, Localised, Side
    from index.guides.points import Points
    from index.guides.records import Bearing, Interview, Option, Question

PER_SIDE = 2


@dataclass(frozen=True, slots=True)
class Voice:
    """What speaks for one side of the interview's debate; nothing means: no such voice.

    Where the excerpts are of a debate with other sides, `own_name` is what that one calls its side.
    `said_above` tells that there is a voice, but all that it says stands under circumstances above.
    """

    side: Side
    name: Localised
    own_name: Localised | None
    excerpts: tuple[Excerpt, ...]
    said_above: bool = False


@dataclass(frozen=True, slots=True)
class Circumstance:
    """An answer that was given, and what speaks for either side because of it, yes first.

    `debate` is the one that the excerpts are of. An option that changes nothing has neither.
    """

    question: Question
    option: Option
    debate: Debate | None = None
    voices: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighing:
    """Both sides of the interview's debate for the circumstances given, in the order asked."""

    interview: Interview
    debate: Debate
    circumstances: tuple[Circumstance, ...]


def weigh(
    advisor: Advisor, interview: Interview, choices: Mapping[str, str], per_side: int = PER_SIDE
) -> Weighing:
    """Return both sides for these circumstances; `choices` are option ids by question id.

    Questions that were left open are left out. Both sides get equal room under each circumstance
    where both have something new to say, and nothing is shown twice.

    Raises:
        ValueError: The interview has no such question, option or debate; it may have changed.
    """
    strangers = set(choices) - {question.id for question in interview.questions}
    if strangers:
        raise ValueError(f"{interview.id} has no question {min(strangers)!r}")
    chosen = [
        (question, question.option(choices[question.id]))
        for question in interview.questions
        if question.id in choices
    ]
    scales = _Scales(advisor, interview, per_side)
    circumstances = tuple(scales.circumstance(question, option) for question, option in chosen)
    return Weighing(interview, scales.about, circumstances)


class _Scales:
    """Fills both sides, circumstance by circumstance, and remembers what it has shown."""

    def __init__(self, advisor: Advisor, interview: Interview, per_side: int) -> None:
        self._advisor = advisor
        self._debates = {debate.id: debate for debate in advisor.snapshot.agenda.debates}
        self._finder = PointFinder(advisor)
        self._per_side = per_side
        self._shown: list[Window] = []
        self.about = self._debate(interview.debate)

    def circumstance(self, question: Question, option: Option) -> Circumstance:
        """Return what speaks for either side because of an answer."""
        if option.bearing:
            return self._searched(question, option, option.bearing)
        if option.quotes:
            points = self._finder.named(self.about, option.quotes, self._shown, self._per_side)
            voices = (self._voice(side, None, points[side], _room(points)) for side in SIDES)
            return Circumstance(question, option, self.about, tuple(voices))
        return Circumstance(question, option)

    def _searched(self, question: Question, option: Option, bearing: Bearing) -> Circumstance:
        debate = self._debate(bearing.debate)
        query = self._query(bearing, debate)
        points = self._finder.search(debate, query, self._shown, self._per_side)
        own_side = {side: own for own, side in bearing.speaks_for.items()}
        voices = (
            self._voice(side, debate.sides[own_side[side]], points[own_side[side]], _room(points))
            for side in SIDES
        )
        return Circumstance(question, option, debate, tuple(voices))

    def _voice(self, side: Side, own_name: Localised | None, points: Points, room: int) -> Voice:
        shown = points.new[:room]
        self._shown += [window for point in shown for window in point.windows]
        name = self.about.sides[side]
        return Voice(
            side,
            name,
            None if own_name == name else own_name,
            tuple(point.excerpt for point in shown),
            said_above=not shown and not points.silent,
        )

    def _debate(self, name: str) -> Debate:
        if name not in self._debates:
            raise ValueError(f"no debate is called {name!r}")
        return self._debates[name]

    def _query(self, bearing: Bearing, debate: Debate) -> Query:
        """Return what is looked for: the motion, or the option's query drawn towards it.

        In one language whichever the reader's is, so that all readers get the same excerpts.
        """
        language = self._advisor.snapshot.manifest.languages[0]
        motion = debate.motion.in_language(language)
        vector = self._advisor.encode(motion)
        if bearing.query is None:
            return Query(motion, language, vector)
        text = bearing.query.in_language(language)
        moved = self._advisor.encode(text) + MOTION_WEIGHT * vector
        return Query(text, language, moved / np.linalg.norm(moved))


def _room(points: Mapping[Side, Points]) -> int:
    """Return how many points each side may show: as many as the thinner one has, if both have."""
    heard: Sequence[int] = [len(one.new) for one in points.values() if one.new]
    return min(heard, default=0)
