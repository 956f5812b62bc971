"""A sentence that points back is known, and is worth less alone."""

from __future__ import annotations

import pytest

from index.answering.standalone import leans_back, standing

LONG = ", und das ist ein langer Satz mit genügend Wörtern darin."


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Diese beantworten Fragen.", "de"),
        ("Dies gilt immer.", "de"),
        ("„Dadurch wird es teuer.“", "de"),
        ("Er muss gehen.", "de"),
        ("Sie sind teuer.", "de"),
        ("Bzw. solltest.", "de"),
        ("Drittens nennt sie den Ort.", "de"),
        ("They also cost money.", "en"),
        ("This is true.", "en"),
        ("“It is cheap.”".replace("“", '"').replace("”", '"'), "en"),
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str, language: str) -> None:
    assert leans_back(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Social Media kosten Geld.", "de"),
        ("Dieser Artikel zeigt Grenzen.", "de"),
        ("Ernst ist die Lage.", "de"),
        ("Sie wollen die richtigen Fans gewinnen.", "de"),
        ("Theyre is no word.", "en"),
        ("Companies cost money.", "en"),
        ("This is true.", "de"),
        ("Dies gilt.", "fr"),
    ],
)
def test_a_sentence_that_stands_alone_does_not(sentence: str, language: str) -> None:
    assert not leans_back(sentence, language)


def test_what_stands_alone_is_worth_most() -> None:
    plain = f"Räder kosten Geld{LONG}"
    assert standing(plain, plain, "de") == 1
    assert standing(f"Diese kosten Geld{LONG}", f"Diese kosten Geld{LONG}", "de") == 0.80
    assert standing(f"Aber Räder kosten{LONG}", f"Aber Räder kosten{LONG}", "de") == 0.96


def test_a_question_and_a_short_text_are_worth_less() -> None:
    question = f"Kosten Räder Geld{LONG[:-1]}?"
    assert standing(question, question, "de") == 0.85
    assert standing("Räder kosten Geld.", "Räder kosten Geld.", "de") == 0.85
    assert standing("Was nun?", "Was nun?", "de") == pytest.approx(0.85 * 0.85)


def test_only_the_first_sentence_of_an_excerpt_has_to_stand() -> None:
    first = f"Räder kosten Geld{LONG}"
    assert standing(f"{first} Dies gilt immer.", first, "de") == 1


def test_other_languages_are_judged_by_length_and_question_only() -> None:
    text = "Cela coûte de l'argent, et c'est une phrase assez longue."
    assert standing(text, text, "fr") == 1
