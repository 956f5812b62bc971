"""Vectors kept by content and model, so that an unchanged passage is not embedded twice."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encoding.protocol import Encoder, Vectors

_BATCH = 64
_ASKED_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    model TEXT NOT NULL, content BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (model, content)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of texts, `(N, D)`, and how many of them had to be computed."""

    vectors: Vectors
    computed: int


class EmbeddingCache:
    """A SQLite file of vectors; keys are the model's fingerprint and the text's SHA-256."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def encode_passages(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int, int], None] = lambda _done, _missing: None,
    ) -> Embedded:
        """Return the vectors of passages, computing only what is not kept yet.

        What is computed is kept batch by batch, so that a killed build goes on where it was.
        """
        return self._encode("passage", encoder.encode_passages, encoder, texts, progress)

    def encode_queries(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int, int], None] = lambda _done, _missing: None,
    ) -> Embedded:
        """Return the vectors of questions, computing only what is not kept yet."""
        return self._encode("query", encoder.encode_queries, encoder, texts, progress)

    def _encode(
        self,
        role: str,
        compute: Callable[[Sequence[str]], Vectors],
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> Embedded:
        keys = [hashlib.sha256(f"{role}\0{text}".encode()).digest() for text in texts]
        with closing(sqlite3.connect(self._path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost the last batches
            database.execute(_SCHEMA)
            known = self._known(database, encoder.fingerprint, keys)
            # texts of like length share a batch, so that little of it is padding
            missing = sorted(
                {
                    key: text for key, text in zip(keys, texts, strict=True) if key not in known
                }.items(),
                key=lambda item: len(item[1]),
            )
            progress(0, len(missing))
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                vectors = compute([text for _, text in batch])
                rows = list(zip((key for key, _ in batch), vectors, strict=True))
                known.update(rows)
                with database:
                    database.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                        [(encoder.fingerprint, key, vector.tobytes()) for key, vector in rows],
                    )
                progress(start + len(batch), len(missing))
        if not keys:
            return Embedded(np.empty((0, encoder.dimension), np.float32), 0)
        return Embedded(np.stack([known[key] for key in keys]), len(missing))

    @staticmethod
    def _known(
        database: sqlite3.Connection, model: str, keys: Sequence[bytes]
    ) -> dict[bytes, Vectors]:
        known: dict[bytes, Vectors] = {}
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            asked = wanted[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(asked))
            query = f"SELECT content, vector FROM vectors WHERE model = ? AND content IN ({marks})"  # noqa: S608 - question marks only
            for key, vector in database.execute(query, (model, *asked)):
                known[key] = np.frombuffer(vector, np.float32)
        return known
