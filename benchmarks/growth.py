"""What a search costs in a corpus of 1,000 to 1,000,000 passages, as a plot.

    .venv/bin/python benchmarks/growth.py [--counts 1000 ... 1000000]

Takes the stores that `engine.py` has built, and builds those that are not there. The vectors, the
queries and the filters are the same. Drawn is the time of the processor, half of the searches
being faster: other work on the machine does not change it much. Writes `docs/growth.svg`.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import lifelike
import matplotlib as mpl
from engine import LIMIT, filters_of, timed
from engines import ENGINES, build
from matplotlib.figure import Figure
from processes import ROOT
from recording import record, say, show

if TYPE_CHECKING:
    from pathlib import Path

    from lifelike import Lifelike

COUNTS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PLOT = ROOT / "docs/growth.svg"
_STYLES = {"no filter": "-", "half": "--", "1 %": ":"}
_COLOURS = ("0.6", "C0", "C1", "C2")


def main() -> None:
    """Measure, print, record, draw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--counts", nargs="+", type=int, default=list(COUNTS))
    options = parser.parse_args()
    made = lifelike.load()
    lines: list[dict[str, Any]] = []
    for count in options.counts:
        for name in options.engines:
            lines.append(_line(name, count, made))
            say(str(lines[-1]))
    show(list(lines[0]), [list(line.values()) for line in lines])
    record("growth", {"limit": LIMIT, "unit": "ms of the processor, p50", "rows": lines})
    draw(lines, PLOT)


def _line(name: str, count: int, made: Lifelike) -> dict[str, object]:
    engine = ENGINES[name]
    with engine.serving():
        if not engine.size_bytes(count):
            build(name, count, made)
        store = engine.open(count)
        timings = {
            key: timed(store, made.questions, among, cpu_s=engine.cpu_s)[0]
            for key, among in filters_of(count).items()
        }
    spent = {key: round(timing.cpu_p50_ms, 3) for key, timing in timings.items()}
    return {"engine": name, "passages": count} | spent


def draw(lines: list[dict[str, Any]], path: Path) -> None:
    """Draw cost against size, both by powers of ten."""
    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for colour, name in zip(
        _COLOURS, dict.fromkeys(line["engine"] for line in lines), strict=False
    ):
        own = [line for line in lines if line["engine"] == name]
        for key, style in _STYLES.items():
            axes.plot(
                [line["passages"] for line in own],
                [line[key] for line in own],
                style,
                color=colour,
                marker=".",
                label=f"{name}, {key}",
            )
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms of one core for a search")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
