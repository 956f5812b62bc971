"""Shows a build's progress on standard error, in place where that is a terminal."""

from __future__ import annotations

import sys
import time

from bot.pace import Pace

_STAGES = {
    "read": "reading documents",
    "embed": "embedding",
    "learn": "learning questions",
    "suggest": "suggesting sides",
    "write": "writing",
    "verify": "verifying",
}
_SHOWN_EVERY_S = 0.1
_CLEAR = "\r\033[K"


class Meter:
    """One line in a terminal; elsewhere a line for each step."""

    def __init__(self) -> None:
        self._stage = ""
        self._shown_s = float("-inf")
        self._pace = Pace()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show a step."""
        now_s = time.monotonic()
        told = self._pace.note(stage, done, total, now_s)
        changed = stage != self._stage
        self._stage = stage
        if not sys.stderr.isatty():
            if changed:
                sys.stderr.write(f"index: {_STAGES[stage]}\n")
                sys.stderr.flush()
            return
        if not changed and done < total and now_s - self._shown_s < _SHOWN_EVERY_S:
            return
        self._shown_s = now_s
        speed = f", {told.rate} a second, {told.left} left" if told.rate else ""
        line = f"{_CLEAR}index: {_STAGES[stage]} {told.count}".rstrip() + speed
        sys.stderr.write(line if stage != "verify" else f"{line}{_CLEAR}")
        sys.stderr.flush()
