"""Sentences keep their offsets and end where a reader would end them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.records import Span
from index.corpus.sentences import SENTENCE_LIMIT, split_sentences, trimmed

ALPHABET = 'aZß.!?…:; \n\r\t\u00a0„“»«"()[]-–*•12345zB,😀é\u0301\u200bअ中。ا؟'
FREE_TEXT = st.one_of(st.text(max_size=120), st.text(ALPHABET, max_size=160))


def sentences(text: str, language: str = "de") -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)), language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Das ist ein Satz.", "Das ist noch einer!", "Ist das einer?"],
        ["Das gilt z.B. für uns.", "Es gilt auch für euch."],
        ["Wir haben z. B. Räder.", "Andere haben Autos."],
        ["Das heißt, d. h. es gilt.", "So ist es."],
        ["Am 3. Mai ging es los.", "Am 4. Juni war Schluss."],
        ["Der Dienst fiel für 30min aus.", "Dann lief er wieder."],
        ["Ich habe schon vieles gesehen… öffentliche Forderungen etwa.", "Und stets Drohungen."],
        ["Sie kamen usw. und so fort.", "Dann gingen sie."],
        ["Wir fragten Dr. Müller.", "Er wusste es bzw. ahnte es."],
        ["„Wir gehen jetzt.“", "So sprach er."],
        ["„Können Sie das?“ – dies ist die häufigste Frage.", "Wir sagen nein."],
        ["Ich rate jeder Firma (!) zum Rückzug.", "Das ist mein Rat."],
        ["Ich bin 30 km gefahren.", "Das sind 3,5 % mehr."],
    ],
)
def test_german_sentences_end_where_they_should(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Smith left the U.S. market.", "He was glad."],
        ["This is e.g. a test.", "It works!"],
        ["She said… nothing.", "Then she left."],
    ],
)
def test_english_sentences_end_where_they_should(expected: list[str]) -> None:
    assert sentences(" ".join(expected), "en") == expected


@pytest.mark.parametrize("marker", ["1.", "2)", "(3)", "-", "*", "•", "–", "a)"])
def test_a_list_marker_stays_with_its_item(marker: str) -> None:
    text = f"{marker} Zuerst die Ziele. Dann die Kanäle."
    assert sentences(text) == [f"{marker} Zuerst die Ziele.", "Dann die Kanäle."]


def test_a_line_that_breaks_off_goes_on_in_the_next() -> None:
    text = "Dieser Satz geht\nin der nächsten Zeile weiter. Ende."
    assert sentences(text) == ["Dieser Satz geht\nin der nächsten Zeile weiter.", "Ende."]


def test_a_finished_line_ends_the_sentence() -> None:
    assert sentences("Eine Frage fehlt:\nWas wird geboten?") == [
        "Eine Frage fehlt:",
        "Was wird geboten?",
    ]


def test_no_sentence_reaches_over_an_empty_line() -> None:
    assert sentences("Ohne Punkt\n\nWeiter geht es.") == ["Ohne Punkt", "Weiter geht es."]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Vorher. Ein 😀 Satz. Noch einer. Nachher."
    within = Span(8, 32)
    found = split_sentences(text, within, "de")
    assert [span.of(text) for span in found] == ["Ein 😀 Satz.", "Noch einer."]
    assert found[0].start == 8


def test_a_text_of_white_space_holds_no_sentence() -> None:
    assert sentences(" \n\t ") == []


@pytest.mark.parametrize("language", ["de", "en", "tr", "ar", "und", "xx"])
def test_every_language_code_is_taken(language: str) -> None:
    assert sentences("Eins ist eins. Zwei ist zwei.", language)[0].startswith("Eins")


@settings(deadline=None, max_examples=150)
@given(FREE_TEXT, st.sampled_from(["de", "en", "fr", "tr", "pl"]))
def test_sentences_are_ordered_apart_and_hold_every_written_character(
    text: str, language: str
) -> None:
    spans = split_sentences(text, Span(0, len(text)), language)
    for first, second in pairwise(spans):
        assert first.end <= second.start
    for span in spans:
        assert span.end <= len(text)
        assert span.of(text) == span.of(text).strip() != ""
    gaps = [Span(first.end, second.start) for first, second in pairwise(spans)]
    outside = text[: spans[0].start] + text[spans[-1].end :] if spans else text
    left_over = "".join([outside, *(gap.of(text) for gap in gaps)])
    assert left_over.replace("\ufeff", "").strip() == ""


@given(st.text(" \n\tab\ufeff", max_size=12))
def test_trimming_takes_white_space_and_byte_order_marks_off_both_ends(text: str) -> None:
    assert trimmed(text, Span(0, len(text))).of(text) == text.strip(" \n\t\ufeff")


@pytest.mark.parametrize(("unit", "glue"), [("Wort ", ""), ("x", ""), ("Zelle", "\n")])
def test_what_is_far_too_long_for_a_sentence_is_divided(unit: str, glue: str) -> None:
    text = glue.join([unit] * 9000).strip()
    spans = split_sentences(text, Span(0, len(text)), "de")
    assert len(spans) > 1
    assert max(map(len, spans)) <= SENTENCE_LIMIT
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())
