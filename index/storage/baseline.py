"""How similar off-topic questions are to each passage: what a real match must stand out from.

Raw cosines of a sentence encoder live in a narrow band that differs by model, language and length
of text, so no fixed threshold separates. The cohort normalisation of speaker verification does
(zero normalisation: Auckenthaler et al. 2000, doi:10.1006/dspr.1999.0360): a similarity is measured
in standard deviations above what unrelated questions reach on the same passage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors
    from index.storage.vectors import Rows

    Numbers = NDArray[np.float32]

_CHUNK = 8192


@dataclass(frozen=True)
class Baseline:
    """Mean and standard deviation of the cohort's similarity to each vector, `(N,)` each."""

    means: Numbers
    deviations: Numbers

    @cached_property
    def unit(self) -> float:
        """The mean deviation: what differences of similarities are compared with."""
        return float(self.deviations.mean())

    @classmethod
    def of(cls, vectors: Vectors, cohort: Vectors) -> Baseline:
        """Measure a cohort of question vectors, `(C, D)`, on stored vectors, `(N, D)`."""
        means, deviations = [np.empty(0, np.float32)], [np.empty(0, np.float32)]
        for start in range(0, len(vectors), _CHUNK):
            similarities = vectors[start : start + _CHUNK] @ cohort.T
            means.append(similarities.mean(axis=1))
            deviations.append(similarities.std(axis=1))
        return cls(np.concatenate(means), np.maximum(np.concatenate(deviations), 1e-4))

    @classmethod
    def joined(cls, parts: Sequence[Baseline]) -> Baseline:
        """Return one baseline of several, in their order."""
        none = np.empty(0, np.float32)
        means = np.concatenate([none, *(part.means for part in parts)])
        return cls(means, np.concatenate([none, *(part.deviations for part in parts)]))

    def part(self, start: int, stop: int) -> Baseline:
        """Return the baseline of the vectors from `start` until before `stop`."""
        return Baseline(self.means[start:stop], self.deviations[start:stop])

    def standardised(self, rows: Rows, similarities: Numbers) -> Numbers:
        """Return similarities in deviations above the cohort's mean, `(k,) -> (k,)`."""
        return np.asarray((similarities - self.means[rows]) / self.deviations[rows], np.float32)


def save_baselines(path: Path, passages: Baseline, sentences: Baseline) -> None:
    """Write both baselines to an .npz file."""
    np.savez(
        path,
        passage_means=passages.means,
        passage_deviations=passages.deviations,
        sentence_means=sentences.means,
        sentence_deviations=sentences.deviations,
    )


def open_baselines(path: Path) -> tuple[Baseline, Baseline]:
    """Return the baselines of passages and of sentences.

    Raises:
        SnapshotDamaged: The file is missing or cannot be read.
    """
    try:
        with np.load(path) as file:
            return (
                Baseline(file["passage_means"], file["passage_deviations"]),
                Baseline(file["sentence_means"], file["sentence_deviations"]),
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise SnapshotDamaged(f"{path.name} cannot be read; run audiatur reindex") from error
