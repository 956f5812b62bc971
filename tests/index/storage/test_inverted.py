"""Inverted lists beside exact search, on vectors in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.storage import inverted
from index.storage.inverted import Kind
from index.storage.vectors import FaissStore

if TYPE_CHECKING:
    from index.encoding.protocol import Vectors
    from index.storage.vectors import Rows

COUNT, DIMENSION, CLUSTERS = 20_000, 32, 200
QUERIES, LIMIT = 100, 10
SPREAD = 0.8
"""So wide that the neighbours of a vector lie in several clusters."""


@pytest.fixture(autouse=True)
def in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no more be looked through than the size of these stores asks for."""
    monkeypatch.setattr("index.storage.inverted._LOOKED_THROUGH_AT_LEAST", 0)


def around(centres: Vectors, cluster: Rows, seed: int) -> Vectors:
    """Return unit vectors near to the centre of each one's cluster, `(n,) -> (n, D)`."""
    noise = np.random.default_rng(seed).normal(size=(len(cluster), DIMENSION))
    vectors = centres[cluster] + SPREAD * noise
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def centres() -> Vectors:
    return np.random.default_rng(1).normal(size=(CLUSTERS, DIMENSION)).astype(np.float32)


@pytest.fixture(scope="module")
def cluster() -> Rows:
    return np.random.default_rng(2).integers(CLUSTERS, size=COUNT)


@pytest.fixture(scope="module")
def exact(centres: Vectors, cluster: Rows) -> FaissStore:
    return FaissStore.of(around(centres, cluster, seed=3), Kind.EXACT)


@pytest.fixture(scope="module")
def lists(exact: FaissStore) -> FaissStore:
    return FaissStore.of(exact.vectors(np.arange(COUNT)), Kind.LISTS)


@pytest.fixture(scope="module")
def queries(centres: Vectors) -> Vectors:
    return around(centres, np.arange(QUERIES), seed=4)


def recall(
    lists: FaissStore, exact: FaissStore, queries: Vectors, among: Rows | None = None
) -> float:
    """Return the part of the exact neighbours that the lists find; all else has to agree."""
    hits = 0
    for query in queries:
        expected, found = exact.search(query, LIMIT, among), lists.search(query, LIMIT, among)
        assert len(found.rows) == len(expected.rows)
        assert among is None or np.isin(found.rows, among).all()
        np.testing.assert_allclose(found.similarities, exact.vectors(found.rows) @ query, atol=1e-5)
        assert (np.diff(found.similarities) <= 0).all()
        hits += len(np.intersect1d(expected.rows, found.rows))
    return hits / (len(queries) * LIMIT)


def test_lists_find_what_exact_search_finds(
    lists: FaissStore, exact: FaissStore, queries: Vectors
) -> None:
    assert recall(lists, exact, queries) >= 0.99


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_a_filter_of_many_rows_costs_no_recall(
    lists: FaissStore, exact: FaissStore, queries: Vectors, share: float
) -> None:
    among = np.random.default_rng(5).permutation(COUNT)[: int(share * COUNT)]
    assert recall(lists, exact, queries, among) >= 0.99


def test_rows_in_clusters_far_from_the_query_are_found(
    lists: FaissStore, exact: FaissStore, queries: Vectors, cluster: Rows
) -> None:
    """The lists nearest to these queries hold none of the rows that the filter leaves."""
    among = np.flatnonzero(cluster >= CLUSTERS // 2)
    assert recall(lists, exact, queries, among) >= 0.99


def test_a_filter_that_leaves_1_percent_is_searched_exactly(
    lists: FaissStore, exact: FaissStore, queries: Vectors
) -> None:
    among = np.random.default_rng(6).permutation(COUNT)[: COUNT // 100]
    assert recall(lists, exact, queries, among) == 1


def test_a_search_looks_through_a_part_of_the_lists(
    lists: FaissStore, queries: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recall is not bought by looking at everything: with too little room, some is lost."""
    assert inverted.looked_through(COUNT, LIMIT) < COUNT / 4
    known = [lists.search(query, LIMIT).rows for query in queries]
    monkeypatch.setattr("index.storage.vectors.looked_through", lambda _count, _wanted: 50)
    found = [lists.search(query, LIMIT).rows for query in queries]
    kept = sum(len(np.intersect1d(*pair)) for pair in zip(known, found, strict=True))
    assert kept < 0.9 * QUERIES * LIMIT


def test_a_search_for_more_than_the_lists_yield_is_exact(
    lists: FaissStore, exact: FaissStore, queries: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.vectors.looked_through", lambda _count, _wanted: 1)
    monkeypatch.setattr("index.storage.inverted._COUNTED", 1)
    found, expected = lists.search(queries[0], 3_000), exact.search(queries[0], 3_000)
    assert found.rows.tolist() == expected.rows.tolist()


def changed(exact: FaissStore, new: int) -> tuple[Vectors, Rows]:
    """Return the vectors without some rows and with `new` others between, and what rows they were.

    One row comes twice.
    """
    generator = np.random.default_rng(7)
    came_from = np.sort(generator.permutation(COUNT)[: COUNT - 300])
    came_from[1] = came_from[0]
    came_from = np.insert(came_from, generator.integers(len(came_from), size=new), -1)
    vectors = exact.vectors(came_from)
    vectors[came_from < 0] = around(np.eye(DIMENSION, dtype=np.float32), np.arange(new) % 9, seed=8)
    return vectors, came_from


def test_lists_go_on_to_serve_after_a_change(
    exact: FaissStore, queries: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = FaissStore.of(exact.vectors(np.arange(COUNT)), Kind.LISTS).lists
    vectors, came_from = changed(exact, new=500)
    monkeypatch.setattr(inverted.InvertedLists, "of", None)  # nothing is taught anew
    carried = inverted.lists_for(len(vectors), lambda: [vectors], Kind.LISTS, older, came_from)
    now = FaissStore.of(vectors, Kind.EXACT)
    assert recall(FaissStore(vectors, carried), now, queries) >= 0.99
    among = np.flatnonzero(came_from < 0)
    assert recall(FaissStore(vectors, carried), now, vectors[among[:50]], among) == 1
    for row in (0, 1, 2, int(among[0]), len(vectors) - 1):
        assert row in FaissStore(vectors, carried).search(vectors[row], LIMIT).rows


@pytest.mark.parametrize("change", ["more new ones", "fewer vectors"])
def test_lists_are_taught_anew_after_a_great_change(exact: FaissStore, change: str) -> None:
    older = FaissStore.of(exact.vectors(np.arange(COUNT)), Kind.LISTS).lists
    assert older
    centroids = older.index.quantizer
    vectors, came_from = changed(exact, new=COUNT // 5)
    if change == "fewer vectors":
        vectors, came_from = exact.vectors(np.arange(COUNT // 2)), np.arange(COUNT // 2)
    found = inverted.lists_for(len(vectors), lambda: [vectors], Kind.LISTS, older, came_from)
    assert found
    assert found.index.quantizer is not centroids
    assert found.index.nlist != older.index.nlist
    assert found.index.ntotal == len(vectors)


def test_the_kind_of_search_goes_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.inverted.EXACT_UP_TO", 100)
    vectors = np.eye(101, dtype=np.float32)
    assert FaissStore.of(vectors[:100]).kind is Kind.EXACT
    assert FaissStore.of(vectors).kind is Kind.LISTS
