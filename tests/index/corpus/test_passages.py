"""Passages are of a readable size, hold whole sentences, and lie where they say."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.corpus.blocks import find_blocks
from index.corpus.passages import MAXIMUM_LENGTH, TARGET_LENGTH, cut_passages
from index.corpus.records import Card, Passage

if TYPE_CHECKING:
    from tests.index.conftest import ReadText

SENTENCE = "Dieser Satz hat nun wirklich mehr als zwölf Wörter und endet auch noch ganz ordentlich."


def cut(text: str) -> tuple[Passage, ...]:
    return cut_passages("a.txt", text, find_blocks(text, Card(title="T")), "de")


def texts(text: str) -> list[str]:
    return [passage.span.of(text) for passage in cut(text)]


def test_short_paragraphs_are_joined_up_to_the_target() -> None:
    text = "\n\n".join([SENTENCE] * 20)
    found = texts(text)
    assert all(len(passage) <= TARGET_LENGTH for passage in found)
    assert [passage.count(SENTENCE) for passage in found] == [6, 6, 6, 2]


def test_paragraphs_under_different_headings_stay_apart() -> None:
    text = f"# Eins\n\n{SENTENCE}\n\n# Zwei\n\n{SENTENCE}"
    assert [passage.heading for passage in cut(text)] == [("Eins",), ("Zwei",)]


def test_what_is_left_out_between_two_paragraphs_parts_them() -> None:
    assert texts(f"{SENTENCE}\n\nBild: Petra\n\n{SENTENCE}") == [SENTENCE, SENTENCE]


def test_a_very_short_paragraph_joins_a_long_one() -> None:
    """A passage of four words would win every ranking with little to say."""
    long = " ".join([SENTENCE] * 8)
    assert texts(f"Das ist wirklich so.\n\n{long}") == [f"Das ist wirklich so.\n\n{long}"]


def test_a_long_paragraph_is_divided_between_sentences_into_like_parts() -> None:
    text = " ".join([SENTENCE] * 30)
    found = cut(text)
    assert len(found) == 3
    for passage in found:
        assert len(passage.span) <= MAXIMUM_LENGTH
        assert passage.span.of(text).startswith("Dieser Satz")
        assert passage.span.of(text).endswith("ordentlich.")
    assert sum(len(passage.sentences) for passage in found) == 30


def test_an_item_is_kept_whole_and_alone() -> None:
    item = "- " + " ".join([SENTENCE] * 20)
    assert texts(f"{SENTENCE}\n\n{item}\n- {SENTENCE}\n\n{SENTENCE}") == [
        SENTENCE,
        item,
        f"- {SENTENCE}",
        SENTENCE,
    ]


def test_a_sentence_longer_than_a_passage_is_kept_whole() -> None:
    text = "Wort " * 400 + "Ende."
    assert texts(text) == [text]


def test_ordinals_count_in_reading_order() -> None:
    text = f"# Eins\n\n{SENTENCE}\n\n- {SENTENCE}\n\n# Zwei\n\n{SENTENCE}"
    assert [passage.ordinal for passage in cut(text)] == [0, 1, 2]


ALPHABET = 'aZß.!?…: \n\r\t\u00a0„“"()-*1#,😀é\u0301\u200b中'

ANY = st.characters(codec="utf-8", exclude_characters="\0")


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(st.text(ANY, max_size=200), st.text(ALPHABET, max_size=300)))
def test_a_passage_is_what_stands_at_its_place(read_text: ReadText, text: str) -> None:
    """For any text, passages and their sentences lie in order and quote the file as it stands."""
    document = read_text(f"Erste Zeile\n\n{text}")
    assert document.text == f"Erste Zeile\n\n{text}"
    for number, passage in enumerate(document.passages):
        assert passage.ordinal == number
        assert passage.span.of(text=document.text).strip() != ""
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        for first, second in pairwise(passage.sentences):
            assert first.end <= second.start
    for one, other in pairwise(document.passages):
        assert one.span.end <= other.span.start
