"""Chooses where snapshots are kept: in a folder of this machine, or in PostgreSQL for several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.storage.shelf import Shelf as FolderShelf

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.protocol import Shelf


def open_shelf(data: Path, database_url: str | None = None, read_url: str | None = None) -> Shelf:
    """Return the shelf in a database, where one is named; else that in the data folder.

    `read_url` names replicas that answer questions. Nothing is connected to yet.

    Raises:
        ValueError: A URL cannot be read.
    """
    if database_url is None:
        return FolderShelf(data)
    from index.storage.postgres.connecting import Database  # noqa: PLC0415 - most need none
    from index.storage.postgres.shelf import PostgresShelf  # noqa: PLC0415

    return PostgresShelf(data, Database(database_url, read_url))
