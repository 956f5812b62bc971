"""Passages are found by meaning and by words, only where it is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.retrieval import LEXICAL_WEIGHT, Query, find_passages, gather
from index.storage.baseline import Baseline
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

    Ask = Callable[[str, str | None], Query]

UNIT = 0.02


@dataclass
class Passages:
    """Passages whose vectors are chosen, so that what the fusion should do is known."""

    vectors: FaissStore
    words: WordIndex
    passage_baseline: Baseline


def passages(folder: Path, *texts: tuple[str, float]) -> Passages:
    """Return German passages, each with its cosine to the query vector (1, 0)."""
    cosines = np.array([cosine for _, cosine in texts], np.float32)
    vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    deviations = np.full(len(texts), UNIT, np.float32)
    return Passages(
        FaissStore.of(vectors),
        WordIndex.build(folder / "words", ["de"], [("de", text) for text, _ in texts]),
        Baseline(np.zeros(len(texts), np.float32), deviations),
    )


def asked(text: str, language: str | None = "de") -> Query:
    return Query(text, language, np.array([1, 0], np.float32))


@pytest.fixture
def ask(stub: StubEncoder) -> Ask:
    return lambda text, language: Query(text, language, stub.encode_queries([text])[0])


def test_words_and_meaning_together_put_the_right_passage_first(
    small_snapshot: Snapshot, ask: Ask
) -> None:
    found = find_passages(small_snapshot, ask("Danach ölt man die Kette am Rad", "de"), 6)
    assert next(iter(found.fused)) == 2


def test_a_value_is_the_cosine_in_deviations_and_the_weighted_share(tmp_path: Path) -> None:
    corpus = passages(tmp_path, ("Rad Haus", 0.5), ("Turm Stein", 0.4), ("Baum Brot", 0.3))
    found = find_passages(corpus, asked("Haus und Baum"), 3)
    shares = dict(zip(found.lexical.rows.tolist(), found.lexical.shares.tolist(), strict=True))
    assert sorted(shares) == [0, 2]
    assert found.fused == pytest.approx(
        {
            0: 1.5 / UNIT + LEXICAL_WEIGHT * shares[0],
            1: 1.4 / UNIT,
            2: 1.3 / UNIT + LEXICAL_WEIGHT * shares[2],
        }
    )


def test_words_decide_between_near_cosines_and_not_between_far_ones(tmp_path: Path) -> None:
    near = passages(tmp_path / "near", ("Turm Stein", 0.52), ("Rad Haus", 0.50), ("Brot", 0.1))
    assert list(find_passages(near, asked("Haus"), 3).fused)[:2] == [1, 0]
    far = passages(tmp_path / "far", ("Turm Stein", 0.9), ("Rad Haus", 0.5), ("Brot", 0.1))
    assert list(find_passages(far, asked("Haus"), 3).fused)[:2] == [0, 1]


def test_one_name_in_a_foreign_question_counts_less_than_in_a_question_of_known_words(
    tmp_path: Path,
) -> None:
    corpus = passages(tmp_path, ("Köln wächst", 0.5), ("Turm Stein", 0.5), ("Brot", 0.1))
    gains = []
    for question in (asked("Köln wächst"), asked("Does Köln grow quickly now", None)):
        fused = find_passages(corpus, question, 3).fused
        gains.append(fused[0] - fused[1])
    assert gains[0] > 3 * gains[1] > 0


def test_function_words_of_another_language_gain_nothing(tmp_path: Path) -> None:
    corpus = passages(tmp_path, ("Die University of Chicago", 0.5), ("Turm Stein", 0.501))
    question = "The cost of the war"
    assert list(find_passages(corpus, asked(question, None), 2).fused) == [0, 1]
    assert list(find_passages(corpus, asked(question, "en"), 2).fused) == [1, 0]


@pytest.mark.parametrize("question", ["", "?!", "der die das", "quux"])
def test_a_question_of_no_known_word_is_ranked_by_meaning_alone(
    tmp_path: Path, question: str
) -> None:
    corpus = passages(tmp_path, ("Rad", 0.1), ("Haus", 0.5), ("Turm", 0.3))
    found = find_passages(corpus, asked(question), 3)
    assert list(found.fused) == found.dense.rows.tolist() == [1, 2, 0]
    assert found.fused == pytest.approx({1: 1.5 / UNIT, 2: 1.3 / UNIT, 0: 1.1 / UNIT})
    assert not len(found.lexical.rows)


def test_equal_passages_are_all_found_in_their_own_order(tmp_path: Path) -> None:
    corpus = passages(tmp_path, ("Haus", 0.5), ("Haus", 0.5), ("Haus", 0.5))
    assert list(find_passages(corpus, asked("Haus"), 3).fused) == [0, 1, 2]


def test_each_candidate_is_measured_both_ways_wherever_it_was_found(tmp_path: Path) -> None:
    """The nearest passage is third by words, and the best by words is last by meaning."""
    corpus = passages(
        tmp_path,
        ("Haus Stein Turm Brot", 0.9),
        ("Haus Haus Stein", 0.5),
        ("Haus Haus Haus", 0.4),
        ("Rad", 0.8),
    )
    narrow, wide = (gather(corpus, asked("Haus"), limit) for limit in (1, 4))
    assert narrow.rows.tolist() == [0, 2]
    measured = {
        row: (similarity, share)
        for row, similarity, share in zip(wide.rows, wide.similarities, wide.shares, strict=True)
    }
    assert all(measured[row][1] > 0 for row in (0, 2))
    for row, *both in zip(narrow.rows, narrow.similarities, narrow.shares, strict=True):
        assert both == pytest.approx(measured[row])
    assert narrow.fused(6.0) == pytest.approx(
        {row: value for row, value in wide.fused(6.0).items() if row in (0, 2)}
    )


def test_both_rankings_are_told(small_snapshot: Snapshot, ask: Ask) -> None:
    found = find_passages(small_snapshot, ask("Versicherung", "de"), 6)
    assert sorted(found.dense.rows.tolist()) == list(range(6))
    assert found.lexical.rows.tolist() == [0]
    assert found.lexical.bm25[0] > 0
    assert set(found.fused) == set(range(6))


def test_only_what_is_allowed_is_found(small_snapshot: Snapshot, ask: Ask) -> None:
    query = ask("Diensträder", "de")
    among = np.array([1, 3], np.int64)
    for limit in (1, 2, 6):
        assert set(find_passages(small_snapshot, query, limit, among).fused) <= {1, 3}
    assert set(find_passages(small_snapshot, query, 6, among).fused) == {1, 3}
    assert find_passages(small_snapshot, query, 6, np.empty(0, np.int64)).fused == {}
    assert find_passages(small_snapshot, query, 0).fused == {}


def test_a_filter_does_not_change_a_passage_s_value(small_snapshot: Snapshot, ask: Ask) -> None:
    query = ask("Was kosten elektrische Diensträder?", "de")
    everywhere = find_passages(small_snapshot, query, 6).fused
    among = find_passages(small_snapshot, query, 6, np.array([4, 0, 2])).fused
    assert among == pytest.approx({row: everywhere[row] for row in (0, 2, 4)})
