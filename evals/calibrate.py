"""Fits the weights that decide whether a question is covered, and prints how well they do.

    .venv/bin/python evals/calibrate.py

Reads `questions.calibration.jsonl` only; `questions.test.jsonl` is kept for reporting. Writes
`index/questions/scope.toml`. The printed rates are cross-validated.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from index.answering.advisor import Advisor
from index.encoding.adapter import load_polarity_encoder
from index.encoding.loading import load_encoder
from index.evaluation.questions import read_questions
from index.storage.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
HEADER = (ROOT / "index/questions/scope.toml").read_text(encoding="utf-8").split("[", 1)[0]
NAMES = ("subject", "passage", "sentence")


def main(data: Path) -> None:
    """Fit both sets of weights on the calibration questions and write them."""
    advisor = Advisor(Shelf(data).open_current(), load_encoder(), load_polarity_encoder())
    questions = read_questions(ROOT / "evals/questions.calibration.jsonl")
    covered = np.array([question.answerable for question in questions])
    evidence = [advisor.evidence(question.question) for question in questions]
    rows = np.array([[one.subject or 0.0, one.passage, one.sentence] for one in evidence])
    parts = {
        "with-subjects": _fit(rows, covered, NAMES),
        "documents-only": _fit(rows[:, 1:], covered, NAMES[1:]),
    }
    text = HEADER + "\n".join(f"[{name}]\n{weights}" for name, weights in parts.items())
    (ROOT / "index/questions/scope.toml").write_text(text, encoding="utf-8")


def _fit(rows: np.ndarray, covered: np.ndarray, names: tuple[str, ...]) -> str:
    model = LogisticRegression(C=1.0)
    guessed = cross_val_predict(model, rows, covered, cv=10)
    answered, silent = guessed[covered].mean(), 1 - guessed[~covered].mean()
    sys.stdout.write(f"{names}: answered {answered:.3f}, silent {silent:.3f} (10-fold)\n")
    model.fit(rows, covered)
    weights = zip(names, model.coef_[0], strict=True)
    lines = [f"bias = {model.intercept_[0]:.3f}", *(f"{n} = {w:.3f}" for n, w in weights)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data")
