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
from typing import TYPE_CHECKING

import numpy as np

from index.questions.classifier import OFF_TOPIC

if TYPE_CHECKING:
    from index.questions.classifier import Ranked


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a question being covered.

    `subject` is what `subject_evidence` returns, `None` where the corpus has no subjects;
    `passage` and `sentence` are standardised similarities of the nearest ones.
    """

    subject: float | None
    passage: float
    sentence: float


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, kept finite."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def subject_evidence(ranked: Ranked) -> float:
    """Return the mean log odds that a question belongs to any subject, and to the likeliest one.

    A question that is a little like many subjects belongs to none.
    """
    pairs = zip(ranked.subjects, ranked.probabilities, strict=True)
    likeliest = max(share for subject, share in pairs if subject != OFF_TOPIC)
    return (log_odds(1 - ranked.of(OFF_TOPIC)) + log_odds(likeliest)) / 2


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
