"""Decides whether the documents cover a question at all, on calibrated evidence.

Ranks cannot tell: the best passage for a question about apple strudel is still ranked first. The
evidence is combined by a logistic regression whose weights `evals/calibrate.py` fits on questions
that are not those that report its quality.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a question being covered.

    `subject` is the log odds that it belongs to a subject, `None` where the corpus has none;
    `passage` and `sentence` are standardised similarities of the nearest ones.
    """

    subject: float | None
    passage: float
    sentence: float


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, kept finite."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def coverage(evidence: Evidence) -> float:
    """Return the probability, in [0, 1], that the documents cover the question."""
    has_subjects = evidence.subject is not None
    weights = _weights()["with-subjects" if has_subjects else "documents-only"]
    total = weights["bias"]
    total += weights["passage"] * evidence.passage + weights["sentence"] * evidence.sentence
    if evidence.subject is not None:
        total += weights["subject"] * evidence.subject
    return float(1 / (1 + np.exp(-total)))


@cache
def _weights() -> dict[str, dict[str, float]]:
    return tomllib.loads((files(__package__) / "scope.toml").read_text(encoding="utf-8"))
