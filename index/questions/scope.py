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
    from index.questions.classifier import Nearness, Ranked

_DOCUMENTS = ("passage", "sentence")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a question being covered.

    `passage` and `sentence` are standardised similarities of the nearest ones. `subject` is what
    `subject_evidence` returns, and `nearness` says how near examples of subjects and of none come;
    both are `None` where the corpus has no subjects.
    """

    subject: float | None
    passage: float
    sentence: float
    nearness: Nearness | None = None


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
    parts = evidence_parts(evidence)
    weights = _weights()["with-subjects" if len(parts) > len(_DOCUMENTS) else "documents-only"]
    total = weights["bias"] + sum(weights[name] * value for name, value in parts.items())
    return float(1 / (1 + np.exp(-total)))


def evidence_parts(evidence: Evidence) -> dict[str, float]:
    """Return the numbers that are weighed, by name."""
    parts = dict(zip(_DOCUMENTS, (evidence.passage, evidence.sentence), strict=True))
    if evidence.subject is not None and evidence.nearness is not None:
        parts["subject"] = evidence.subject
        parts["example"] = evidence.nearness.subject
        parts["elsewhere"] = evidence.nearness.elsewhere
    return parts


@cache
def _weights() -> dict[str, dict[str, float]]:
    return tomllib.loads((files(__package__) / "scope.toml").read_text(encoding="utf-8"))
