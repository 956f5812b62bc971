"""What a corpus says on each side for just somebody's circumstances; no verdict is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.answering.advice import Excerpt
    from index.answering.advisor import Advisor
    from index.debates.records import Debate, Localised, Side
    from index.guides.records import Interview, Option, Question

PER_SIDE = 2


@dataclass(frozen=True, slots=True)
class Voice:
    """What speaks for one side of the interview's debate; nothing means: no such voice.

    Where the excerpts are of another debate, `own_name` is what that one calls its side.
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
    where both have a voice, and nothing is shown twice.

    Raises:
        ValueError: The interview has no such question, option or debate; it may have changed.
    """
    raise NotImplementedError
