"""A passage keeps its key in the word index wherever its row moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.storage.keys import Keys
from index.storage.recording import Run
from index.storage.wording import can_update, update_words, write_words
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_and_keys_are_each_others() -> None:
    keys = Keys.joined([(100, 3), (0, 2), (50, 0), (7, 4)])
    expected = [100, 101, 102, 0, 1, 7, 8, 9, 10]
    rows = np.arange(9)
    assert keys.keys_of(rows).tolist() == expected
    assert keys.rows_of(np.array(expected)).tolist() == rows.tolist()
    assert (keys.count, keys.unused) == (9, 103)
    assert list(keys.part(2, 6)) == [(102, 1), (0, 2), (7, 1)]
    assert keys.keys_of(np.array([], np.int64)).tolist() == []


def test_what_stands_in_a_row_is_one_run(tmp_path: Path) -> None:
    keys = Keys.joined([(5, 2), (7, 3), (10, 1)])
    assert keys.runs.tolist() == [[0, 5, 6]]
    keys.save(tmp_path)
    assert Keys.open(tmp_path).runs.tolist() == keys.runs.tolist()


def run(passage: int, count: int, old: int) -> Run:
    return Run(passage, count, old, passage, count, old)


def test_an_updated_index_finds_what_a_new_one_finds(tmp_path: Path) -> None:
    """Twice in a row: rows move, one is replaced, one is gone, one is added at the end."""
    texts = [("de", f"Rad {word} Fahrt") for word in ("alpha", "beta", "gamma", "delta")]
    write_words(tmp_path / "1", ["de"], texts)
    update_words(
        tmp_path / "1", tmp_path / "2", ["de"], [run(1, 1, 0), run(3, 2, 2)], 5,
        [("de", "Rad neu Fahrt"), ("de", "Rad silber Fahrt")],
    )  # fmt: skip
    update_words(
        tmp_path / "2", tmp_path / "3", ["de"], [run(0, 2, 1), run(2, 1, 4)], 4,
        [("de", "Rad zuletzt Fahrt")],
    )  # fmt: skip
    told = {"alpha": 0, "silber": 1, "delta": 2, "zuletzt": 3}
    index = WordIndex.open(tmp_path / "3", ["de"])
    assert index.count == 4
    for word, row in told.items():
        assert index.search(word, 9).rows.tolist() == [row]
        assert index.search(word, 9, among=np.array([row])).rows.tolist() == [row]
    for word in ("beta", "gamma", "neu"):
        assert not len(index.search(word, 9).rows)
    everywhere = index.search("Rad", 9)
    assert sorted(everywhere.rows.tolist()) == [0, 1, 2, 3]
    assert (everywhere.shares >= 0).all()
    assert WordIndex.open(tmp_path / "1", ["de"]).count == 4


@pytest.mark.parametrize(
    ("kept", "count", "updated"),
    [
        (2000, 2000, True),
        (1950, 2000, True),
        (1800, 2000, False),
        (1900, 1900, False),
        (2000, 2050, True),
    ],
)
def test_an_index_of_which_much_was_replaced_is_written_anew(
    tmp_path: Path, kept: int, count: int, *, updated: bool
) -> None:
    """And so is a small one: then frequencies of words are exact."""
    Keys.counted(2000).save(tmp_path)
    assert can_update(tmp_path, [run(0, kept, 0)], count) is updated
