"""Shares kept by content and model, so that an unchanged text is not judged twice.

A build asks for all that it can use, so each answer bears the name of the last build that asked.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from index.stance.protocol import SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.stance.protocol import Shares, StanceModel

_BATCH = 128
_SCHEMA = """
CREATE TABLE IF NOT EXISTS shares (
    model TEXT NOT NULL, content BLOB NOT NULL, shares BLOB NOT NULL,
    asked TEXT NOT NULL DEFAULT '', PRIMARY KEY (model, content)
) WITHOUT ROWID
"""
_ASKED = "ALTER TABLE shares ADD COLUMN asked TEXT NOT NULL DEFAULT ''"


class CachedStance:
    """A stance model whose answers are kept in a SQLite file.

    `build` is the name of the build that asks; names of later ones come later in the alphabet.
    """

    def __init__(self, model: StanceModel, path: Path, build: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._model = model
        self._path = path
        self._build = build

    @property
    def name(self) -> str:
        """What stands as `label_by`."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """Names weights and calibration."""
        return self._model.fingerprint

    @property
    def certain(self) -> float:
        """The share from which on a text is placed on a side."""
        return self._model.certain

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return probabilities for, against, neither, `(N,) -> (N, 3)`."""
        keys = [hashlib.sha256(f"{motion}\0{text}".encode()).digest() for text in texts]
        with closing(_opened(self._path)) as database:
            known = {key: found for key in keys if (found := self._kept(database, key)) is not None}
            pairs = zip(keys, texts, strict=True)
            missing = list({key: text for key, text in pairs if key not in known}.items())
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                judged = self._model.shares(motion, [text for _, text in batch])
                rows = [(key, row) for (key, _), row in zip(batch, judged, strict=True)]
                known.update(rows)
                with database:
                    database.executemany(
                        "INSERT OR REPLACE INTO shares (model, content, shares) VALUES (?, ?, ?)",
                        [(self.fingerprint, key, row.tobytes()) for key, row in rows],
                    )
            with database:
                database.executemany(
                    "UPDATE shares SET asked = ? WHERE model = ? AND content = ? AND asked < ?",
                    [(self._build, self.fingerprint, key, self._build) for key in keys],
                )
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, len(SIDES)), "f4")

    def _kept(self, database: sqlite3.Connection, key: bytes) -> Shares | None:
        row = database.execute(
            "SELECT shares FROM shares WHERE model = ? AND content = ?", (self.fingerprint, key)
        ).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None


def forget_before(path: Path, build: str) -> None:
    """Forget what was last asked for before a build of that name."""
    with closing(_opened(path)) as database, database:
        database.execute("DELETE FROM shares WHERE asked < ?", (build,))


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(_SCHEMA)
    columns = [row[1] for row in database.execute("PRAGMA table_info(shares)")]
    if "asked" not in columns:  # a file of an earlier version
        database.execute(_ASKED)
    return database
