"""Figures are told once they say something, in units that a person reads at a glance."""

from __future__ import annotations

import io

import pytest

from bot.meter import Meter
from bot.pace import Pace, Progressed


def test_a_rate_is_told_once_it_is_known() -> None:
    """Not in the first moments of a step, and anew with each step."""
    pace = Pace()
    assert pace.note("embed", 100, 1000, 50.0) == Progressed("100/1000")
    assert pace.note("embed", 120, 1000, 51.0) == Progressed("120/1000")
    assert pace.note("embed", 100, 1000, 55.0) == Progressed("100/1000")
    assert pace.note("embed", 140, 1000, 54.0) == Progressed("140/1000", "10", "86 s")
    assert pace.note("learn", 0, 20, 54.0) == Progressed("0/20")
    assert pace.note("learn", 10, 20, 54.5) == Progressed("10/20")


def test_a_step_without_a_count_tells_none() -> None:
    assert Pace().note("verify", 0, 0, 1.0) == Progressed()


def test_bytes_are_told_in_megabytes() -> None:
    """Less than one is not worth telling."""
    pace = Pace()
    assert pace.note("read", 0, 900_000, 0.0) == Progressed()
    assert pace.note("read", 0, 120_000_000, 1.0) == Progressed("0/120 MB")
    told = pace.note("read", 30_000_000, 120_000_000, 11.0)
    assert told == Progressed("30/120 MB", "3 MB", "33 s")


@pytest.mark.parametrize(
    ("total", "left"),
    [(21, "1 s"), (109, "89 s"), (140, "2 min"), (5_000, "83 min"), (9_020, "2 h")],
)
def test_a_long_rest_is_told_in_minutes_or_hours(total: int, left: str) -> None:
    pace = Pace()
    pace.note("embed", 0, total, 0.0)
    assert pace.note("embed", 20, total, 20.0).left == left


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_count_rate_and_rest_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most ten times a second; verifying ends it without a trace."""
    clock = iter([0.0, 5.0, 5.01, 6.0])
    terminal = _Terminal()
    monkeypatch.setattr("bot.meter.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr", terminal)
    show = Meter()
    show("embed", 0, 100)
    show("embed", 50, 100)
    show("embed", 51, 100)
    show("verify", 0, 0)
    assert terminal.getvalue().split("\r\033[K") == [
        "",
        "index: embedding 0/100",
        "index: embedding 50/100, 10 a second, 5 s left",
        "index: verifying",
        "",
    ]


def test_elsewhere_a_line_is_written_for_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    show = Meter()
    for done in range(3):
        show("embed", done, 2)
    show("verify", 0, 0)
    assert capsys.readouterr().err == "index: embedding\nindex: verifying\n"
