"""Publishes small snapshots on a shelf, as a builder does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from tests.index.storage.postgres.made import make_snapshot, random_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.storage.postgres.shelf import PostgresShelf

TABLES = (
    "spaces", "generations", "files", "documents", "members", "labels", "problems", "texts",
    "passages", "postings",
)  # fmt: skip
TEXTS = [("de", f"Das Rad {n} hat {n} Speichen und ein Haus.") for n in range(30)]


def publish(
    shelf: PostgresShelf,
    data: Path,
    name: str,
    texts: Sequence[tuple[str, str]] = TEXTS,
    model: str = "made",
) -> None:
    with shelf.building():
        folder = data / "snapshots" / f"{name}.building"
        make_snapshot(folder, texts, random_vectors(len(texts), 8), model).close()
        shelf.publish(folder)


def counts(url: str) -> dict[str, int]:
    """Return how many rows each table of the index has."""
    with psycopg.connect(url) as connection:
        found = {}
        for table in TABLES:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(f"index_{table}"))
            row = connection.execute(query).fetchone()
            found[table] = row[0] if row else -1
        return found


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def seen_in(shelf: PostgresShelf) -> tuple[str, int, int]:
    """Return what answers: its name, its passages, and how many of them say „Rad“."""
    opened = shelf.open_current()
    return opened.name, opened.vectors.count, len(opened.words.search("Rad", 99).rows)
