"""Vectors kept by content and model, so that an unchanged passage is not embedded twice.

Passages and questions have tables of their own: which passages a snapshot holds can be told, while
questions are few and go only with their model.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Encoder, Vectors

    Marks = NDArray[np.uint64]

_BATCH = 64
_ASKED_AT_ONCE = 500
_LOOKED_AT_ONCE = 10_000
_FORGOTTEN_AT_ONCE = 500
_MARK = 8
_TABLE = """
CREATE TABLE IF NOT EXISTS {} (
    id INTEGER PRIMARY KEY, model TEXT NOT NULL, content BLOB NOT NULL, vector BLOB NOT NULL,
    UNIQUE (model, content)
)
"""
"""With row ids, so that vectors lie one behind another and only short keys are kept in order: among
the keys, each vector would have taken a page of its own (4.7 KB for 1.5)."""
_MOVE = """
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO {new} (model, content, vector) SELECT model, content, vector FROM {old};
DROP TABLE {old};
COMMIT;
"""
_TABLES = {"passage": "passage_vectors", "query": "question_vectors"}
"""By role; the names are ours, and nothing else is ever put into a statement."""
_FORMER = {"vectors": "passage_vectors", "questions": "question_vectors"}
"""What a file of an earlier version calls its tables, which had no row ids."""


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

    def passages(self) -> int:
        """Return how many vectors of passages are kept, of whatever model."""
        with closing(self._opened()) as database:
            return int(database.execute("SELECT count(*) FROM passage_vectors").fetchone()[0])

    def keep_models(self, models: Collection[str]) -> None:
        """Forget all vectors of models other than these."""
        with closing(self._opened()) as database:
            for table in _TABLES.values():
                for model in self._models(database, table):
                    if model not in models:
                        self._forget(database, table, model, None)

    def keep_passages(self, model: str, marks: Marks) -> int:
        """Forget a model's vectors of passages but for those with these marks, in order.

        Returns how many are forgotten. A kill leaves some of them, and a cache that is whole.
        """
        with closing(self._opened()) as database:
            forgotten = self._forget(database, _TABLES["passage"], model, marks)
            database.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page
        return forgotten

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        database.execute("PRAGMA auto_vacuum=INCREMENTAL")  # counts where the file is new
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost the last batches
        for table in _TABLES.values():
            database.execute(_TABLE.format(table))
        self._take_over(database)
        return database

    @staticmethod
    def _take_over(database: sqlite3.Connection) -> None:
        """Move what a file of an earlier version holds; after a kill, it is still there."""
        for old, new in _FORMER.items():
            query = "SELECT 1 FROM sqlite_master WHERE name = ?"
            if database.execute(query, (old,)).fetchone():
                database.executescript(_MOVE.format(old=old, new=new))

    @staticmethod
    def _models(database: sqlite3.Connection, table: str) -> list[str]:
        """Return the models of a table; to ask for distinct ones would go through all of it."""
        query = f"SELECT min(model) FROM {table} WHERE model > ?"  # noqa: S608 - a name of ours
        found: list[str] = []
        while (
            row := database.execute(query, (found[-1] if found else "",)).fetchone()[0]
        ) is not None:
            found.append(row)
        return found

    @staticmethod
    def _forget(database: sqlite3.Connection, table: str, model: str, kept: Marks | None) -> int:
        """Forget what has none of the marks, in small steps; return how many there were."""
        look = (
            f"SELECT content FROM {table} WHERE model = ? AND content > ? ORDER BY content LIMIT ?"  # noqa: S608 - a name of ours
        )
        delete = f"DELETE FROM {table} WHERE model = ? AND content = ?"  # noqa: S608 - likewise
        last, forgotten = b"", 0
        while rows := database.execute(look, (model, last, _LOOKED_AT_ONCE)).fetchall():
            keys = [key for (key,) in rows]
            last = keys[-1]
            if kept is not None:
                wanted = _among(_marks(keys), kept)
                keys = [key for key, one in zip(keys, wanted.tolist(), strict=True) if not one]
            for start in range(0, len(keys), _FORGOTTEN_AT_ONCE):
                some = keys[start : start + _FORGOTTEN_AT_ONCE]
                with database:
                    database.executemany(delete, [(model, key) for key in some])
            forgotten += len(keys)
        return forgotten

    def _encode(
        self,
        role: str,
        compute: Callable[[Sequence[str]], Vectors],
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> Embedded:
        keys = [_key(role, text) for text in texts]
        table = _TABLES[role]
        with closing(self._opened()) as database:
            known = self._known(database, table, encoder.fingerprint, keys)
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
                        f"INSERT OR REPLACE INTO {table} (model, content, vector) VALUES (?, ?, ?)",  # noqa: S608 - likewise
                        [(encoder.fingerprint, key, vector.tobytes()) for key, vector in rows],
                    )
                progress(start + len(batch), len(missing))
        if not keys:
            return Embedded(np.empty((0, encoder.dimension), np.float32), 0)
        return Embedded(np.stack([known[key] for key in keys]), len(missing))

    @staticmethod
    def _known(
        database: sqlite3.Connection, table: str, model: str, keys: Sequence[bytes]
    ) -> dict[bytes, Vectors]:
        known: dict[bytes, Vectors] = {}
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            asked = wanted[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(asked))
            query = f"SELECT content, vector FROM {table} WHERE model = ? AND content IN ({marks})"  # noqa: S608 - a name of ours and question marks
            for key, vector in database.execute(query, (model, *asked)):
                known[key] = np.frombuffer(vector, np.float32)
        return known


def marks_of(texts: Iterable[str]) -> Marks:
    """Return what the vectors of passages are told apart by, each once and in order, `(n,)`.

    It is the beginning of the key, 8 bytes: two texts that share it are kept together.
    """
    marks = (int.from_bytes(_key("passage", text)[:_MARK]) for text in texts)
    return np.unique(np.fromiter(marks, np.uint64))


def _marks(keys: Sequence[bytes]) -> Marks:
    return np.frombuffer(b"".join(key[:_MARK] for key in keys), ">u8").astype(np.uint64)


def _among(marks: Marks, kept: Marks) -> NDArray[np.bool_]:
    """Return which marks are among others, which are in order, `(n,), (m,) -> (n,)`."""
    if not len(kept):
        return np.zeros(len(marks), np.bool_)
    found = kept[np.minimum(np.searchsorted(kept, marks), len(kept) - 1)]
    return np.asarray(found == marks, np.bool_)


def _key(role: str, text: str) -> bytes:
    return hashlib.sha256(f"{role}\0{text}".encode()).digest()
