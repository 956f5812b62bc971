"""Measures a cold `ask` in a terminal: from the start of the process to the answer on the screen.

    .venv/bin/python benchmarks/cold_start.py [--data FOLDER] [--times N] [--imports]

The index is built before (in FOLDER, if it is not there yet), so that only starting and answering
count. Beside the wall clock it tells the processor's time, which other work on the machine changes
less. `--imports` tells which modules take longest to import; it records nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import ROOT
from recording import record, say, show

QUESTION = "Sollen wir die sozialen Medien verlassen?"
_LIMIT_S = 4.0
_HEADER = ("fastest", "median", "slowest")
_SHOWN = 15
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")
_SEVERAL = 10_000
"""Microseconds from which on a module is worth a line."""


def main() -> None:
    """Build if need be, measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="a folder for the index of the seeds")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--imports", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder)
        environment = os.environ | {
            "AUDIATUR_DATA": str(data), "AUDIATUR_CORPUS": str(ROOT / "seeds"),
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        _run(environment, "ask", QUESTION)  # builds what is not there yet
        if options.imports:
            _show_imports(environment)
            return
        runs = [_timed(environment) for _ in range(options.times)]
    rows = [
        {"cold ask, s": name} | dict(zip(_HEADER, _summary(list(seconds)), strict=True))
        for name, seconds in zip(
            ("by the clock", "of processors"), zip(*runs, strict=True), strict=True
        )
    ]
    show(list(rows[0]), [list(row.values()) for row in rows])
    fastest = min(wall for wall, _cpu in runs)
    load = os.getloadavg()[0]
    say(f"fastest / {_LIMIT_S:.0f} s wanted: {fastest / _LIMIT_S:.2f}; load {load:.1f}")
    content = {"question": QUESTION, "times": options.times, "rows": rows, "brief": rows}
    record("cold start", content)


def _timed(environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds by the clock and of processors that one question takes."""
    began, before = time.perf_counter(), os.times()
    _run(environment, "ask", QUESTION)
    after = os.times()
    spent = after.children_user + after.children_system
    return (
        time.perf_counter() - began,
        spent - before.children_user - before.children_system,
    )


def _run(environment: dict[str, str], *arguments: str, flags: tuple[str, ...] = ()) -> str:
    command = [sys.executable, *flags, "-m", "bot", *arguments]
    done = subprocess.run(  # noqa: S603 - our own program
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stderr


def _show_imports(environment: dict[str, str]) -> None:
    said = _run(environment, "ask", QUESTION, flags=("-X", "importtime"))
    found = [(int(alone), name.partition(".")[0]) for alone, _all, name in _IMPORT.findall(said)]
    totals: dict[str, int] = {}
    for microseconds, package in found:
        totals[package] = totals.get(package, 0) + microseconds
    slowest = sorted(totals.items(), key=lambda item: -item[1])[:_SHOWN]
    show(
        ("package", "ms to import"),
        [(name, took // 1000) for name, took in slowest if took >= _SEVERAL],
    )


def _summary(seconds: list[float]) -> tuple[float, float, float]:
    return (
        round(min(seconds), 2),
        round(statistics.median(seconds), 2),
        round(max(seconds), 2),
    )


if __name__ == "__main__":
    main()
