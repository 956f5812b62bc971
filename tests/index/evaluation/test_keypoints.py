"""Key points are measured as the shared task measures them, and as answers would hide excerpts."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from index.answering.keypoints import KeyPoints, Likelihood
from index.evaluation.keypoints import (
    OURS,
    OWN,
    PART,
    Way,
    as_way,
    hidden,
    lexical_way,
    matching_precision,
    measure,
    pair_precision,
    pairs_table,
    raw_way,
    repeats,
)
from index.evaluation.samepoint import (
    NO,
    OPEN,
    YES,
    Sorted,
    Texts,
    embedded,
    read_argkp,
    read_own,
    same_point,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.answering.advisor import Advisor
    from index.encoding.protocol import Vectors
    from index.evaluation.parts import Folders

ROOT = Path(__file__).parents[3]
SURE = KeyPoints(Likelihood(20, -10, 0.5), np.eye(26))


def by_letter(texts: Sequence[str]) -> Vectors:
    """Return one direction for each first letter."""
    return np.eye(26, dtype=np.float32)[[ord(text[0]) - ord("a") for text in texts]]


def interval_of(table: dict[str, Any], row: str, column: str) -> float:
    mean: float = table[row][column]["mean"]
    return mean


@pytest.fixture
def argkp(tmp_path: Path) -> Path:
    """Return a folder with two sides of a motion; first letters tell the key points."""
    arguments = ["ant", "arc", "bee", "bay", "axe", "cat", "cow", "dog", "dew", "cup"]
    folder = tmp_path / "kpm_data"
    folder.mkdir()

    def write(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        with (folder / f"{name}_dev.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])

    stances = {"a": 1, "b": 1, "c": -1, "d": -1}
    head = ("topic", "stance")
    write(
        "arguments",
        ("arg_id", "argument", *head),
        [(word, f"`{word}", "We should", stances[word[0]]) for word in arguments],
    )
    write(
        "key_points",
        ("key_point_id", "key_point", *head),
        [(letter, f"{letter} point", "We should", stances[letter]) for letter in stances],
    )
    write(
        "labels",
        ("arg_id", "key_point_id", "label"),
        [
            (word, letter, int(word[0] == letter))
            for word in arguments
            for letter in stances
            if stances[letter] == stances[word[0]] and (word, letter) != ("axe", "b")
        ],
    )
    return folder


def test_argkp_is_read_by_side_with_missing_labels_open(argkp: Path) -> None:
    first, second = read_argkp(argkp, "dev")
    assert (first.motion, first.stance) == ("We should", "1")
    assert first.arguments == ("ant", "arc", "bee", "bay", "axe")
    assert first.key_points == ("a point", "b point")
    assert first.labels.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [1, OPEN]]
    assert second.arguments == ("cat", "cow", "dog", "dew", "cup")


def test_arguments_make_the_same_point_when_they_share_a_key_point() -> None:
    """What no label tells stays open: a missing one, and two that match nothing."""
    labels = np.array([[1, 0], [1, 1], [0, 1], [0, 0], [0, 0], [1, OPEN]], np.int8)
    same = same_point(labels)
    assert np.array_equal(same, same.T)
    assert same.tolist()[0] == [OPEN, YES, NO, NO, NO, YES]
    assert same[1, 2] == YES
    assert same[3, 4] == OPEN
    assert same[2, 5] == OPEN


def test_the_surer_half_is_scored_by_its_best_key_points() -> None:
    """By hand: of four arguments two are scored, the surest wrong and the next right."""
    labels = np.array([[0, 1], [1, 0], [1, 1], [1, 1]], np.int8)
    likeness = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.1], [0.2, 0.1]])
    assert matching_precision(labels, likeness) == (0.5, 0.5)


def test_an_unlabelled_match_is_wrong_when_strict_and_right_when_relaxed() -> None:
    labels = np.array([[OPEN], [1], [0], [0]], np.int8)
    likeness = np.array([[0.9], [0.8], [0.3], [0.2]])
    assert matching_precision(labels, likeness) == (0.5, 1.0)


def test_a_half_without_a_match_scores_nothing() -> None:
    assert matching_precision(np.zeros((4, 1), np.int8), np.ones((4, 1))) == (0.0, 0.0)


def test_pairs_are_scored_once_and_only_where_told() -> None:
    same = np.array([[OPEN, YES, NO], [YES, OPEN, OPEN], [NO, OPEN, OPEN]], np.int8)
    right = np.array([[1, 0.9, 0.2], [0.9, 1, 1.0], [0.2, 1.0, 1]])
    assert pair_precision(same, right) == 1.0
    assert pair_precision(same, -right) == 0.5
    assert pair_precision(np.full((3, 3), YES, np.int8), right) is None


def test_what_is_hidden_is_held_against_what_stands_for_it() -> None:
    same = np.array([[OPEN, YES, NO], [YES, OPEN, OPEN], [NO, OPEN, OPEN]], np.int8)
    assert hidden([(0, 1, 2)], same) == [YES, NO]
    assert hidden([(0,), (1, 2)], same) == [OPEN]
    assert repeats(same) == 1


def test_planted_points_are_matched_and_found(argkp: Path, tmp_path: Path) -> None:
    result = measure(by_letter, SURE, argkp, tmp_path / "none.jsonl")
    matching, among = (table.plain() for table in result.tables)
    assert interval_of(matching, OURS, "mAP strict") == 1.0
    for column in ("pairs, AP", "precision", "recall", "F1", "rightly hidden", "repeats found"):
        assert interval_of(among, OURS, column) == 1.0
    assert len(result.absent) == 1


def test_f1_is_that_of_the_pairs() -> None:
    """Of six pairs one is rightly joined, one wrongly, and one is missed: 2 / (2 + 1 + 1)."""
    same = np.full((4, 4), NO, np.int8)
    likeness = np.zeros((4, 4))
    for one, other, label, joined in ((0, 1, YES, 1), (0, 2, NO, 1), (1, 3, YES, 0)):
        same[one, other] = same[other, one] = label
        likeness[one, other] = likeness[other, one] = joined
    texts = Texts(("a", "b", "c", "d"), by_letter(("a", "b", "c", "d")), by_letter("a"))
    way = Way(lambda _one, _two: likeness, lambda _: likeness, 0.5)
    table = pairs_table("planted", {"way": way}, [Sorted(texts, same)]).plain()
    assert interval_of(table, "way", "F1") == 0.5
    assert interval_of(table, "way", "precision") == 0.5
    assert interval_of(table, "way", "recall") == 0.5


def test_where_nothing_is_hidden_its_rightness_is_not_told() -> None:
    texts = Texts(("a", "b"), by_letter(("a", "b")), by_letter(("a", "b")))
    side = Sorted(texts, np.array([[OPEN, NO], [NO, OPEN]], np.int8))
    cells = pairs_table("planted", {OURS: as_way(SURE), "raw cosine": raw_way()}, [side]).rows[OURS]
    assert cells == (None,) * len(cells)


def test_texts_are_surrounded_by_all_of_their_subject() -> None:
    one, two, three = embedded(["x", "x", "y"], [("a", "b"), ("c",), ("d",)], by_letter)
    assert np.array_equal(one.vectors, by_letter(("a", "b")))
    assert np.array_equal(one.around, two.around)
    assert len(two.around) == 3
    assert np.array_equal(three.around, by_letter(("d",)))


def test_words_alone_compare_words() -> None:
    vectors = np.eye(3, dtype=np.float32)
    texts = Texts(("the sun shines", "the sun sets", "no moon"), vectors, vectors)
    found = lexical_way().pairs(texts)
    assert found[0, 1] > found[0, 2] == 0
    assert np.allclose(np.diag(found), 1)


def test_our_own_file_marks_what_may_be_read_either_way(write_lines: Callable[..., Path]) -> None:
    points = [
        {"point": "one", "quotes": ["a", "b"]},
        {"point": "two", "quotes": ["c"]},
        {"point": "three", "quotes": ["d", "a"]},
    ]
    line = {"documents": "seeds", "points": points, "either": [["one", "two"]]}
    other = {"documents": "seeds", "points": [{"point": "four", "quotes": ["e"]}]}
    first, second = read_own(write_lines(OWN, line, other), by_letter)
    assert first.texts.texts == ("a", "b", "c", "d")
    assert first.same.tolist()[0] == [OPEN, YES, OPEN, YES]
    assert first.same[1].tolist() == [YES, OPEN, OPEN, NO]
    assert first.same[2, 3] == NO
    assert len(second.texts.around) == 5
    assert np.array_equal(second.texts.vectors, by_letter(("e",)))


def test_our_own_quotations_stand_in_our_documents() -> None:
    """Word for word; and what may be read either way are points of that side."""
    seen: list[str] = []

    def embed(texts: Sequence[str]) -> Vectors:
        seen.extend(texts)
        return np.zeros((len(texts), 1), np.float32)

    sides = read_own(ROOT / "evals" / OWN, embed)
    documents = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("seeds", "examples/home-office")
        for path in sorted((ROOT / folder).iterdir())
        if path.suffix in {".txt", ".md"}
    )
    assert [quote for quote in seen if quote not in documents] == []
    assert sum(int((side.same == YES).sum()) for side in sides) // 2 > 100


def test_the_part_says_what_is_not_there(folders: Folders) -> None:
    encoder = SimpleNamespace(fingerprint="planted", encode_passages=by_letter)
    result = PART.run(cast("Advisor", SimpleNamespace(encoder=encoder)), folders)
    assert not result.tables
    assert [line.split(":")[0] for line in result.absent] == ["not measured", "not measured"]


def test_another_encoder_has_no_row_of_ours(argkp: Path, tmp_path: Path) -> None:
    result = measure(by_letter, KeyPoints(SURE.likelihood), argkp, tmp_path / "none.jsonl")
    assert OURS not in result.tables[0].plain()
