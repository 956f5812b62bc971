"""A migrated database and a shelf in it, for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.storage.postgres.connecting import Database
from index.storage.postgres.migrating import migrate
from index.storage.postgres.shelf import PostgresShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def migrated(database_url: str) -> str:
    """Return the URL of a database whose tables are there."""
    migrate(database_url)
    return database_url


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    database = Database(migrated, patience_s=5.0)
    yield database
    database.close()


@pytest.fixture
def postgres_shelf(database: Database, tmp_path: Path) -> PostgresShelf:
    return PostgresShelf(tmp_path / "shared", database, patience_s=5.0)
