"""Passages are found by meaning and by words, only where it is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.retrieval import Query, find_passages

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

    Ask = Callable[[str, str | None], Query]


@pytest.fixture
def ask(stub: StubEncoder) -> Ask:
    return lambda text, language: Query(text, language, stub.encode_queries([text])[0])


def test_words_and_meaning_together_put_the_right_passage_first(
    small_snapshot: Snapshot, ask: Ask
) -> None:
    found = find_passages(small_snapshot, ask("Danach ölt man die Kette am Rad", "de"), 6)
    assert next(iter(found.fused)) == 2


def test_both_rankings_count(small_snapshot: Snapshot, ask: Ask) -> None:
    query = ask("Versicherung", "de")
    found = find_passages(small_snapshot, query, 6)
    dense = found.dense.rows.tolist()
    assert sorted(dense) == list(range(6))
    place = dense.index(0) + 1
    assert found.fused[0] == pytest.approx(1 / (60 + place) + 1 / 61)


def test_words_of_a_foreign_question_count_less(small_snapshot: Snapshot, ask: Ask) -> None:
    own = find_passages(small_snapshot, ask("Versicherung", "de"), 6)
    foreign = find_passages(small_snapshot, ask("Versicherung", "tr"), 6)
    assert own.fused[0] - foreign.fused[0] == pytest.approx(0.7 / 61)


def test_only_what_is_allowed_is_found(small_snapshot: Snapshot, ask: Ask) -> None:
    query = ask("Diensträder", "de")
    among = np.array([1, 3], np.int64)
    assert set(find_passages(small_snapshot, query, 6, among).fused) == {1, 3}
    assert find_passages(small_snapshot, query, 6, np.empty(0, np.int64)).fused == {}
