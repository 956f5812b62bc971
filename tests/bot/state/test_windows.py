"""Windows in memory."""

from __future__ import annotations

from bot.state.windows import Windows


def test_memory_is_bounded() -> None:
    """However many keys come, no more than the limit are kept; the newest are among them."""
    now = 0.0
    windows = Windows(limit=100, monotonic_s=lambda: now)
    for number in range(1000):
        windows.hit(str(number), 60)
        assert len(windows) <= 100
    assert windows.hit("999", 60) == 2


def test_ended_windows_go_first() -> None:
    """Room is made by what has ended; a window that goes on keeps its hits."""
    now = 0.0
    windows = Windows(limit=10, monotonic_s=lambda: now)
    windows.hit("long", 1000)
    for number in range(9):
        windows.hit(str(number), 1)
    now = 2.0
    windows.hit("new", 1)
    assert windows.hit("long", 1000) == 2
    assert len(windows) == 2
