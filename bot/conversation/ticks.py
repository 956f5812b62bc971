"""Which steps of a guide a person has ticked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.state.protocol import Store

_SPACE = "ticks"


class Ticks:
    """Ticks per person and guide; they stay until they are taken back or forgotten."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, person: int, guide: str) -> frozenset[str]:
        """Return the ids of the steps that a person has done."""
        value = await self._store.get(_SPACE, f"{person}:{guide}")
        return frozenset(map(str, value)) if isinstance(value, list) else frozenset()

    async def exchange(self, person: int, guide: str, step: str) -> frozenset[str]:
        """Tick a step off, or open it again; return what is done now."""
        done = await self.of(person, guide) ^ {step}
        await self._store.put(_SPACE, f"{person}:{guide}", sorted(done), owner=person)
        return done
