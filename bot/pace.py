"""How far a build is, how fast it goes on and how long it will take, in figures and units."""

from __future__ import annotations

from dataclasses import dataclass

RATE_AFTER_S = 2.0
"""A rate measured over a shorter time says little."""
_BYTES = "read"
"""The stage that counts bytes; they are told in MB."""
_MB = 1_000_000
_MINUTE_S, _HOUR_S = 60, 3600
_COARSER = 1.5
"""From so many of a unit of time on it is used: 90 s are 2 min."""


@dataclass(frozen=True, slots=True)
class Progressed:
    """What can be told of a step, each empty where there is nothing to tell.

    `count` is "200/1000" or "3/120 MB", `rate` "20" or "5 MB" a second, `left` "40 s" or "3 min".
    """

    count: str = ""
    rate: str = ""
    left: str = ""


@dataclass(slots=True)
class Pace:
    """Measures the step under way, anew with each step."""

    stage: str = ""
    since_s: float = 0.0
    first: int = 0

    def note(self, stage: str, done: int, total: int, now_s: float) -> Progressed:
        """Take note of how far the step is, and return what can be told of it."""
        if stage != self.stage or done < self.first:
            self.stage, self.since_s, self.first = stage, now_s, done
        unit, size = (" MB", _MB) if stage == _BYTES else ("", 1)
        if total < size:
            return Progressed()
        count = f"{done // size}/{total // size}{unit}"
        took_s = now_s - self.since_s
        if took_s < RATE_AFTER_S or done <= self.first:
            return Progressed(count)
        per_second = (done - self.first) / took_s
        rate = f"{max(1, round(per_second / size))}{unit}"
        return Progressed(count, rate, _spoken((total - done) / per_second))


def _spoken(left_s: float) -> str:
    if left_s >= _COARSER * _HOUR_S:
        return f"{round(left_s / _HOUR_S)} h"
    if left_s >= _COARSER * _MINUTE_S:
        return f"{round(left_s / _MINUTE_S)} min"
    return f"{max(0, round(left_s))} s"
