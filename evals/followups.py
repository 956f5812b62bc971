"""Fits the weights that decide whether a question refines the one before it.

    .venv/bin/python evals/followups.py

Reads `followups.calibration.jsonl` and `followups.aspects.jsonl` only; `followups.test.jsonl` is
kept for reporting. Writes `index/questions/leaning.toml`. The printed rates leave each question out
in turn; what follows tells by threshold whether a debate is found to speak of an aspect.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from index.answering.advisor import Advisor
from index.answering.labels import LabelMap
from index.answering.relevance import Relevance
from index.encoding.twins import load_encoders
from index.evaluation.followups import read_cases
from index.questions.followup import read_wording, signs
from index.questions.refining import spoken
from index.storage.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "index/questions/leaning.toml"


def main(data: Path) -> None:
    """Fit the weights on the calibration conversations and write them."""
    advisor = Advisor(Shelf(data).open_current(), *load_encoders())
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
    _tell_aspects(advisor)


def _tell_aspects(advisor: Advisor) -> None:
    """Print what each threshold of `Relevance` keeps of what is said, and drops of what is not."""
    lines = (ROOT / "evals/followups.aspects.jsonl").read_text(encoding="utf-8").splitlines()
    aspects = [json.loads(line) for line in lines]
    relevance = Relevance(advisor.snapshot, LabelMap(advisor.snapshot))
    debates = {debate.id: debate for debate in advisor.snapshot.agenda.debates}
    found = np.array(
        [relevance.deviation(debates[a["debate"]], advisor.encode(a["words"])) for a in aspects]
    )
    said = np.array([aspect["said"] for aspect in aspects])
    for least in np.arange(1.2, 2.3, 0.1):
        kept, silent = (found[said] >= least).mean(), (found[~said] < least).mean()
        sys.stdout.write(f"aspects from {least:.1f}: kept {kept:.2f}, silent {silent:.2f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data")
