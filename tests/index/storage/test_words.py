"""Words find passages by their stems, in any language of the corpus, whatever is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SnapshotDamaged
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    ("de", "Unternehmen ziehen sich aus sozialen Netzwerken zurück."),
    ("de", "Räder und Häuser kosten Geld, sehr viel Geld."),
    ("en", "Companies were leaving their networks."),
    ("tr", "Şirketler kitapları seviyor."),
    ("zh", "公司 网络"),
    ("de", "Und oder nicht der die das AND OR NOT."),
]
LANGUAGES = sorted({language for language, _ in TEXTS})


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    folder = tmp_path_factory.mktemp("index") / "words"
    WordIndex.build(folder, LANGUAGES, TEXTS)
    return WordIndex.open(folder, LANGUAGES)


def test_a_built_index_answers_as_an_opened_one(tmp_path: Path, words: WordIndex) -> None:
    built = WordIndex.build(tmp_path / "words", LANGUAGES, TEXTS)
    assert built.count == words.count == len(TEXTS)
    assert built.search("Netzwerk", 5).tolist() == words.search("Netzwerk", 5).tolist() == [0]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Netzwerk", 0),
        ("NETZWERKES", 0),
        ("soziales", 0),
        ("Haus", 1),
        ("kostet", 1),
        ("company", 2),
        ("network left leave", 2),
        ("kitap", 3),
        ("网络", 4),
    ],
)
def test_a_word_is_found_by_its_stem(words: WordIndex, question: str, row: int) -> None:
    assert words.search(question, 5).tolist()[0] == row


def test_a_word_counts_the_more_the_rarer_and_the_more_often(tmp_path: Path) -> None:
    texts = [("de", "Rad Haus Baum"), ("de", "Rad Rad Rad"), ("de", "Haus Haus Stein")]
    words = WordIndex.build(tmp_path / "words", ["de"], texts)
    assert words.search("Rad", 5).tolist() == [1, 0]
    assert words.search("Stein Haus Rad", 1).tolist() == [2]


def test_limit_is_kept(words: WordIndex) -> None:
    question = "Netzwerk Geld company"
    assert len(words.search(question, 5)) == 3
    assert len(words.search(question, 2)) == 2
    assert len(words.search(question, 0)) == 0


def test_only_rows_of_the_filter_are_found(words: WordIndex) -> None:
    question = "Netzwerk Geld company"
    assert set(words.search(question, 5, np.array([1, 2])).tolist()) == {1, 2}
    assert words.search(question, 1, np.array([2])).tolist() == [2]
    assert words.search(question, 5, np.array([3])).tolist() == []


def test_an_empty_filter_finds_nothing(words: WordIndex) -> None:
    assert words.search("Netzwerk", 5, np.empty(0, np.int64)).tolist() == []


def test_a_filter_does_not_change_the_order(tmp_path: Path) -> None:
    texts = [("de", "Rad " * count + "Haus " * (9 - count)) for count in range(1, 9)]
    words = WordIndex.build(tmp_path / "words", ["de"], texts)
    everything = words.search("Rad", 9).tolist()
    assert len(everything) == 8
    among = np.array([1, 4, 6])
    assert words.search("Rad", 9, among).tolist() == [row for row in everything if row in among]


@pytest.mark.parametrize("question", ["", "   ", "?!…", "der die das", "🙈", "unbekanntes"])
def test_a_question_without_known_words_finds_nothing(words: WordIndex, question: str) -> None:
    assert words.search(question, 5).tolist() == []


@pytest.mark.parametrize(
    "question",
    [
        'Netzwerk AND "Geld',
        "Netzwerk OR (",
        "NOT Netzwerk",
        "-Netzwerk +",
        "text_de:Netzwerk",
        "Netzwerk~2 Netz*",
        "[Netzwerk TO",
        "row:3 Netzwerk^9",
        "/Netzwerk/ \\",
    ],
)
def test_signs_of_a_query_language_mean_nothing(words: WordIndex, question: str) -> None:
    """A question is words; nobody can break or steer the search by what he types."""
    assert 0 in words.search(question, 5).tolist()


@settings(deadline=None, max_examples=100)
@given(question=st.text(max_size=60))
def test_any_text_is_taken(words: WordIndex, question: str) -> None:
    assert set(words.search(question, 5).tolist()) <= set(range(len(TEXTS)))


def test_a_missing_folder_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamaged, match="words cannot be read; run audiatur reindex"):
        WordIndex.open(tmp_path / "words", ["de"])


def test_a_folder_of_other_languages_is_damaged(tmp_path: Path) -> None:
    WordIndex.build(tmp_path / "words", ["de"], TEXTS[:2])
    with pytest.raises(SnapshotDamaged, match="words cannot be read"):
        WordIndex.open(tmp_path / "words", ["en"])
