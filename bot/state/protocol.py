"""The two contracts: a store of small values, and an inbox of updates not yet answered.

Every implementation passes the same suite, `tests/bot/state/test_contract.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = None | bool | int | float | str | list[Any] | dict[str, Any]


class Store(Protocol):
    """Values by space and key; each may belong to a person, and may expire.

    A space is a kind of thing ("answers", "ticks"); keys are unique within it. Counters hold
    numbers that belong to nobody, and never expire. Keys are ordered by code points.

    Raises, in every method:
        StateError: The store cannot be used now; the message says what to do.
        ValueError: A value is no JSON, a key holds half a surrogate pair, or a lifetime or window
            is not above 0.
    """

    async def get(self, space: str, key: str) -> Json:
        """Return a value, `None` where there is none or it has expired."""

    async def put(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> None:
        """Keep a value, in place of what was there, its owner and its end."""

    async def add(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> bool:
        """Keep a value only where there is none; return whether it was kept. Atomic."""

    async def remove(self, space: str, key: str) -> bool:
        """Remove a value; return whether it was there."""

    async def entries(self, space: str, prefix: str = "") -> list[tuple[str, Json]]:
        """Return `(key, value)` of all keys that begin with `prefix`, ordered by key."""

    async def count(self, space: str, key: str, by: int = 1) -> int:
        """Add to a counter and return what it is now. Atomic."""

    async def counts(self, space: str, prefix: str = "") -> dict[str, int]:
        """Return the counters whose keys begin with `prefix`, ordered by key."""

    async def hit(self, key: str, window_s: float) -> int:
        """Count one event of a key; return how many its current window has, this one included.

        A window opens with the first event and lasts `window_s`. It survives no restart.
        """

    async def forget(self, owner: int) -> int:
        """Remove every value of a person; return how many there were."""

    async def close(self) -> None:
        """Let go of files and connections."""


class Stage(IntEnum):
    """How far an update got before its process ended."""

    NEW = 0
    SENDING = 1
    """An answer was being sent: it may or may not have arrived."""
    SENT = 2
    """An answer has arrived; what might remain is not repeated."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came, and the line (a chat, a person) within which order is kept."""

    update_id: int
    line: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """An update that one consumer holds; `attempts` counts this one."""

    update_id: int
    line: str
    payload: dict[str, Any]
    stage: Stage
    attempts: int


class Inbox(Protocol):
    """Updates between their arrival and their answer. None is lost, none is held by two.

    A consumer's name is its own: two processes never use the same.

    A consumer that dies holds its claims until their lease ends; then others may have them. What
    is finished is remembered by number for a day, so that a second delivery changes nothing; its
    payload is gone at once.

    Raises, in every method:
        StateError: The inbox cannot be used now; the message says what to do.
    """

    async def receive(self, arrivals: Sequence[Arrival]) -> int:
        """Keep updates, durably once this returns; return how many were not known before."""

    async def claim(self, consumer: str, limit: int, lease_s: float) -> list[Claim]:
        """Hold up to `limit` updates, oldest first: of each line only the first unfinished one.

        A line of which an update is held, by whomever, gives none until it is finished. What a
        cancelled call held is given back by `release`, or when its lease ends.
        """

    async def renew(self, consumer: str, lease_s: float) -> None:
        """Extend the lease of all that `claim` returned to a consumer and no other has taken."""

    async def mark(self, update_id: int, stage: Stage) -> None:
        """Note how far an update got, durably once this returns; nothing if it is finished."""

    async def finish(self, update_id: int) -> None:
        """Forget an update's payload and let its line go on, durably once this returns."""

    async def release(self, consumer: str) -> int:
        """Give back all that a consumer holds, at its end; return how many."""

    async def waiting(self) -> int:
        """Return how many updates are not finished."""

    async def changed(self, timeout_s: float) -> None:
        """Return when something may have become claimable, or after `timeout_s`."""

    async def close(self) -> None:
        """Let go of files and connections."""
