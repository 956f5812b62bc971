"""Fits how a debate's own labels are learned from: the settings of `LearnedStance`.

    .venv/bin/python training/learned.py

On the motions of `index/stance/calibration.jsonl`, four and eight texts a side are taken as labels
and the others are judged. Of a small grid, the settings under which the right answers are likeliest
are taken; then temperature and threshold, as for any stance model. `evals/stance.jsonl` reports.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.loading import load_encoder
from index.evaluation.jsonl import read_lines
from index.evaluation.stance import SHOTS, Judged, judge_learned, read_motion
from index.stance.bundled import CALIBRATION, load_bundled_stance
from index.stance.cache import CachedStance
from index.stance.calibration import calibrate, softmax
from index.stance.learned import LearnedSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

ROOT = Path(__file__).resolve().parent.parent
BASES = (0.1, 0.2, 0.4, 0.8)
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)


def main() -> None:
    """Fit, print and write the settings."""
    motions = read_lines(ROOT / "index/stance/calibration.jsonl", read_motion)
    model = CachedStance(load_bundled_stance(), ROOT / "data/stances.sqlite")
    encoder = load_encoder()
    kept: dict[str, Vectors] = {}

    def encode(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        if new:
            kept.update(zip(new, encoder.encode_passages(new), strict=True))
        return np.stack([kept[text] for text in texts])

    def logits(base: float, strength: float) -> tuple[Vectors, NDArray[np.int64]]:
        settings = LearnedSettings(base, strength, 1.0, 1.0)
        judged: list[Judged] = []
        for shots in SHOTS:
            judged += judge_learned(model, encode, motions, shots, settings)
        shares = np.concatenate([one.shares for one in judged])
        columns = np.concatenate([one.columns for one in judged])
        return np.log(np.maximum(shares, np.float32(1e-6))), columns

    best: tuple[float, LearnedSettings] = (np.inf, LearnedSettings(1.0, 1.0, 1.0, 1.0))
    for base, strength in itertools.product(BASES, STRENGTHS):
        scores, columns = logits(base, strength)
        calibration = calibrate(scores, columns)
        shares = softmax(scores / np.float32(calibration.temperature))
        loss = -np.log(np.maximum(shares[np.arange(len(columns)), columns], 1e-9)).mean()
        placed = (shares[:, :2].max(axis=1) >= calibration.certain).mean()
        print(f"base {base}, strength {strength}: loss {loss:.4f}, placed {placed:.3f}")
        if loss < best[0]:
            best = (
                loss,
                LearnedSettings(base, strength, calibration.temperature, calibration.certain),
            )
    write(best[1])


def write(settings: LearnedSettings) -> None:
    """Replace the learned part of the calibration file."""
    path = ROOT / "index/stance" / CALIBRATION
    before, _found, _rest = path.read_text(encoding="utf-8").partition("[learned]")
    path.write_text(
        f"{before}[learned]\nbase = {settings.base}\nstrength = {settings.strength}\n"
        f"temperature = {settings.temperature:.4f}\ncertain = {settings.certain:.4f}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
