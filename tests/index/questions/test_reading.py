"""A question's debate and direction are read from its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.questions.reading import Polarity, QuestionReader, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

    Read = Callable[[str], Reading]


@pytest.fixture
def read(small_snapshot: Snapshot, stub: StubEncoder) -> Read:
    reader = QuestionReader(small_snapshot.agenda, small_snapshot.classifier, stub)
    return reader.read


@pytest.mark.parametrize(
    ("question", "debate", "polarity"),
    [
        ("Sollen wir Diensträder anschaffen?", "bicycles", Polarity.AS_MOTION),
        ("Sollen wir keine Diensträder anschaffen?", "bicycles", Polarity.REVERSED),
        ("Sollen wir auf Diensträder verzichten?", "bicycles", Polarity.REVERSED),
        ("Sollen wir nicht auf Diensträder verzichten?", "bicycles", Polarity.AS_MOTION),
        ("Was spricht für Diensträder?", "bicycles", Polarity.AS_MOTION),
        ("Was spricht gegen Diensträder?", "bicycles", Polarity.REVERSED),
        ("Should we buy company bicycles?", "bicycles", Polarity.AS_MOTION),
        ("Should we do without company bicycles?", "bicycles", Polarity.REVERSED),
        ("Sollen wir die Kantine schließen?", "canteen", Polarity.REVERSED),
    ],
)
def test_a_question_has_a_debate_and_a_direction(
    read: Read, question: str, debate: str, polarity: Polarity
) -> None:
    reading = read(question)
    assert (reading.debate, reading.polarity) == (debate, polarity)
    assert reading.subject == debate


@pytest.mark.parametrize(
    ("question", "polarity"),
    [
        pytest.param(
            "Sollen wir Diensträder anschaffen oder auf Diensträder verzichten?", Polarity.AS_MOTION
        ),
        ("Sollen wir auf Diensträder verzichten oder Diensträder anschaffen?", Polarity.REVERSED),
        pytest.param(
            "Should we buy company bicycles or do without company bicycles?", Polarity.AS_MOTION
        ),
        ("Sollen wir Diensträder kaufen oder mieten?", Polarity.AS_MOTION),
    ],
)
def test_of_two_alternatives_the_first_is_what_is_asked(
    read: Read, question: str, polarity: Polarity
) -> None:
    assert read(question).polarity is polarity


def test_an_open_question_has_a_subject_and_no_sides(read: Read) -> None:
    reading = read("Wie flickt man einen Reifen am Rad?")
    assert (reading.subject, reading.debate, reading.polarity) == ("bicycle-repair", None, None)
    assert reading.form.open


def test_an_open_question_about_a_debate_has_no_sides(read: Read) -> None:
    reading = read("Wann sollen wir Diensträder anschaffen?")
    assert (reading.subject, reading.debate, reading.polarity) == ("bicycles", None, None)


def test_a_question_off_topic_has_no_subject(read: Read) -> None:
    reading = read("Wie backt man einen Apfelstrudel?")
    assert (reading.subject, reading.debate, reading.polarity) == (None, None, None)
    assert reading.ranked


def test_the_language_is_read(read: Read) -> None:
    assert read("Sollen wir Diensträder anschaffen?").language == "de"
    assert read("Should we buy company bicycles?").language == "en"
    assert read("🙈").language is None


def test_without_a_classifier_a_question_has_no_subject(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    reader = QuestionReader(small_snapshot.agenda, None, stub)
    reading = reader.read("Sollen wir gehen?")
    assert (reading.ranked, reading.subject, reading.debate) == (None, None, None)
    assert reading.language == "de"


@pytest.mark.parametrize(("asks", "sure"), [(0.9, True), (0.1, True), (0.55, False), (0.45, False)])
def test_a_direction_that_hangs_in_the_balance_is_not_sure(
    read: Read, asks: float, *, sure: bool
) -> None:
    reading = read("Sollen wir Diensträder anschaffen?")
    assert replace(reading, asks_for_motion=asks).sure is sure


def test_what_asks_no_way_is_sure_enough(read: Read) -> None:
    assert read("Wie flickt man einen Reifen am Rad?").sure
