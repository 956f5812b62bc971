"""Words find passages by their stems, in any language of the corpus, whatever is typed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SnapshotDamaged
from index.storage.words import Matches, WordIndex

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
    assert (
        built.search("Netzwerk", 5).rows.tolist()
        == words.search("Netzwerk", 5).rows.tolist()
        == [0]
    )


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
    assert words.search(question, 5).rows.tolist()[0] == row


def test_a_word_counts_the_more_the_rarer_and_the_more_often(tmp_path: Path) -> None:
    texts = [("de", "Rad Haus Baum"), ("de", "Rad Rad Rad"), ("de", "Haus Haus Stein")]
    words = WordIndex.build(tmp_path / "words", ["de"], texts)
    assert words.search("Rad", 5).rows.tolist() == [1, 0]
    assert words.search("Stein Haus Rad", 1).rows.tolist() == [2]


def _idf(passages: int, holding: int) -> float:
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _saturated(times: int, length: float, mean_length: float) -> float:
    return 2.2 * times / (times + 1.2 * (1 - 0.75 + 0.75 * length / mean_length))


def test_bm25_is_the_one_computed_by_hand(tmp_path: Path) -> None:
    texts = [("de", "Rad Haus Baum"), ("de", "Rad Rad Stein Turm"), ("de", "Haus Brot")]
    found = WordIndex.build(tmp_path / "words", ["de"], texts).search("Rad Haus", 5)
    expected = {
        0: _idf(3, 2) * _saturated(1, 3, 3) * 2,
        1: _idf(3, 2) * _saturated(2, 4, 3),
        2: _idf(3, 2) * _saturated(1, 2, 3),
    }
    assert dict(zip(found.rows.tolist(), found.bm25, strict=True)) == pytest.approx(expected)
    assert found.shares == pytest.approx(found.bm25 / (2.2 * 2 * _idf(3, 2)))


def test_a_share_is_of_the_whole_question_strange_words_too(tmp_path: Path) -> None:
    texts = [("de", "Rad Haus Baum"), ("de", "Rad Rad Stein Turm"), ("de", "Haus Brot")]
    words = WordIndex.build(tmp_path / "words", ["de"], texts)
    known, half_known = words.search("Brot", 5), words.search("Brot quux", 5)
    assert half_known.bm25.tolist() == known.bm25.tolist()
    mass = _idf(3, 1)
    assert half_known.shares / known.shares == pytest.approx([mass / (mass + _idf(3, 0))])


def test_a_share_comes_near_to_one_and_stays_below(tmp_path: Path) -> None:
    texts = [("de", "Rad " * 500), ("de", "Haus " * 500), ("de", "Baum " * 3000)]
    found = WordIndex.build(tmp_path / "words", ["de"], texts).search("Rad", 5)
    assert 0.99 < found.shares[0] < 1


def test_equal_passages_come_in_their_own_order(tmp_path: Path) -> None:
    words = WordIndex.build(tmp_path / "words", ["de"], [("de", "Rad und Haus")] * 4)
    found = words.search("Haus", 5)
    assert found.rows.tolist() == [0, 1, 2, 3]
    assert len(set(found.bm25.tolist())) == 1


OF_NAMES = [
    ("de", "Die University of Chicago was founded in 1890."),
    ("de", "Die Hochschule von Straßburg entstand früh."),
]


def test_function_words_of_the_question_s_language_find_nothing_in_another(tmp_path: Path) -> None:
    words = WordIndex.build(tmp_path / "words", ["de"], OF_NAMES)
    question = "What of the University?"
    taken_for_none, english = words.search(question, 5), words.search(question, 5, language="en")
    assert taken_for_none.rows.tolist() == english.rows.tolist() == [0]
    assert english.bm25[0] < taken_for_none.bm25[0], "“of” no longer counts"
    assert words.search("Of the Rhine", 5).rows.tolist() == [0]
    assert words.search("Of the Rhine", 5, language="en").rows.tolist() == []


def test_function_words_left_out_still_make_a_question_strange(tmp_path: Path) -> None:
    words = WordIndex.build(tmp_path / "words", ["de"], OF_NAMES)
    short = words.search("University", 5, language="en")
    long = words.search("University of the", 5, language="en")
    assert long.bm25.tolist() == short.bm25.tolist()
    assert long.shares[0] < short.shares[0]


@pytest.mark.parametrize("language", ["de", "tr", "zh", "xx", None])
def test_a_language_without_such_words_or_the_passages_own_leaves_all_as_it_is(
    words: WordIndex, language: str | None
) -> None:
    found = words.search("Netzwerk Geld", 5, language=language)
    assert found.rows.tolist() == words.search("Netzwerk Geld", 5).rows.tolist() == [1, 0]


def test_shares_in_two_languages_are_of_the_question_as_each_reads_it(tmp_path: Path) -> None:
    """The German passage holds all that is asked, the English one a part: German leads."""
    texts = [("en", "Cologne grows. Many people move there."), ("de", "Köln wächst, Köln baut.")]
    words = WordIndex.build(tmp_path / "words", ["de", "en"], texts)
    found = words.search("Wächst Köln, many?", 5)
    assert found.rows.tolist() == [1, 0]
    assert found.shares[0] > found.shares[1]
    assert words.search("Wächst Köln, many?", 1).rows.tolist() == [1]


def test_shares_are_told_for_any_rows() -> None:
    found = Matches(np.array([4, 2]), np.ones(2, np.float32), np.array([0.5, 0.25], np.float32))
    assert found.shares_of(np.array([2, 3, 4])).tolist() == [0.25, 0, 0.5]
    assert found.shares_of(np.empty(0, np.int64)).shape == (0,)


def test_limit_is_kept(words: WordIndex) -> None:
    question = "Netzwerk Geld company"
    assert len(words.search(question, 5).rows) == 3
    assert len(words.search(question, 2).rows) == 2
    assert len(words.search(question, 0).rows) == 0


def test_only_rows_of_the_filter_are_found(words: WordIndex) -> None:
    question = "Netzwerk Geld company"
    assert set(words.search(question, 5, np.array([1, 2])).rows.tolist()) == {1, 2}
    assert words.search(question, 1, np.array([2])).rows.tolist() == [2]
    assert words.search(question, 5, np.array([3])).rows.tolist() == []


def test_an_empty_filter_finds_nothing(words: WordIndex) -> None:
    assert words.search("Netzwerk", 5, np.empty(0, np.int64)).rows.tolist() == []


@pytest.mark.parametrize("many", [0, 1_000], ids=["named one by one", "sifted"])
def test_a_filter_does_not_change_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("index.storage.words._MANY", many)
    texts = [("de", "Rad " * (1 + count % 9) + "Haus " * (9 - count % 9)) for count in range(40)]
    words = WordIndex.build(tmp_path / "words", ["de"], texts)
    everything = words.search("Rad", 40)
    assert len(everything.rows) == 40
    among = np.array([1, 4, 6, 13, 22, 39])
    for limit in (1, 3, 6, 9):
        found = words.search("Rad", limit, among)
        expected = [row for row in everything.rows.tolist() if row in among][:limit]
        assert found.rows.tolist() == expected
        assert found.shares.tolist() == everything.shares_of(found.rows).tolist()


@pytest.mark.parametrize("question", ["", "   ", "?!…", "der die das", "🙈", "unbekanntes"])
def test_a_question_without_known_words_finds_nothing(words: WordIndex, question: str) -> None:
    assert words.search(question, 5).rows.tolist() == []


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
    assert 0 in words.search(question, 5).rows.tolist()


@settings(deadline=None, max_examples=100)
@given(question=st.text(max_size=60))
def test_any_text_is_taken(words: WordIndex, question: str) -> None:
    found = words.search(question, 5, language="en")
    assert set(found.rows.tolist()) <= set(range(len(TEXTS)))
    assert all(0 < share < 1 for share in found.shares)
    assert found.shares.tolist() == sorted(found.shares.tolist(), reverse=True)


def test_a_missing_folder_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamaged, match="words cannot be read; run audiatur reindex"):
        WordIndex.open(tmp_path / "words", ["de"])


def test_a_folder_of_other_languages_is_damaged(tmp_path: Path) -> None:
    WordIndex.build(tmp_path / "words", ["de"], TEXTS[:2])
    with pytest.raises(SnapshotDamaged, match="words cannot be read"):
        WordIndex.open(tmp_path / "words", ["en"])
