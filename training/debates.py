"""Reads `training/debates/`: motions of many debates, with texts and questions of either side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "debates"
KEPT_BACK = "kept_back.jsonl"
"""Debates with questions that are reported on; nothing is trained on them."""


@dataclass(frozen=True, slots=True)
class TrainingDebate:
    """A motion, its opposite, texts on either side or neither, and questions asking for a side.

    Only those of `asked_*.jsonl` have an opposite and questions.
    """

    motion: str
    opposite: str
    texts_for: tuple[str, ...]
    texts_against: tuple[str, ...]
    neither: tuple[str, ...]
    asks_for: tuple[str, ...]
    asks_against: tuple[str, ...]


def read_debates(path: Path) -> list[TrainingDebate]:
    """Return the debates of one file, one a line."""
    return [_debate(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def debates_like(pattern: str) -> list[TrainingDebate]:
    """Return the debates of all files whose names match."""
    return [debate for path in sorted(FOLDER.glob(pattern)) for debate in read_debates(path)]


def asked_debates() -> tuple[list[TrainingDebate], list[TrainingDebate]]:
    """Return the debates with questions: those to train on, and those that are kept back."""
    return debates_like("asked_*.jsonl"), debates_like(KEPT_BACK)


def _debate(entry: dict[str, Any]) -> TrainingDebate:
    return TrainingDebate(
        entry["motion"],
        entry.get("opposite", ""),
        *(tuple(entry[name]) for name in ("for", "against", "neither")),
        *(tuple(entry.get(name, ())) for name in ("asks_for", "asks_against")),
    )
