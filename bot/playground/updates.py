"""Keeps updates until the bot confirms them, and hands them out by long polling.

Source: https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.bell import Bell
from bot.playground.errors import bad_request, conflict
from bot.playground.schema.description import bot_api

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_UPDATE_ID = 700_001
MAX_UPDATES = 100

# Must be asked for by name; everything else arrives by default.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates in order, each kept until one with a higher number is asked for."""

    def __init__(self, first_id: int = FIRST_UPDATE_ID) -> None:
        self._kinds = bot_api().enums["UpdateType"]
        self._pending: list[dict[str, Any]] = []
        self._next_id = first_id
        self._bell = Bell()
        self._turn = 0
        self._closed = False
        # Whether anybody has come for updates yet.
        self.wanted = False
        self.allowed = self._kinds - ON_REQUEST
        self.asked_for: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._pending)

    def allow(self, kinds: Sequence[str]) -> None:
        """Set the kinds to queue from now on; none at all means the default set."""
        unknown = sorted(set(kinds) - self._kinds)
        if unknown:
            raise bad_request(f"unknown update types in allowed_updates: {', '.join(unknown)}")
        self.asked_for = tuple(kinds)
        self.allowed = frozenset(kinds) or self._kinds - ON_REQUEST

    def push(self, kind: str, payload: dict[str, Any]) -> bool:
        """Queue an update; return False where the bot did not ask for its kind."""
        if kind not in self.allowed:
            return False
        self.push_raw({kind: payload})
        return True

    def push_raw(self, update: dict[str, Any]) -> int:
        """Queue an update as it stands, sensible or not; return its number."""
        update_id = update.get("update_id", self._next_id)
        self._next_id = max(self._next_id, update_id) + 1
        self._pending.append({"update_id": update_id} | update)
        self._bell.ring()
        return int(update_id)

    def forget(self, offset: int) -> None:
        """Drop what an offset confirms: all before it, or all but the last `-offset`."""
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset > 0:
            self._pending = [one for one in self._pending if one["update_id"] >= offset]
        self._bell.ring()

    def clear(self) -> None:
        """Drop everything that waits."""
        self._pending.clear()
        self._bell.ring()

    def close(self) -> None:
        """Let everyone who waits go, with what there is."""
        self._closed = True
        self._bell.ring()

    async def first(self) -> dict[str, Any] | None:
        """Return the oldest update as soon as there is one; None once closed."""
        await self._bell.until(lambda: bool(self._pending) or self._closed, None)
        return self._pending[0] if self._pending else None

    async def poll(self, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """Return up to `limit` updates, waiting up to `timeout_s` for the first.

        Raises:
            ApiError: 409 if another poll begins meanwhile; the later one goes on.

        """
        self._turn += 1
        self.wanted = True
        turn = self._turn
        self._bell.ring()
        if timeout_s > 0:
            await self._wait(turn, timeout_s)
        if turn != self._turn:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return self._pending[:limit]

    async def drained(self, timeout_s: float) -> None:
        """Return once the bot has confirmed every update."""
        await self._bell.until(lambda: not self._pending, timeout_s)

    async def _wait(self, turn: int, timeout_s: float) -> None:
        def over() -> bool:
            return bool(self._pending) or self._turn != turn or self._closed

        try:
            await self._bell.until(over, timeout_s)
        except TimeoutError:
            return
