"""The health check believes a bot that Telegram has answered a moment ago."""

from __future__ import annotations

import os
import runpy
import time
from typing import TYPE_CHECKING

import pytest

from bot.heartbeat import Heartbeat

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


def test_no_beat_is_no_life(tmp_path: Path) -> None:
    """Nor does the folder have to exist."""
    assert not Heartbeat(tmp_path).is_fresh()
    assert not Heartbeat(tmp_path / "nowhere").is_fresh()


def test_a_beat_lasts_two_minutes(tmp_path: Path) -> None:
    """An older one does not count, and a new one makes up for it."""
    heart = Heartbeat(tmp_path)
    heart.beat()
    assert heart.is_fresh()
    old = time.time() - 121
    os.utime(tmp_path / "heartbeat", (old, old))
    assert not heart.is_fresh()
    heart.beat()
    assert heart.is_fresh()


@pytest.mark.filterwarnings("ignore:'bot.heartbeat' found in sys.modules")
def test_the_health_check_exits_accordingly(
    settings: Settings, environment: pytest.MonkeyPatch
) -> None:
    """With 1 before the first beat and 0 after it, in the data folder of the environment."""
    environment.setenv("BOT_TOKEN", "42:TEST")
    assert _checked() == 1
    Heartbeat(settings.data).beat()
    assert _checked() == 0


def _checked() -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("bot.heartbeat", run_name="__main__")
    return ended.value.code
