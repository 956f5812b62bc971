"""A snapshot: one finished index on disk, opened to answer and never changed."""

from __future__ import annotations

import hashlib
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.errors import SnapshotDamaged
from index.questions.classifier import QuestionClassifier
from index.storage.baseline import open_baselines
from index.storage.manifest import FILE_NAME as MANIFEST
from index.storage.manifest import read_manifest
from index.storage.records import Records
from index.storage.sentences import open_sentences
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.encoding.protocol import Vectors
    from index.guides.records import Guide, Guidebook, Interview
    from index.storage.manifest import Manifest
    from index.storage.vectors import VectorStore

RECORDS = "records.sqlite"
VECTORS = "passages.faiss"
SENTENCES = "sentences.npy"
BASELINES = "baselines.npz"
CLASSIFIER = "questions.npz"
WORDS = "words"
_PLANTED = 16
_FOUND = 0.999


class Snapshot:
    """The parts of an index, bound together by its manifest.

    Raises:
        SnapshotDamaged: A part is missing, unreadable, or disagrees with the manifest.
        SnapshotMismatch: The snapshot is of another format.
    """

    def __init__(self, folder: Path, *, pinned: bool = False) -> None:
        self.folder = folder
        self.pinned = pinned
        self.manifest = read_checked(folder)
        self.records = Records(folder / RECORDS)
        self.vectors: VectorStore = FaissStore.open(folder / VECTORS)
        self.words = WordIndex.open(folder / WORDS, self.manifest.languages)
        self.sentences = open_sentences(folder / SENTENCES)
        self.passage_baseline, self.sentence_baseline = open_baselines(folder / BASELINES)
        self.classifier = _open_classifier(folder / CLASSIFIER)
        self._check_counts()

    @property
    def name(self) -> str:
        """The snapshot's folder name: when it was made."""
        return self.folder.name

    @cached_property
    def agenda(self) -> Agenda:
        """The debates and topics."""
        return self.records.agenda()

    @cached_property
    def labels(self) -> tuple[Anchored, ...]:
        """All labels with their places."""
        return tuple(self.records.labels())

    @cached_property
    def guidebook(self) -> Guidebook:
        """The guides and interviews that the corpus brings; it may bring none."""
        return self.records.guidebook()

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides to walk through."""
        return self.guidebook.guides

    @property
    def interviews(self) -> tuple[Interview, ...]:
        """The interviews that weigh."""
        return self.guidebook.interviews

    def with_labels(self, labels: tuple[Anchored, ...]) -> Snapshot:
        """Return the same with other labels."""
        other = copy(self)
        other.labels = labels
        return other

    def close(self) -> None:
        """Let go of the files."""
        self.records.close()

    def check_planted(self, planted: Mapping[int, Vectors] | Vectors | None = None) -> None:
        """Let vectors find themselves: the stored ones, or `planted`, by row, as they were encoded.

        Raises:
            SnapshotDamaged: One does not.
        """
        for row in planted_rows(self.vectors.count):
            vector = self.vectors.vectors(np.array([row]))[0] if planted is None else planted[row]
            nearest = self.vectors.search(vector, 1)
            if not len(nearest.rows) or nearest.similarities[0] < _FOUND:
                raise SnapshotDamaged(f"the vector of passage {row} does not find itself")

    def _check_counts(self) -> None:
        manifest = self.manifest
        counted = {
            "records": (self.records.passage_count, manifest.passages),
            "vectors": (self.vectors.count, manifest.passages),
            "words": (self.words.count, manifest.passages),
            "baselines": (len(self.passage_baseline.means), manifest.passages),
            "sentences": (len(self.sentences), manifest.sentences),
            "records of sentences": (self.records.sentence_count, manifest.sentences),
            "dimension": (self.vectors.dimension, manifest.dimension),
        }
        for part, (found, expected) in counted.items():
            if found != expected:
                raise SnapshotDamaged(
                    f"{self.name}: {part} has {found}, the manifest says {expected}; "
                    "run audiatur reindex"
                )


def planted_rows(count: int) -> range:
    """Return which of `count` rows stand for all: some from end to end."""
    return range(0, count, max(1, count // _PLANTED))


def read_checked(folder: Path) -> Manifest:
    """Return a snapshot's manifest, once every file is found to be what was built.

    Raises:
        SnapshotDamaged: A file is missing or was altered.
        SnapshotMismatch: The snapshot is of another format.
    """
    manifest = read_manifest(folder)
    _check_sums(folder, manifest.checksums)
    return manifest


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a snapshot but its manifest, by path."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): _checksum(path) for path in paths if path.name != MANIFEST
    }


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_sums(folder: Path, checksums: dict[str, str]) -> None:
    for name, expected in checksums.items():
        path = folder / name
        if not path.is_file() or _checksum(path) != expected:
            raise SnapshotDamaged(
                f"{folder.name}: {name} is not what was built; run audiatur reindex"
            )


def _open_classifier(path: Path) -> QuestionClassifier | None:
    return QuestionClassifier.open(path) if path.exists() else None
