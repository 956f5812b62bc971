"""Which updates `claim` has handed to which consumer, in this process.

A claim that was made but never came back to its caller (cancelled, or its connection cut) is not
among them: its lease is not renewed, so that it ends, and the update is not lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.state.protocol import Claim


class Handed:
    """Numbers of updates by consumer."""

    def __init__(self) -> None:
        self._updates: dict[str, set[int]] = {}

    def add(self, consumer: str, claims: Iterable[Claim]) -> None:
        """Note what a consumer has been given."""
        given = {claim.update_id for claim in claims}
        if given:
            self._updates.setdefault(consumer, set()).update(given)

    def to(self, consumer: str) -> list[int]:
        """Return what a consumer has been given and has not finished."""
        return sorted(self._updates.get(consumer, ()))

    def discard(self, update_ids: Iterable[int]) -> None:
        """Note what is finished, whoever had it."""
        done = set(update_ids)
        kept = {consumer: updates - done for consumer, updates in self._updates.items()}
        self._updates = {consumer: updates for consumer, updates in kept.items() if updates}

    def drop(self, consumer: str) -> None:
        """Note that a consumer has given back all."""
        self._updates.pop(consumer, None)
