"""Vectors and words are found in PostgreSQL as they are in a folder, and as brute force does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.storage.postgres import vectors as postgres_vectors
from index.storage.postgres.connecting import Database
from index.storage.postgres.migrating import migrate
from index.storage.postgres.shelf import PostgresShelf
from tests.index.storage.postgres.made import make_snapshot, random_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.encoding.protocol import Vectors
    from index.storage.protocol import Snapshot
    from index.storage.vectors import Rows
    from tests.postgres import PostgresServer

COUNT, DIMENSION = 300, 24
GERMAN = "Rad Räder Haus Häuser Geld Firma Stadt Baum Straße Winter Kosten Schule und der die"
ENGLISH = "bicycle house houses money company city tree street winter cost school and the of"
STRANGE = [
    'Rad AND "Geld', "NOT Haus", "text_de:Haus", "Rad~2 Hä*", "", "   ", "?!…", "🙈", "der die das",
    "unbekanntes", "of the", "\0", "ḧ" * 70, "HÄUSERN", "houses' cost",
]  # fmt: skip


def _texts() -> list[tuple[str, str]]:
    """Return texts whose words are as unequally frequent as words are, 1 to 500 of them."""
    random = np.random.default_rng(3)
    texts = []
    for at in range(COUNT):
        language, words = (("de", GERMAN), ("en", ENGLISH))[at % 3 == 0]
        known = [*words.split(), *(f"{language}wort{n}" for n in range(60))]
        odds = 1 / np.arange(1, len(known) + 1)
        length = int(random.choice([1, 3, 12, 41, 43, 90, 500]))
        drawn = random.choice(known, length, p=odds / odds.sum())
        texts.append((language, " ".join(drawn.tolist())))
    return texts


@pytest.fixture(scope="module")
def planted() -> Vectors:
    return random_vectors(COUNT, DIMENSION)


@pytest.fixture(scope="module")
def both(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory, planted: Vectors
) -> Iterator[dict[str, Snapshot]]:
    """Keep the same snapshot in a folder and in a database."""
    url = postgres_server.new_database()
    migrate(url)
    database = Database(url)
    data = tmp_path_factory.mktemp("made")
    shelf = PostgresShelf(data, database)
    with shelf.building():
        local = make_snapshot(data / "snapshots" / "made.building", _texts(), planted)
        shelf.publish(local.folder)
    yield {"folder": local, "postgres": shelf.open_current()}
    database.close()
    postgres_server.drop_database(url)


@pytest.fixture(params=["folder", "postgres"])
def snapshot(request: pytest.FixtureRequest, both: dict[str, Snapshot]) -> Snapshot:
    return both[request.param]


def queries(count: int) -> Vectors:
    return random_vectors(count, DIMENSION, seed=11)


def test_a_stored_vector_finds_itself(snapshot: Snapshot, planted: Vectors) -> None:
    for row in range(0, COUNT, 20):
        found = snapshot.vectors.search(planted[row], 1)
        assert found.rows.tolist() == [row]
        assert found.similarities[0] == pytest.approx(1, abs=1e-3)
    snapshot.check_planted()


@pytest.mark.parametrize("limit", [1, 10, COUNT, COUNT + 50])
def test_search_equals_brute_force(snapshot: Snapshot, planted: Vectors, limit: int) -> None:
    for query in queries(3):
        similarities = planted @ query
        expected = np.argsort(-similarities)[:limit]
        found = snapshot.vectors.search(query, limit)
        assert found.rows.tolist() == expected.tolist()
        np.testing.assert_allclose(found.similarities, similarities[expected], atol=1e-6)


@pytest.mark.parametrize("size", [1, 5, 57, COUNT])
@pytest.mark.parametrize("few", [0, 10, 2000])
def test_a_filtered_search_equals_brute_force_over_the_filter(
    snapshot: Snapshot, planted: Vectors, size: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the filter is measured here, gone through there, or passed over an index."""
    monkeypatch.setattr(postgres_vectors, "_SEEN_ALL", few)
    among = np.random.default_rng(size).permutation(COUNT)[:size].astype(np.int64)
    for query in queries(2):
        similarities = planted @ query
        expected = sorted(among.tolist(), key=lambda row: -similarities[row])[:10]
        found = snapshot.vectors.search(query, 10, among)
        assert found.rows.tolist() == expected
        np.testing.assert_allclose(found.similarities, similarities[expected], atol=1e-6)


def test_odd_filters_are_taken_as_they_are_meant(snapshot: Snapshot) -> None:
    query = queries(1)[0]
    store = snapshot.vectors
    assert store.search(query, 5, np.empty(0, np.int64)).rows.tolist() == []
    assert store.search(query, 5, np.array([3, COUNT + 7], np.int64)).rows.tolist() == [3]
    assert store.search(query, 5, np.array([3, 3], np.int64)).rows.tolist() == [3]
    assert len(store.search(query, 0).rows) == len(store.search(query, -1).rows) == 0


def test_vectors_come_back_as_they_were_stored(snapshot: Snapshot, planted: Vectors) -> None:
    rows = np.array([5, 0, 299, 5], np.int64)
    np.testing.assert_array_equal(snapshot.vectors.vectors(rows), planted[rows])
    assert snapshot.vectors.vectors(np.empty(0, np.int64)).shape == (0, DIMENSION)
    assert (snapshot.vectors.count, snapshot.vectors.dimension) == (COUNT, DIMENSION)


def _asked() -> list[tuple[str, int, Rows | None, str | None]]:
    random = np.random.default_rng(5)
    known = [*GERMAN.split(), *ENGLISH.split(), *(f"dewort{n}" for n in range(60)), "fremdes"]
    asked: list[tuple[str, int, Rows | None, str | None]] = []
    for at in range(60):
        text = " ".join(random.choice(known, int(random.integers(1, 7))).tolist())
        rows = random.permutation(COUNT)[: int(random.integers(0, 60))].astype(np.int64)
        among = rows if at % 2 else None
        asked.append((text, int(random.choice([1, 10, 400])), among, (None, "en", "de")[at % 3]))
    return [*asked, *((text, 10, None, "en") for text in STRANGE)]


def test_words_are_found_in_tantivy_s_order(both: dict[str, Snapshot]) -> None:
    hits = 0
    for text, limit, among, language in _asked():
        one = both["folder"].words.search(text, limit, among, language)
        other = both["postgres"].words.search(text, limit, among, language)
        np.testing.assert_allclose(other.bm25, one.bm25, rtol=2e-6)
        np.testing.assert_allclose(other.shares, one.shares, rtol=2e-6)
        differ = other.rows != one.rows
        ties = [
            np.flatnonzero(np.isclose(one.bm25, one.bm25[at], rtol=2e-6))
            for at in differ.nonzero()[0]
        ]
        assert all(len(tie) > 1 for tie in ties), (text, one, other)
        hits += len(one.rows)
    assert hits > 1000
    assert both["folder"].words.count == both["postgres"].words.count == COUNT


def test_equal_passages_come_in_their_own_order(both: dict[str, Snapshot]) -> None:
    one, other = (both[name].words.search("Rad", 400) for name in ("folder", "postgres"))
    assert other.rows.tolist() == one.rows.tolist()
    assert len(set(one.bm25.tolist())) < len(one.rows)
