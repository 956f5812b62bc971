"""Over HNSW indexes a filter finds what brute force finds, wherever the rows lie that it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest

from index.storage.postgres import connecting, generations
from index.storage.postgres import vectors as postgres_vectors
from index.storage.postgres.connecting import Database
from index.storage.postgres.migrating import migrate
from index.storage.postgres.shelf import PostgresShelf
from tests.index.storage.postgres.made import make_snapshot, random_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.encoding.protocol import Vectors
    from index.storage.vectors import Rows, VectorStore
    from tests.postgres import PostgresServer

COUNT, DIMENSION, LIMIT = 3_000, 32, 10
VECTORS = random_vectors(COUNT, DIMENSION)
QUERIES = random_vectors(20, DIMENSION, seed=11)
SETTINGS = f"{connecting._SETTINGS} SET enable_seqscan = off;"
"""An index of so few vectors is not worth its use otherwise."""
CHANCE = np.random.default_rng(3).random(COUNT)


@pytest.fixture(scope="module")
def store(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VectorStore]:
    url = postgres_server.new_database()
    migrate(url)
    database, data = Database(url), tmp_path_factory.mktemp("made")
    shelf = PostgresShelf(data, database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generations, "INDEXED_FROM", 10)
        patch.setattr(connecting, "_SETTINGS", SETTINGS)
        with shelf.building():
            folder = data / "snapshots" / "made.building"
            make_snapshot(folder, [("de", f"Rad {n}") for n in range(COUNT)], VECTORS).close()
            shelf.publish(folder)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")
            row = connection.execute(
                "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%USING hnsw%'"
            ).fetchone()
        assert row == (2,)
        yield shelf.open_current().vectors
    database.close()
    postgres_server.drop_database(url)


@pytest.fixture(autouse=True)
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small filters take the way of large ones, and the index go on when it runs dry."""
    monkeypatch.setattr(postgres_vectors, "_SEEN_ALL", 0)
    monkeypatch.setattr(postgres_vectors, "_CANDIDATES", (40, 40))


def recall(store: VectorStore, query: Vectors, rows: Rows) -> float:
    nearest = rows[np.argsort(-(VECTORS[rows] @ query))[:LIMIT]]
    found = store.search(query, LIMIT, rows).rows
    assert len(found) == min(LIMIT, len(rows))
    assert set(found.tolist()) <= set(rows.tolist())
    return len(np.intersect1d(found, nearest)) / len(nearest)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.06, 0.01])
def test_rows_left_by_chance_are_found(store: VectorStore, share: float) -> None:
    rows = np.flatnonzero(share > CHANCE)
    assert np.mean([recall(store, query, rows) for query in QUERIES]) >= 0.99


@pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
def test_rows_that_lie_far_from_the_query_are_found(store: VectorStore, share: float) -> None:
    """None of the nearest passes; what the indexes give before they give up does not, either."""
    found = []
    for query in QUERIES:
        rows = np.sort(np.argsort(VECTORS @ query)[: round(share * COUNT)])
        found.append(recall(store, query, rows))
    assert np.mean(found) >= 0.99
