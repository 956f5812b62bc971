"""How much two answers show of the same places, and whether they are answers of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.answering.advice import Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.answering.advice import Advice, Excerpt

_EXCHANGED = {Stance.YES: Stance.NO, Stance.NO: Stance.YES}


def overlap(one: Iterable[Excerpt], other: Iterable[Excerpt]) -> float | None:
    """Return the Jaccard index of the code points that both show; `None` where neither shows any.

    Places count and not strings, so a window that is shifted by a sentence still counts for what
    it shares.
    """
    first, second = _code_points(one), _code_points(other)
    shown = len(first | second)
    return len(first & second) / shown if shown else None


def overlaps(base: Advice, other: Advice, *, exchanged: bool = False) -> Iterator[float]:
    """Yield how much `other` shows of what `base` does, side by side.

    With `exchanged`, yes in one is compared with no in the other. Where neither answer has sides,
    their background is compared. A side that is empty in both yields nothing: agreeing on silence
    would flatter.
    """
    if not base.sides and not other.sides:
        pairs = [(base.background, other.background)]
    else:
        pairs = [
            (_side(base, stance), _side(other, _EXCHANGED[stance] if exchanged else stance))
            for stance in Stance
        ]
    for one, two in pairs:
        shared = overlap(one, two)
        if shared is not None:
            yield shared


def answered_alike(base: Advice, other: Advice) -> bool:
    """Tell whether both are silent, or background on one topic, or two sides of one debate."""
    return _kind(base) == _kind(other)


def _kind(advice: Advice) -> tuple[bool, bool, str | None, str | None]:
    debate = advice.debate.id if advice.debate else None
    topic = advice.topic.id if advice.topic else None
    return advice.answered, bool(advice.sides), debate, topic


def _side(advice: Advice, stance: Stance) -> tuple[Excerpt, ...]:
    return next((side.excerpts for side in advice.sides if side.stance is stance), ())


def _code_points(excerpts: Iterable[Excerpt]) -> set[tuple[str, int]]:
    return {
        (excerpt.document, place)
        for excerpt in excerpts
        for place in range(excerpt.start, excerpt.end)
    }
