"""Which way an answer's sides stand: yes to the motion first, or exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.debates.records import Side
from index.questions.reading import Polarity

if TYPE_CHECKING:
    from index.answering.advice import Advice
    from index.debates.loading import Agenda
    from index.debates.records import Debate


def orientation(advice: Advice, agenda: Agenda, debate: str) -> Polarity | None:
    """Return how an answer stands to a debate; `None` where it shows no sides of that debate.

    A debate's relatives are asked the same way: who is for leaving at all is for leaving as a B2B
    firm.

    Raises:
        ValueError: The agenda knows no such debate.
    """
    expected = next((one for one in agenda.debates if one.id == debate), None)
    if expected is None:
        raise ValueError(f"no debate is called {debate!r}; see seeds/debates")
    shown = advice.debate
    if not shown or not advice.sides or not _related(shown, expected):
        return None
    as_motion = advice.sides[0].label == shown.sides[Side.YES]
    return Polarity.AS_MOTION if as_motion else Polarity.REVERSED


def _related(one: Debate, other: Debate) -> bool:
    return one.id == other.id or one.id in other.inherits or other.id in one.inherits
