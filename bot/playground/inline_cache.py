"""Keeps inline answers as Telegram does, so that a wrong `is_personal` shows.

Source: https://core.telegram.org/bots/api#answerinlinequery
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.answers import InlineAnswer

# Whose answer it is (None: everyone's), the query and the offset.
Key = tuple[int | None, str, str]


class InlineCache:
    """Answers by query, for everyone unless they are personal, for `cache_time` seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[Key, tuple[float, InlineAnswer]] = {}

    def find(self, user_id: int, query: str, offset: str) -> InlineAnswer | None:
        """Return an answer that is still fresh."""
        for owner in (user_id, None):
            until, answer = self._kept.get((owner, query, offset), (0.0, None))
            if answer and self._clock() < until:
                return answer
        return None

    def keep(self, user_id: int, query: str, offset: str, answer: InlineAnswer) -> None:
        """Keep an answer for as long as the bot allowed."""
        owner = user_id if answer.is_personal else None
        until = self._clock() + answer.cache_time
        now = self._clock()
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        self._kept[owner, query, offset] = until, answer
