"""Draws what is a curve rather than a table: `docs/accuracy-coverage.svg`, from `results.json`.

.venv/bin/python evals/plots.py
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

from index.evaluation.stance import CURVE

ROOT = Path(__file__).resolve().parent.parent
PRECISION = 0.85


def main() -> None:
    """Draw accuracy against coverage, a line for each way to place texts on sides."""
    results = json.loads((ROOT / "evals/results.json").read_text(encoding="utf-8"))
    lines = found(results["stance"], CURVE)
    mpl.rcParams["svg.hashsalt"] = "audiatur"  # the same figures, the same file
    figure, axes = plt.subplots(figsize=(7, 4))
    for name, points in lines.items():
        shares = [float(share) for share in points]
        accuracies = [float(accuracy) for accuracy in points.values()]
        axes.plot(shares, accuracies, label=name, linestyle="--" if "indirect" in name else "-")
    axes.axhline(PRECISION, color="grey", linewidth=0.8)
    axes.set(xlabel="share of texts placed, the most certain first", ylabel="on the right side")
    axes.set(xlim=(0, 1), ylim=(0.4, 1.0))
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(ROOT / "docs/accuracy-coverage.svg", metadata={"Date": None})


def found(part: object, title: str) -> dict[str, dict[str, str]]:
    """Return the rows of the table called `title`, wherever it stands in a part.

    Raises:
        ValueError: There is none.
    """
    if isinstance(part, dict):
        if title in part:
            rows: dict[str, dict[str, str]] = part[title]
            return rows
        for value in part.values():
            try:
                return found(value, title)
            except ValueError:
                continue
    raise ValueError(f"results.json has no table {title!r}; run audiatur eval")


if __name__ == "__main__":
    main()
