"""How many events each key has had in its current window, in memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.state.values import checked_lifetime

if TYPE_CHECKING:
    from collections.abc import Callable

_LIMIT = 10_000


class Windows:
    """Fixed windows that open with the first event of a key.

    At most `limit` keys are kept: then ended windows go, and if there are none, the oldest.
    """

    def __init__(
        self, limit: int = _LIMIT, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._now = monotonic_s
        self._windows: dict[str, tuple[float, int]] = {}

    def hit(self, key: str, window_s: float) -> int:
        """Count one event; return how many the key's window has, this one included."""
        now = self._now()
        end, hits = self._windows.get(key, (now, 0))
        if end <= now:
            self._windows.pop(key, None)
            self._make_room(now)
            end, hits = now + checked_lifetime(window_s), 0
        self._windows[key] = (end, hits + 1)
        return hits + 1

    def __len__(self) -> int:
        return len(self._windows)

    def _make_room(self, now: float) -> None:
        if len(self._windows) < self._limit:
            return
        alive = {key: window for key, window in self._windows.items() if window[0] > now}
        # A quarter goes at once, so that the next events of new keys need not look again.
        surplus = max(0, len(alive) - self._limit * 3 // 4)
        self._windows = dict(list(alive.items())[surplus:])
