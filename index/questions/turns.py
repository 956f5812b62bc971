"""Writes what a conversation has come to as one string, for whoever keeps it until the next turn.

A plain question is such a string too. Turns are kept apart by characters that no question holds,
since white space is folded; a turn may name the debate that it was answered in, and which way.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.questions.reading import Polarity

_BETWEEN_TURNS = "\x1e"
_WITHIN_A_TURN = "\x1f"
_ASKED = {"as-motion": Polarity.AS_MOTION, "reversed": Polarity.REVERSED}


@dataclass(frozen=True, slots=True)
class Said:
    """One question of a conversation, with the debate that answered it, if one did."""

    text: str
    debate: str | None = None
    polarity: Polarity | None = None


def read_turns(text: str) -> tuple[Said, ...]:
    """Return what was said, first to last; nothing for an empty string."""
    turns = (_read(part) for part in text.split(_BETWEEN_TURNS))
    return tuple(turn for turn in turns if turn.text)


def write_turns(turns: tuple[Said, ...]) -> str:
    """Return the turns as one string: the first, the last that was answered in a debate, the last.

    Others change nothing any more, and a conversation stays short however long it lasts.
    """
    settled = [at for at, turn in enumerate(turns) if turn.debate]
    kept = {0, len(turns) - 1, *settled[-1:]}
    return _BETWEEN_TURNS.join(_written(turn) for at, turn in enumerate(turns) if at in kept)


def plain(text: str) -> str:
    """Return the questions in such a string as people wrote them, one after the other."""
    return " ".join(turn.text for turn in read_turns(text))


def _read(part: str) -> Said:
    text, *answered = part.split(_WITHIN_A_TURN)
    text = " ".join(text.split())
    if len(answered) == len(("debate", "polarity")) and answered[1] in _ASKED:
        return Said(text, answered[0], _ASKED[answered[1]])
    return Said(text)


def _written(turn: Said) -> str:
    text = " ".join(turn.text.split())
    if turn.debate is None or turn.polarity is None:
        return text
    name = next(name for name, polarity in _ASKED.items() if polarity is turn.polarity)
    return _WITHIN_A_TURN.join((text, turn.debate, name))
