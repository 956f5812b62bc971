"""Fits the weights that decide whether a question is covered, and prints how well they do.

    .venv/bin/python evals/calibrate.py

Reads `questions.calibration.jsonl` only; `questions.test.jsonl` is kept for reporting. Writes
`index/questions/scope.toml`. The printed rates are cross-validated.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from index.answering.advisor import Advisor
from index.encoding.twins import load_encoders
from index.evaluation.questions import read_questions
from index.questions.scope import evidence_parts
from index.storage.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
HEADER = (ROOT / "index/questions/scope.toml").read_text(encoding="utf-8").split("[", 1)[0]


def main(data: Path) -> None:
    """Fit both sets of weights on the calibration questions and write them."""
    advisor = Advisor(Shelf(data).open_current(), *load_encoders())
    questions = read_questions(ROOT / "evals/questions.calibration.jsonl")
    covered = np.array([question.answerable for question in questions])
    evidence = [advisor.evidence(question.question) for question in questions]
    with_subjects = [evidence_parts(one) for one in evidence]
    alone = [evidence_parts(replace(one, subject=None, nearness=None)) for one in evidence]
    parts = {
        "with-subjects": _fit(with_subjects, covered),
        "documents-only": _fit(alone, covered),
    }
    text = HEADER + "\n".join(f"[{name}]\n{weights}" for name, weights in parts.items())
    (ROOT / "index/questions/scope.toml").write_text(text, encoding="utf-8")


def _fit(evidence: list[dict[str, float]], covered: np.ndarray) -> str:
    """Return weights of the raw evidence as TOML, fitted on standardised evidence."""
    names = list(evidence[0])
    rows = np.array([[parts[name] for name in names] for parts in evidence])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    guessed = cross_val_predict(model, rows, covered, cv=10)
    answered, silent = guessed[covered].mean(), 1 - guessed[~covered].mean()
    sys.stdout.write(f"{names}: answered {answered:.3f}, silent {silent:.3f} (10-fold)\n")
    scaler, fitted = (step for _, step in model.fit(rows, covered).steps)
    weights = fitted.coef_[0] / scaler.scale_
    bias = fitted.intercept_[0] - weights @ scaler.mean_
    lines = [f"bias = {bias:.3f}", *(f"{n} = {w:.3f}" for n, w in zip(names, weights, strict=True))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data")
