"""Places are those of planted passages, and no question helps to fit what it is measured with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.retrieval import Query
from index.evaluation.bootstrap import Interval
from index.evaluation.retrieval import (
    BM25,
    BY_RANK,
    DENSE,
    ENCODER,
    HYBRID,
    LEXICAL,
    WEIGHTS,
    Asked,
    Course,
    CrossFit,
    bm25_alone,
    cross_fit,
    differences_table,
    encoder_alone,
    fit,
    measures_table,
    passage_set,
    place,
    run_course,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.encoding.protocol import Vectors

TEXTS = ["Das Rad rollt.", "Im Haus brennt Licht.", "Der Turm steht.", "Ein Baum wächst."]
NOWHERE = math.inf


def plane(*degrees: float) -> Vectors:
    """Return unit vectors in a plane, so that the nearest is the one of the nearest angle."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


VECTORS = plane(0, 30, 60, 90)


def asked(text: str, degrees: float, gold: int, group: str = "a") -> Asked:
    return Asked(Query(text, "de", plane(degrees)[0]), gold, group)


def course(
    name: str,
    groups: Sequence[str],
    hybrid: Mapping[float, Sequence[float]],
    ways: Mapping[str, Sequence[float]] | None = None,
) -> Course:
    """Return a course where weights that are not named find nothing."""
    nothing = np.full(len(groups), NOWHERE)
    by_weight = {weight: np.array(hybrid.get(weight, nothing)) for weight in WEIGHTS}
    places = {way: np.array(found) for way, found in (ways or {}).items()}
    return Course(name, tuple(groups), places, by_weight)


def everything(*courses: Course) -> list[np.ndarray]:
    return [np.ones(len(one.groups), np.bool_) for one in courses]


def test_a_place_counts_from_one_and_is_infinite_where_there_is_none() -> None:
    assert place(7, [7, 3]) == 1
    assert place(3, iter([7, 3])) == 2
    assert place(5, [7, 3]) == place(5, []) == NOWHERE


def test_the_encoder_alone_ranks_every_passage_by_its_cosine() -> None:
    rank = encoder_alone(VECTORS)
    assert list(rank(asked("", 0, 0).query)) == [0, 1, 2, 3]
    assert list(rank(asked("", 70, 0).query)) == [2, 3, 1, 0]
    assert list(encoder_alone(plane(5, 5, 5))(asked("", 5, 0).query)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Welche Häuser und Lichter?", [1]),
        ("BÄUME", [3]),
        ("Rad, Rad, Turm", [0, 2]),
        ("quux", []),
        ("der die das", []),
        ("", []),
    ],
)
def test_the_other_bm25_finds_words_by_their_stems_and_nothing_else(
    question: str, rows: list[int]
) -> None:
    assert sorted(bm25_alone("de", TEXTS)(asked(question, 0, 0).query)) == rows


def test_the_other_bm25_puts_what_says_more_first() -> None:
    rank = bm25_alone("en", ["The boat sails.", "Boats and harbours.", "A harbour of the boat."])
    assert next(iter(rank(asked("Which boats sail?", 0, 0).query))) == 0
    assert set(rank(asked("harbour", 0, 0).query)) == {1, 2}


def test_gold_is_found_where_it_was_planted(tmp_path: Path) -> None:
    passages = passage_set(tmp_path / "words", "de", TEXTS, VECTORS, plane(10, 80, 120))
    found = run_course(
        "de→de",
        passages,
        [
            asked("Turm", 58, gold=2),
            asked("quux", 58, gold=2, group="b"),
            asked("Rad", 88, gold=3, group="b"),
        ],
        {ENCODER: encoder_alone(VECTORS), BM25: bm25_alone("de", TEXTS)},
    )
    assert found.groups == ("a", "b", "b")
    assert {way: places.tolist() for way, places in found.places.items()} == {
        DENSE: [1, 1, 1],
        LEXICAL: [1, NOWHERE, NOWHERE],
        BY_RANK: [1, 1, 2],
        ENCODER: [1, 1, 1],
        BM25: [1, NOWHERE, NOWHERE],
    }
    assert set(found.hybrid) == set(WEIGHTS)
    assert found.hybrid[1.0].tolist() == [1, 1, 1]


def test_a_heavier_weight_lets_words_lead(tmp_path: Path) -> None:
    """Row 1 is nearer by two degrees, row 0 says the word; the cohort differs by one degree."""
    passages = passage_set(tmp_path / "words", "de", TEXTS, VECTORS, plane(45, 46))
    found = run_course("x", passages, [asked("Rad", 16, gold=0)], {}).hybrid
    assert [found[weight].tolist() for weight in (1.0, 16.0)] == [[2], [1]]


