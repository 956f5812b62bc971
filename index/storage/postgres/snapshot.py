"""A generation in PostgreSQL, opened to answer as a snapshot in a folder is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.errors import SnapshotDamaged, SnapshotMismatch
from index.questions.classifier import QuestionClassifier
from index.storage.baseline import open_baselines
from index.storage.contents import Contents
from index.storage.manifest import FORMAT, Manifest
from index.storage.postgres.passages import Passages, Sentences
from index.storage.postgres.placing import PLACES, Places
from index.storage.postgres.records import PostgresRecords
from index.storage.postgres.vectors import PostgresVectors
from index.storage.postgres.words import PostgresWords
from index.storage.snapshot import BASELINES, CLASSIFIER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from index.storage.postgres.generations import Generation
    from index.storage.postgres.reading import Reader

_COUNTS = """
SELECT count(*), coalesce(sum(d.passages), 0), coalesce(sum(d.sentences), 0)
FROM index_members m JOIN index_documents d ON d.number = m.document WHERE m.generation = %s
"""


class PostgresSnapshot(Contents):
    """The parts of a generation, bound together by its manifest.

    Raises:
        SnapshotDamaged: A part is missing, was altered, or disagrees with the manifest.
        SnapshotMismatch: The generation is of another format.
    """

    records: PostgresRecords

    def __init__(self, reader: Reader, generation: Generation) -> None:
        self.name = generation.name
        self.pinned = generation.pinned
        self._reader = reader
        self.manifest = manifest_of(generation.name, generation.manifest)
        with TemporaryDirectory() as folder:
            files = self._fetch_files(Path(folder))
            self._places = self._read_places(files)
            self.passage_baseline, self.sentence_baseline = open_baselines(files[BASELINES])
            self.classifier = (
                QuestionClassifier.open(files[CLASSIFIER]) if CLASSIFIER in files else None
            )
        dimension = self.manifest.dimension
        passages = Passages(reader, self._places, dimension)
        self.records = PostgresRecords(reader, self._places, passages)
        self.sentences = Sentences(passages, self._places, dimension)
        self.vectors = PostgresVectors(reader, self._places, generation.space, dimension)
        self.words = PostgresWords(reader, self._places, generation.tokens)
        self._check_counts()

    def close(self) -> None:
        """Do nothing: connections are the database's."""

    def check_passages(self) -> None:
        """Count the passages themselves, wherever they lie; seconds for a million.

        Raises:
            SnapshotDamaged: Some are missing.
        """
        found = self._reader.fetch(
            "SELECT count(*) FROM index_passages p WHERE EXISTS (SELECT 1 FROM index_members m "
            "WHERE m.generation = %s AND m.document = p.key >> 20)",
            self._reader.generation,
        )
        self.compare({"stored passages": (found[0][0], self.manifest.passages)})

    def _fetch_files(self, folder: Path) -> dict[str, Path]:
        records = self._reader.fetch(
            "SELECT name, content FROM index_files WHERE generation = %s ORDER BY name, piece",
            self._reader.generation,
        )
        files: dict[str, Path] = {}
        for name, content in records:
            files[name] = folder / name
            with files[name].open("ab") as file:
                file.write(content)
        for name in (BASELINES, CLASSIFIER):
            expected = self.manifest.checksums.get(name)
            content = files[name].read_bytes() if name in files else None
            if expected and (content is None or hashlib.sha256(content).hexdigest() != expected):
                raise SnapshotDamaged(
                    f"{self.name}: {name} is not what was built; run audiatur reindex"
                )
        return files

    def _read_places(self, files: Mapping[str, Path]) -> Places:
        try:
            return Places.from_bytes(files[PLACES].read_bytes())
        except (KeyError, ValueError, OSError) as error:
            raise SnapshotDamaged(
                f"{self.name}: {PLACES} cannot be read; run audiatur reindex"
            ) from error

    def _check_counts(self) -> None:
        manifest = self.manifest
        documents, passages, sentences = self._reader.fetch(_COUNTS, self._reader.generation)[0]
        self.compare({
            "documents": (documents, manifest.documents),
            "passages": (int(passages), manifest.passages),
            "places": (self._places.count, manifest.passages),
            "baselines": (len(self.passage_baseline.means), manifest.passages),
            "sentences": (int(sentences), manifest.sentences),
            "places of sentences": (self._places.sentences, manifest.sentences),
        })  # fmt: skip


def manifest_of(name: str, content: dict[str, Any]) -> Manifest:
    """Return the manifest that a generation's row holds.

    Raises:
        SnapshotDamaged: It cannot be read.
        SnapshotMismatch: It is of another format.
    """
    if content.get("format") != FORMAT:
        raise SnapshotMismatch(
            f"the index {name} has format {content.get('format')}, this version reads {FORMAT}; "
            "run audiatur reindex"
        )
    try:
        return Manifest(**{**content, "languages": tuple(content["languages"])})
    except (KeyError, TypeError) as error:
        raise SnapshotDamaged(
            f"the manifest of {name} cannot be read; run audiatur reindex"
        ) from error
