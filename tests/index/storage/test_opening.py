"""Snapshots are kept in a folder unless a database is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.storage.opening import open_shelf
from index.storage.postgres.shelf import PostgresShelf
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path


def test_a_database_is_used_where_one_is_named(tmp_path: Path) -> None:
    assert isinstance(open_shelf(tmp_path), Shelf)
    shelf = open_shelf(tmp_path, "postgresql://a@127.0.0.1:1/b", "postgresql://a@127.0.0.1:2/b")
    assert isinstance(shelf, PostgresShelf)
    assert shelf.embeddings == Shelf(tmp_path).embeddings


def test_an_address_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read; see docs/postgresql"):
        open_shelf(tmp_path, "postgresql://a@b:c:d/e?nonsense=1")
