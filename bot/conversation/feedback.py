"""Verdicts on excerpts: counted for the admins, and taken back when a person wants to be forgotten.

Counts know no person; beside them stands who judged what, so that nobody is counted twice.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.state.protocol import Store

_SPACE = "verdicts"
_DAY_S = 86_400.0


class Verdict(StrEnum):
    """What a reader says of an answer, or of one excerpt."""

    HELPFUL = "helpful"
    WRONG_SIDE = "wrong-side"
    OFF_TOPIC = "off-topic"
    CHOSEN = "chosen"


class Feedback:
    """The verdicts of all people; `count` adds to the statistics."""

    def __init__(
        self, store: Store, keep_days: int, count: Callable[[str, int], Awaitable[None]]
    ) -> None:
        self._store = store
        self._lifetime_s = keep_days * _DAY_S
        self._count = count

    async def note(self, answer: str, excerpt: int | None, person: int, verdict: Verdict) -> bool:
        """Count a verdict in place of the person's earlier one on the same; return if it is new."""
        key = f"{answer}:{'whole' if excerpt is None else excerpt}:{person}"
        before = await self._store.get(_SPACE, key)
        if before == verdict.value:
            return False
        await self._store.put(_SPACE, key, verdict.value, owner=person, lifetime_s=self._lifetime_s)
        if isinstance(before, str):
            await self._count(before, -1)
        await self._count(verdict.value, 1)
        return True
