"""A question finds its subject and its side by the examples of a small agenda."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.debates.loading import Agenda, read_agenda
from index.debates.records import Localised, Side
from index.errors import SnapshotDamaged
from index.questions.classifier import (
    NEIGHBOURS_WEIGHT,
    OFF_TOPIC,
    Nearness,
    QuestionClassifier,
    Ranked,
    off_topic_questions,
    train_classifier,
)
from index.questions.directions import Directions, train_directions
from index.questions.language import detect_language
from index.questions.lexicon import read_form

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder


@pytest.fixture
def classifier(small_snapshot: Snapshot) -> QuestionClassifier:
    assert small_snapshot.classifier
    return small_snapshot.classifier


def test_an_agenda_of_nothing_teaches_nothing(stub: StubEncoder) -> None:
    assert train_classifier(Agenda(), stub.encode_queries) is None
    assert stub.encoded == []


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Sollen wir Diensträder anschaffen?", "bicycles"),
        ("Should we buy company bicycles now?", "bicycles"),
        ("Sollen die Diensträder elektrisch sein?", "electric-bicycles"),
        ("Sollen wir eine Kantine eröffnen?", "canteen"),
        ("Wie flickt man einen platten Reifen am Rad?", "bicycle-repair"),
        ("Wie wird das Wetter morgen in Rom?", OFF_TOPIC),
        ("Wie backt man einen Apfelstrudel?", OFF_TOPIC),
    ],
)
def test_a_question_finds_its_subject(
    classifier: QuestionClassifier, stub: StubEncoder, question: str, subject: str
) -> None:
    assert classifier.rank(stub.encode_queries([question])[0]).subjects[0] == subject


def test_ranks_are_probabilities_of_all_subjects(
    classifier: QuestionClassifier, stub: StubEncoder
) -> None:
    ranked = classifier.rank(stub.encode_queries(["Sollen wir Diensträder kaufen?"])[0])
    assert set(ranked.subjects) == {
        OFF_TOPIC,
        "bicycles",
        "electric-bicycles",
        "canteen",
        "bicycle-repair",
    }
    assert sum(ranked.probabilities) == pytest.approx(1, abs=1e-5)
    assert list(ranked.probabilities) == sorted(ranked.probabilities, reverse=True)


def test_among_likely_subjects_the_nearest_examples_count() -> None:
    """Where the planes are undecided; the share of what is off topic stays as it was."""
    axes = np.eye(3, dtype=np.float32)
    classifier = QuestionClassifier(
        subjects=(OFF_TOPIC, "far", "near"),
        centre=np.zeros(3, np.float32),
        weights=np.zeros((3, 3), np.float32),
        biases=np.zeros(3, np.float32),
        examples=axes[[0, 0, 1]],
        belongs=np.array([1, 1, 2], np.int32),
        elsewhere=axes[[2]],
        directions=Directions(np.zeros((2, 0), np.float32), {}),
    )
    ranked = classifier.rank(np.array([0.3, 1, 0], np.float32))
    assert ranked.of("near") > 6 * ranked.of("far")
    assert ranked.of(OFF_TOPIC) == pytest.approx(1 / 3)
    assert ranked.nearness == Nearness(float(np.float32(1 / np.sqrt(np.float32(1.09)))), 0)


def test_of_many_examples_only_the_nearest_three_count() -> None:
    axes = np.eye(3, dtype=np.float32)
    classifier = QuestionClassifier(
        subjects=("many", "few"),
        centre=np.zeros(3, np.float32),
        weights=np.zeros((2, 3), np.float32),
        biases=np.zeros(2, np.float32),
        examples=np.vstack([axes[[0, 0, 1, 1, 1, 0]], axes[[0, 1]]]),
        belongs=np.array([0] * 6 + [1] * 2, np.int32),
        elsewhere=axes[[2]],
        directions=Directions(np.zeros((2, 0), np.float32), {}),
    )
    ranked = classifier.rank(axes[0])
    odds = np.exp(NEIGHBOURS_WEIGHT * (1 - 1 / 2))
    assert ranked.of("many") / ranked.of("few") == pytest.approx(odds, rel=1e-4)


def test_probabilities_of_several_subjects_add_up() -> None:
    ranked = Ranked(("a", "b", ""), (0.5, 0.3, 0.2), Nearness(0.5, 0.1))
    assert ranked.of("a", "b") == pytest.approx(0.8)
    assert ranked.of("stranger") == 0


@pytest.mark.parametrize(
    ("debate", "question", "for_motion"),
    [
        ("bicycles", "Sollen wir Diensträder anschaffen?", True),
        ("bicycles", "Should we buy company bicycles?", True),
        ("bicycles", "Sollen wir auf Diensträder verzichten?", False),
        ("bicycles", "Should we do without company bicycles?", False),
        ("canteen", "Sollen wir eine Kantine betreiben?", True),
        ("canteen", "Sollen wir die Kantine schließen?", False),
    ],
)
def test_a_question_asks_for_its_side(
    classifier: QuestionClassifier,
    stub: StubEncoder,
    debate: str,
    question: str,
    *,
    for_motion: bool,
) -> None:
    form = read_form(question, detect_language(question))
    asked, affirmative = stub.encode_queries([question, form.affirmative])
    probability = classifier.directions.asks_for_motion(
        debate, asked, affirmative, is_reversed=form.reversed
    )
    assert 0 < probability < 1
    assert (probability > 0.5) is for_motion


def test_both_readings_of_a_direction_weigh_the_same(
    classifier: QuestionClassifier, stub: StubEncoder
) -> None:
    """What is turned around by rule cancels what is read of the very same words."""
    vector = stub.encode_queries(["Sollen wir Diensträder anschaffen?"])[0]
    (weights, biases), centres = (
        classifier.directions.readings["bicycles"],
        classifier.directions.centres,
    )
    twice = Directions(
        np.stack([centres[0]] * 2),
        {"bicycles": (np.stack([weights[0]] * 2), np.array([biases[0]] * 2))},
    )
    turned = twice.asks_for_motion("bicycles", vector, vector, is_reversed=True)
    assert turned == pytest.approx(0.5)
    assert twice.asks_for_motion("bicycles", vector, vector, is_reversed=False) > 0.6


def test_a_further_example_counts_less_than_a_usual_one(
    seed_agenda: Agenda, stub: StubEncoder
) -> None:
    """Where they contradict each other."""
    usual = {Side.YES: ("Lohnt sich das Rad?",), Side.NO: ("Schadet uns das Auto?",)}
    debate = replace(
        seed_agenda.debates[0],
        motion=Localised({}),
        sides={side: Localised({}) for side in usual},
        inherits=(),
        examples=usual,
        further={Side.YES: usual[Side.NO], Side.NO: usual[Side.YES]},
    )
    learned = train_directions(Agenda((debate,)), stub.encode_queries)
    for side, (question,) in usual.items():
        vector = stub.encode_queries([question])[0]
        asks = learned.asks_for_motion(debate.id, vector, vector, is_reversed=False)
        assert (asks > 0.5) is (side is Side.YES)


def test_an_example_is_nearest_to_itself(classifier: QuestionClassifier, stub: StubEncoder) -> None:
    example = next(
        text
        for text in ("Sollen wir Diensträder anschaffen?",)
        if classifier.rank(stub.encode_queries([text])[0]).subjects[0] == "bicycles"
    )
    here = classifier.rank(stub.encode_queries([example])[0]).nearness
    strudel = classifier.rank(stub.encode_queries([off_topic_questions()[0]])[0]).nearness
    assert here.subject > 0.8
    assert here.subject > here.elsewhere
    assert strudel.elsewhere > strudel.subject


def test_training_is_the_same_every_time(corpus_folder: Path, stub: StubEncoder) -> None:
    agenda = read_agenda(corpus_folder)
    first = train_classifier(agenda, stub.encode_queries)
    second = train_classifier(agenda, stub.encode_queries)
    assert first
    assert second
    np.testing.assert_array_equal(first.weights, second.weights)


def test_readings_come_back_the_same(
    classifier: QuestionClassifier, stub: StubEncoder, tmp_path: Path
) -> None:
    classifier.save(tmp_path / "q.npz")
    opened = QuestionClassifier.open(tmp_path / "q.npz")
    vector = stub.encode_queries(["Sollen wir Diensträder kaufen?"])[0]
    assert opened.rank(vector) == classifier.rank(vector)
    before, after = classifier.directions, opened.directions
    assert after.readings.keys() == before.readings.keys() != set()
    for debate in after.readings:
        assert after.asks_for_motion(
            debate, vector, vector, is_reversed=True
        ) == before.asks_for_motion(debate, vector, vector, is_reversed=True)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half a zip"])
def test_a_file_that_holds_no_readings_is_damaged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "q.npz").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"q\.npz cannot be read"):
        QuestionClassifier.open(tmp_path / "q.npz")


def test_off_topic_questions_are_many_and_none_is_blank() -> None:
    questions = off_topic_questions()
    assert len(questions) > 100
    assert all(question.strip() for question in questions)


def test_no_off_topic_question_is_an_example_of_the_seeds(seed_agenda: Agenda) -> None:
    sides = (Side.YES, Side.NO)
    asked = {text for d in seed_agenda.debates for side in sides for text in d.asking_for(side)}
    asked |= {text for topic in seed_agenda.topics for text in topic.examples}
    assert not asked & set(off_topic_questions())
