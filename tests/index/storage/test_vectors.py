"""The contract of every vector store, checked against brute force.

A further implementation adds a fixture that returns a function from vectors to a store, and its
name to `MAKERS`; the fixture closes what it opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from index.storage.inverted import Kind
from index.storage.vector_writing import VectorWriter
from index.storage.vectors import FaissStore, VectorStore

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Vectors

COUNT, DIMENSION = 200, 24
MakeStore = Callable[[NDArray[np.float32]], VectorStore]
MAKERS = ["exact", "lists", "saved", "written"]


@pytest.fixture
def exact() -> MakeStore:
    return lambda vectors: FaissStore.of(vectors, Kind.EXACT)


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> MakeStore:
    """Return a maker of stores that look through all lists, so that they have to be exact, too."""
    monkeypatch.setattr("index.storage.vectors.looked_through", lambda _count, wanted: 10 * wanted)
    monkeypatch.setattr(
        "index.storage.inverted.InvertedLists._nearest_lists",
        lambda self, query, _enough, _among: self.index.quantizer.search(query, self.index.nlist),
    )
    return lambda vectors: FaissStore.of(vectors, Kind.LISTS)


@pytest.fixture
def saved(tmp_path: Path) -> MakeStore:
    def make(vectors: Vectors) -> FaissStore:
        FaissStore.of(vectors).save(tmp_path / "v.faiss")
        return FaissStore.open(tmp_path / "v.faiss")

    return make


@pytest.fixture
def written(tmp_path: Path) -> MakeStore:
    def make(vectors: Vectors) -> FaissStore:
        with VectorWriter(tmp_path / "v.faiss", *vectors.shape) as writer:
            for start in range(0, len(vectors), 70):
                writer.add(vectors[start : start + 70])
        return FaissStore.open(tmp_path / "v.faiss")

    return make


@pytest.fixture(params=MAKERS)
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    """Return what makes a store of vectors, `(N, D)`."""
    make: MakeStore = request.getfixturevalue(request.param)
    return make


def unit(vectors: NDArray[np.float64]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def planted() -> Vectors:
    return unit(np.random.default_rng(7).normal(size=(COUNT, DIMENSION)))


@pytest.fixture
def store(make_store: MakeStore, planted: Vectors) -> VectorStore:
    return make_store(planted)


def queries(count: int) -> Vectors:
    return unit(np.random.default_rng(11).normal(size=(count, DIMENSION)))


def test_a_stored_vector_finds_itself_at_similarity_1(store: VectorStore, planted: Vectors) -> None:
    for row in range(COUNT):
        found = store.search(planted[row], 1)
        assert found.rows.tolist() == [row]
        assert found.similarities[0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("limit", [1, 10, COUNT, COUNT + 50])
def test_search_equals_brute_force(store: VectorStore, planted: Vectors, limit: int) -> None:
    for query in queries(5):
        similarities = planted @ query
        expected = np.argsort(-similarities)[:limit]
        found = store.search(query, limit)
        assert found.rows.tolist() == expected.tolist()
        np.testing.assert_allclose(found.similarities, similarities[expected], atol=1e-5)


@pytest.mark.parametrize("size", [1, 3, 57, 150, COUNT])
def test_a_filtered_search_equals_brute_force_over_the_filter(
    store: VectorStore, planted: Vectors, size: int
) -> None:
    """The filter works inside the search: far rows are found where only they are allowed."""
    among = np.random.default_rng(size).permutation(COUNT)[:size].astype(np.int64)
    for query in queries(5):
        similarities = planted @ query
        expected = sorted(among.tolist(), key=lambda row: -similarities[row])[:10]
        found = store.search(query, 10, among)
        assert found.rows.tolist() == expected
        np.testing.assert_allclose(found.similarities, similarities[expected], atol=1e-5)


def test_an_empty_filter_finds_nothing(store: VectorStore) -> None:
    found = store.search(queries(1)[0], 5, np.empty(0, np.int64))
    assert (found.rows.tolist(), found.similarities.tolist()) == ([], [])


@pytest.mark.parametrize("limit", [0, -1])
def test_no_room_finds_nothing(store: VectorStore, limit: int) -> None:
    assert len(store.search(queries(1)[0], limit).rows) == 0


@pytest.mark.parametrize("strange", [-1, COUNT, COUNT + 7])
def test_rows_outside_of_the_store_are_not_found(store: VectorStore, strange: int) -> None:
    found = store.search(queries(1)[0], 5, np.array([3, strange], np.int64))
    assert found.rows.tolist() == [3]


def test_a_row_named_twice_is_found_once(store: VectorStore) -> None:
    assert store.search(queries(1)[0], 5, np.array([3, 3], np.int64)).rows.tolist() == [3]


def test_vectors_come_back_as_they_were_stored(store: VectorStore, planted: Vectors) -> None:
    rows = np.array([5, 0, 199, 5], np.int64)
    np.testing.assert_array_equal(store.vectors(rows), planted[rows])
    assert store.vectors(np.empty(0, np.int64)).shape == (0, DIMENSION)


def test_a_store_knows_its_measures(store: VectorStore) -> None:
    assert (store.count, store.dimension) == (COUNT, DIMENSION)


def test_an_empty_store_finds_nothing(make_store: MakeStore) -> None:
    store = make_store(np.empty((0, DIMENSION), np.float32))
    assert (store.count, store.dimension) == (0, DIMENSION)
    assert len(store.search(queries(1)[0], 5).rows) == 0
    assert len(store.search(queries(1)[0], 5, np.array([0], np.int64)).rows) == 0
