"""Fits the weights that decide whether a question refines the one before it.

    .venv/bin/python evals/followups.py

Reads `followups.calibration.jsonl` only; `followups.test.jsonl` is kept for reporting. Writes
`index/questions/leaning.toml`. The printed rates leave each question out in turn.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from index.answering.advisor import Advisor
from index.encoding.adapter import load_polarity_encoder
from index.encoding.loading import load_encoder
from index.evaluation.followups import read_cases
from index.questions.followup import read_wording, signs
from index.questions.refining import spoken
from index.storage.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "index/questions/leaning.toml"


def main(data: Path) -> None:
    """Fit the weights on the calibration conversations and write them."""
    advisor = Advisor(Shelf(data).open_current(), load_encoder(), load_polarity_encoder())
    cases = read_cases(ROOT / "evals/followups.calibration.jsonl")
    rows = []
    for case in cases:
        wording = read_wording(case.question, spoken(case.question, " ".join(case.previous)))
        rows.append(signs(wording, advisor.evidence(case.question)))
    names = list(rows[0])
    found = np.array([[row[name] for name in names] for row in rows])
    refines = np.array([case.refines for case in cases])
    model = LogisticRegression(C=1.0)
    guessed = cross_val_predict(model, found, refines, cv=LeaveOneOut())
    precision, recall = refines[guessed].mean(), guessed[refines].mean()
    sys.stdout.write(f"precision {precision:.3f}, recall {recall:.3f} (leaving one out)\n")
    model.fit(found, refines)
    weights = [("bias", model.intercept_[0]), *zip(names, model.coef_[0], strict=True)]
    header = WEIGHTS.read_text(encoding="utf-8").split("[", 1)[0]
    lines = "".join(f"{name} = {weight:.3f}\n" for name, weight in weights)
    WEIGHTS.write_text(f"{header}[weights]\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data")
