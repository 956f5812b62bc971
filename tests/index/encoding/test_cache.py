"""Nothing is embedded twice, and nothing is mistaken for something else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.encoding.cache import EmbeddingCache, marks_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.index.conftest import StubEncoder

TEXTS = ["ein Rad", "zwei Räder", "ein Rad", ""]


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "new" / "embeddings.sqlite")


def test_vectors_are_the_encoders_in_the_order_of_the_texts(
    cache: EmbeddingCache, stub: StubEncoder
) -> None:
    for _ in range(2):
        found = cache.encode_passages(stub, TEXTS).vectors
        np.testing.assert_array_equal(found, stub.encode_passages(TEXTS))
        assert found.dtype == np.float32


def test_a_text_is_computed_once(cache: EmbeddingCache, stub: StubEncoder) -> None:
    assert cache.encode_passages(stub, TEXTS).computed == 3
    assert sorted(stub.encoded) == sorted(("passage", text) for text in set(TEXTS))
    assert cache.encode_passages(stub, TEXTS).computed == 0
    assert len(stub.encoded) == 3


def test_a_new_process_finds_what_was_kept(tmp_path: Path, stub: StubEncoder) -> None:
    EmbeddingCache(tmp_path / "e.sqlite").encode_passages(stub, TEXTS)
    assert EmbeddingCache(tmp_path / "e.sqlite").encode_passages(stub, TEXTS).computed == 0


def test_only_what_is_new_is_computed(cache: EmbeddingCache, stub: StubEncoder) -> None:
    cache.encode_passages(stub, TEXTS)
    assert cache.encode_passages(stub, [*TEXTS, "drei Räder"]).computed == 1
    assert stub.encoded[-1] == ("passage", "drei Räder")


def test_what_an_earlier_version_kept_is_taken_over(tmp_path: Path, stub: StubEncoder) -> None:
    kept = EmbeddingCache(tmp_path / "e.sqlite").encode_passages(stub, TEXTS).vectors
    with closing(sqlite3.connect(tmp_path / "e.sqlite")) as database:
        database.executescript(
            "CREATE TABLE vectors (model TEXT NOT NULL, content BLOB NOT NULL,"
            " vector BLOB NOT NULL, PRIMARY KEY (model, content)) WITHOUT ROWID;"
            "INSERT INTO vectors SELECT model, content, vector FROM passage_vectors;"
            "DROP TABLE passage_vectors;"
        )
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    found = cache.encode_passages(stub, TEXTS)
    assert found.computed == 0
    np.testing.assert_array_equal(found.vectors, kept)
    assert cache.passages() == 3
    with closing(sqlite3.connect(tmp_path / "e.sqlite")) as database:
        assert not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchone()


def test_vectors_take_little_more_room_than_their_numbers(
    tmp_path: Path, stub: StubEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = np.ones((64, 384), np.float32)
    monkeypatch.setattr(stub, "encode_passages", lambda texts: wide[: len(texts)])
    path = tmp_path / "e.sqlite"
    EmbeddingCache(path).encode_passages(stub, [f"ein Rad, {n} Speichen" for n in range(2_000)])
    assert path.stat().st_size < 1.5 * 2_000 * wide[0].nbytes


def test_another_model_computes_anew(
    cache: EmbeddingCache, make_stub: Callable[..., StubEncoder]
) -> None:
    first, second = make_stub("one"), make_stub("two")
    before = cache.encode_passages(first, TEXTS).vectors
    after = cache.encode_passages(second, TEXTS)
    assert after.computed == 3
    assert not np.allclose(before, after.vectors)
    assert cache.encode_passages(first, TEXTS).computed == 0


def test_a_question_is_no_passage(cache: EmbeddingCache, stub: StubEncoder) -> None:
    passage = cache.encode_passages(stub, ["ein Rad"]).vectors
    query = cache.encode_queries(stub, ["ein Rad"])
    assert query.computed == 1
    assert stub.encoded == [("passage", "ein Rad"), ("query", "ein Rad")]
    assert not np.allclose(passage, query.vectors)


def test_no_texts_give_no_vectors(cache: EmbeddingCache, stub: StubEncoder) -> None:
    found = cache.encode_passages(stub, [])
    assert found.vectors.shape == (0, stub.dimension)
    assert (found.computed, stub.encoded) == (0, [])


def test_progress_counts_what_is_missing(cache: EmbeddingCache, stub: StubEncoder) -> None:
    told: list[tuple[int, int]] = []
    cache.encode_passages(stub, ["alt"])
    texts = ["alt", *(f"Rad {number}" for number in range(100))]
    cache.encode_passages(stub, texts, lambda done, missing: told.append((done, missing)))
    assert told == [(0, 100), (64, 100), (100, 100)]


def test_a_kill_in_the_middle_keeps_what_was_done(
    cache: EmbeddingCache, make_stub: Callable[..., StubEncoder]
) -> None:
    texts = [f"Rad {number}" for number in range(100)]
    with pytest.raises(InterruptedError):
        cache.encode_passages(make_stub(limit=64), texts)
    again = make_stub()
    assert cache.encode_passages(again, texts).computed == 36
    assert len(again.encoded) == 36


def test_only_passages_with_a_mark_are_kept_and_all_questions(
    cache: EmbeddingCache, stub: StubEncoder
) -> None:
    cache.encode_passages(stub, TEXTS)
    cache.encode_queries(stub, TEXTS)
    assert cache.keep_passages(stub.fingerprint, marks_of(["ein Rad", "drei Räder"])) == 2
    assert cache.encode_passages(stub, ["ein Rad"]).computed == 0
    assert cache.encode_queries(stub, TEXTS).computed == 0
    assert cache.keep_passages(stub.fingerprint, marks_of([])) == 1
    assert cache.passages() == 0


def test_another_models_vectors_are_not_touched(
    cache: EmbeddingCache, make_stub: Callable[..., StubEncoder]
) -> None:
    models = [make_stub(name) for name in ("one", "three", "two")]
    for model in models:
        cache.encode_passages(model, TEXTS)
        cache.encode_queries(model, TEXTS)
    cache.keep_passages("two", marks_of([]))
    assert cache.passages() == 6
    cache.keep_models(["three"])
    assert cache.passages() == 3
    assert cache.encode_queries(models[1], TEXTS).computed == 0
    assert cache.encode_queries(models[0], TEXTS).computed == 3


def test_the_file_shrinks_with_what_is_kept(tmp_path: Path, stub: StubEncoder) -> None:
    path = tmp_path / "e.sqlite"
    cache, texts = EmbeddingCache(path), [f"Rad {number}" for number in range(3_000)]
    cache.encode_passages(stub, texts)
    before = path.stat().st_size
    cache.keep_passages(stub.fingerprint, marks_of(texts[:300]))
    assert path.stat().st_size < before / 5
    assert cache.encode_passages(stub, texts[:300]).computed == 0
