"""Counts messages the way Telegram does against floods; off unless limits are given.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.playground.errors import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a bot may do, and how long it may take; None lifts a limit."""

    chat_per_s: float | None = None
    # Telegram tolerates short bursts; how long they may be is not published.
    chat_burst: int = 4
    overall_per_s: float | None = None
    group_per_min: float | None = None
    inline_query_expires_s: float = 10.0
    callback_query_expires_s: float = 15.0
    guest_query_expires_s: float = 60.0
    upload_bytes: int = 50_000_000
    download_bytes: int = 20_000_000

    @classmethod
    def telegram(cls) -> Self:
        """Return the limits of the public servers, as far as they are published."""
        return cls(chat_per_s=1.0, overall_per_s=30.0, group_per_min=20.0)


@dataclass(slots=True)
class _Bucket:
    """Fills at `per_s` up to `size`; a message takes one."""

    per_s: float
    size: float
    level: float
    at: float

    def fill(self, now: float) -> None:
        self.level = min(self.size, self.level + (now - self.at) * self.per_s)
        self.at = now

    @property
    def wait_s(self) -> float:
        return max(0.0, (1 - self.level) / self.per_s)


class Floods:
    """Refuses a message that comes too soon."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: dict[object, _Bucket] = {}

    def count(self, chat_id: int, *, group: bool) -> None:
        """Count one message to a chat.

        Raises:
            ApiError: 429 with `retry_after`; the message then does not count.

        """
        now = self._clock()
        buckets = self._filled(chat_id, now, group=group)
        wait_s = max((bucket.wait_s for bucket in buckets), default=0.0)
        if wait_s > 0:
            raise too_many_requests(max(1, math.ceil(wait_s)))
        for bucket in buckets:
            bucket.level -= 1

    def _filled(self, chat_id: int, now: float, *, group: bool) -> list[_Bucket]:
        limits = self._limits
        rates: list[tuple[object, float | None, float]] = [
            ("all", limits.overall_per_s, limits.overall_per_s or 0),
            (("chat", chat_id), limits.chat_per_s, limits.chat_burst),
        ]
        if group and limits.group_per_min:
            rates.append((("group", chat_id), limits.group_per_min / 60, limits.group_per_min))
        found = []
        for key, per_s, size in rates:
            if per_s is not None:
                bucket = self._buckets.setdefault(key, _Bucket(per_s, size, size, now))
                bucket.fill(now)
                found.append(bucket)
        return found