def test_fitting_chooses_the_weight_of_the_highest_mrr() -> None:
    one = course("x", "abc", {2.0: [1, 2, 9], 4.0: [1, 1, 9], 8.0: [1, 3, 1]})
    assert fit([one], everything(one)) == 8.0
    assert fit([one], [np.array([True, True, False])]) == 4.0


def test_of_equal_weights_the_lower_one_is_fitted() -> None:
    one = course("x", "ab", {3.0: [1, 2], 6.0: [2, 1]})
    assert fit([one], everything(one)) == 3.0


def test_courses_count_alike_however_many_questions_they_have() -> None:
    long = course("long", "abcdef", {2.0: [1] * 6, 8.0: [2] * 6})
    short = course("short", "a", {2.0: [10], 8.0: [1]})
    assert fit([long], everything(long)) == 2.0
    assert fit([long, short], everything(long, short)) == 8.0


def test_no_group_is_measured_with_a_weight_that_it_chose() -> None:
    """Only `a` is found by 2 and only the others by 8: each fold holds one group."""
    one = course("x", "aabcd", {2.0: [1, 1, 4, 4, 4], 8.0: [5, 5, 1, 1, 1]})
    fitted = cross_fit([one], [one], folds=4)
    assert fitted.weights == (8.0, 2.0, 2.0, 2.0)
    assert fitted.places["x"].tolist() == [5, 5, 4, 4, 4]
    assert fitted.weight == 8.0


def test_a_group_is_held_out_of_every_course_at_once() -> None:
    """In the second course the groups come in another order; their folds are the same."""
    german = course("de→de", "ab", {2.0: [1, 9], 8.0: [9, 1]})
    english = course("en→de", "ba", {2.0: [9, 1], 8.0: [1, 9]})
    fitted = cross_fit([german, english], [german, english], folds=2)
    assert fitted.weights == (8.0, 2.0)
    assert fitted.places["de→de"].tolist() == fitted.places["en→de"].tolist() == [9, 9]


def test_a_course_can_be_measured_that_chooses_nothing() -> None:
    chooses = course("chooses", "ab", {8.0: [1, 1]})
    measured = course("measured", "ab", {2.0: [1, 1], 8.0: [4, 2]})
    fitted = cross_fit([chooses, measured], [chooses], folds=2)
    assert fitted.weights == (8.0, 8.0)
    assert fitted.places["measured"].tolist() == [4, 2]


def tables() -> tuple[Course, CrossFit]:
    one = course("de→de", "aabb", {}, {DENSE: [2, 1, 1, 9], BM25: [4, NOWHERE, 2, 6]})
    return one, CrossFit({"de→de": np.array([1, 5, 6, 1])}, (6.0,), 6.0)


def test_mrr_and_recall_are_those_computed_by_hand() -> None:
    one, fitted = tables()
    table = measures_table("x", [one], fitted)
    assert table.columns == ("ranking", "de→de MRR", "de→de recall@5")
    assert list(table.rows) == [HYBRID, DENSE, BM25]
    means = {
        way: [cell.mean for cell in cells if isinstance(cell, Interval)]
        for way, cells in table.rows.items()
    }
    assert means[HYBRID] == pytest.approx([(1 + 1 / 5 + 1 / 6 + 1) / 4, 0.75])
    assert means[DENSE] == pytest.approx([(1 / 2 + 1 + 1 + 1 / 9) / 4, 0.75])
    assert means[BM25] == pytest.approx([(1 / 4 + 0 + 1 / 2 + 1 / 6) / 4, 0.5])


def test_differences_are_against_what_is_to_be_led_and_of_the_same_questions() -> None:
    one, fitted = tables()
    table = differences_table("x", [one], fitted)
    assert list(table.rows) == [f"{HYBRID} − {BM25}"]
    mrr, recall = table.rows[f"{HYBRID} − {BM25}"]
    assert isinstance(mrr, Interval)
    assert isinstance(recall, Interval)
    by_question = np.array([1, 1 / 5, 1 / 6, 1]) - np.array([1 / 4, 0, 1 / 2, 1 / 6])
    assert mrr.mean == pytest.approx(by_question.mean())
    assert mrr.low == pytest.approx(by_question[2:].mean()), "whole groups are drawn: a or b"
    assert mrr.high == pytest.approx(by_question[:2].mean())
    assert recall.mean == pytest.approx(0.25)


def test_a_tie_with_a_peer_is_told_as_nothing() -> None:
    one = course("x", "ab", {}, {ENCODER: [1, 3]})
    table = differences_table("x", [one], CrossFit({"x": np.array([1, 3])}, (6.0,), 6.0))
    for cell in table.rows[f"{HYBRID} − {ENCODER}"]:
        assert isinstance(cell, Interval)
        assert (cell.mean, cell.low, cell.high) == (0, 0, 0)
