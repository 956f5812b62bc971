"""What a person asked last, for as long as a follow-up may refer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.state.protocol import Store

_SPACE = "asked"


class Memory:
    """The last question of each person in each chat, forgotten after a short window."""

    def __init__(self, store: Store, window_s: float) -> None:
        self._store = store
        self._window_s = window_s

    async def last(self, chat: int, person: int, thread: int | None = None) -> str | None:
        """Return what a follow-up would refer to, `None` where nothing was asked lately."""
        value = await self._store.get(_SPACE, _key(chat, person, thread))
        return value if isinstance(value, str) else None

    async def note(self, chat: int, person: int, thread: int | None, context: str) -> None:
        """Remember what was asked just now."""
        key = _key(chat, person, thread)
        await self._store.put(_SPACE, key, context, owner=person, lifetime_s=self._window_s)

    async def clear(self, chat: int, person: int, thread: int | None = None) -> bool:
        """Start afresh; return whether there was anything to forget."""
        return await self._store.remove(_SPACE, _key(chat, person, thread))


def _key(chat: int, person: int, thread: int | None) -> str:
    return f"{chat}:{person}:{thread or 0}"
