"""A snapshot: one finished index on disk, opened to answer and never changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from index.errors import SnapshotDamaged
from index.questions.classifier import QuestionClassifier
from index.storage.baseline import open_baselines
from index.storage.contents import Contents
from index.storage.manifest import FILE_NAME as MANIFEST
from index.storage.manifest import read_manifest
from index.storage.records import Records
from index.storage.sentences import open_sentences
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.manifest import Manifest

RECORDS = "records.sqlite"
VECTORS = "passages.faiss"
SENTENCES = "sentences.npy"
BASELINES = "baselines.npz"
CLASSIFIER = "questions.npz"
WORDS = "words"


class Snapshot(Contents):
    """The parts of an index, bound together by its manifest.

    Raises:
        SnapshotDamaged: A part is missing, unreadable, or disagrees with the manifest.
        SnapshotMismatch: The snapshot is of another format.
    """

    records: Records

    def __init__(self, folder: Path, *, pinned: bool = False) -> None:
        self.name = folder.name
        self.folder = folder
        self.pinned = pinned
        self.manifest = read_checked(folder)
        self.records = Records(folder / RECORDS)
        self.vectors = FaissStore.open(folder / VECTORS)
        self.words = WordIndex.open(folder / WORDS, self.manifest.languages)
        self.sentences = open_sentences(folder / SENTENCES)
        self.passage_baseline, self.sentence_baseline = open_baselines(folder / BASELINES)
        self.classifier = _open_classifier(folder / CLASSIFIER)
        self._check_counts()

    def close(self) -> None:
        """Let go of the files."""
        self.records.close()

    def _check_counts(self) -> None:
        manifest = self.manifest
        self.compare({
            "records": (self.records.passage_count, manifest.passages),
            "vectors": (self.vectors.count, manifest.passages),
            "words": (self.words.count, manifest.passages),
            "baselines": (len(self.passage_baseline.means), manifest.passages),
            "sentences": (len(self.sentences), manifest.sentences),
            "records of sentences": (self.records.sentence_count, manifest.sentences),
            "dimension": (self.vectors.dimension, manifest.dimension),
        })  # fmt: skip


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
