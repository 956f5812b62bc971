"""A file touched whenever Telegram has answered; `python -m bot.heartbeat` is the health check."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from bot.settings import settings_from

if TYPE_CHECKING:
    from pathlib import Path

_FRESH_S = 120.0


class Heartbeat:
    """The heartbeat of the bot that uses a data folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "heartbeat"

    def beat(self) -> None:
        """Note that the bot is alive."""
        self._path.touch()

    def is_fresh(self) -> bool:
        """Tell whether the bot was alive a moment ago."""
        try:
            return time.time() - self._path.stat().st_mtime < _FRESH_S
        except OSError:
            return False


if __name__ == "__main__":
    sys.exit(0 if Heartbeat(settings_from(os.environ).data).is_fresh() else 1)
