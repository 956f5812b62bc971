"""A question gets both sides in equal room, or background, or silence."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from index.answering.advice import Stance
from index.answering.advisor import Advisor
from index.answering.excerpts import LENGTH_LIMIT, SENTENCE_LIMIT
from index.debates.records import Side
from index.errors import SnapshotMismatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.answering.advice import Advice
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

QUESTIONS = [
    "Sollen wir Diensträder anschaffen?",
    "Sollen wir auf Diensträder verzichten?",
    "Was spricht gegen Diensträder?",
    "Should we buy company bicycles?",
    "Sollen die Diensträder elektrisch sein?",
    "Sollen wir eine Kantine betreiben?",
    "Sollen wir die Kantine schließen?",
    "Wie flickt man einen Reifen am Rad?",
    "How do I repair a bicycle?",
]


def quotes(advice: Advice, stance: Stance) -> set[str]:
    side = next(side for side in advice.sides if side.stance is stance)
    return {excerpt.quote for excerpt in side.excerpts}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_excerpt_is_verbatim_whole_and_short(
    advisor: Advisor, small_snapshot: Snapshot, question: str
) -> None:
    """One to three whole sentences of one passage, at their place, not over an empty line."""
    records = small_snapshot.records
    advice = advisor.advise(question)
    assert advice.answered
    assert advice.excerpts()
    for excerpt in advice.excerpts():
        assert records.whole_text(excerpt.document)[excerpt.start : excerpt.end] == excerpt.quote
        (stored,) = records.passages([records.row_at(excerpt.document, excerpt.start)])
        starts = [sentence.start for sentence in stored.passage.sentences]
        ends = [sentence.end for sentence in stored.passage.sentences]
        count = ends.index(excerpt.end) - starts.index(excerpt.start) + 1
        assert 1 <= count <= SENTENCE_LIMIT
        assert count == 1 or len(excerpt.quote) <= LENGTH_LIMIT
        assert "\n\n" not in excerpt.quote


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_two_excerpts_overlap(advisor: Advisor, question: str) -> None:
    for one, other in combinations(advisor.advise(question).excerpts(), 2):
        apart = one.end <= other.start or other.end <= one.start
        assert one.document != other.document or apart


@pytest.mark.parametrize("question", QUESTIONS[:7])
def test_no_side_holds_a_sentence_of_the_other(
    advisor: Advisor, small_snapshot: Snapshot, question: str
) -> None:
    advice = advisor.advise(question)
    assert advice.debate
    family = {advice.debate.id, *advice.debate.inherits}
    for shown in advice.sides:
        mine = next(side for side, name in advice.debate.sides.items() if name == shown.label)
        other = Side.NO if mine is Side.YES else Side.YES
        opposed = [
            one
            for one in small_snapshot.labels
            if one.label.subject in family and one.label.side is other
        ]
        for excerpt in shown.excerpts:
            for one in opposed:
                assert one.label.quote not in excerpt.quote


@pytest.mark.parametrize("question", QUESTIONS[:5])
def test_both_sides_have_equal_room(advisor: Advisor, question: str) -> None:
    yes, no = advisor.advise(question).sides
    assert (yes.stance, no.stance) == (Stance.YES, Stance.NO)
    assert len(yes.excerpts) == len(no.excerpts) > 0


@pytest.mark.parametrize("per_side", [1, 2, 3])
def test_no_side_has_more_than_was_asked_for(advisor: Advisor, per_side: int) -> None:
    yes, no = advisor.advise(QUESTIONS[0], per_side).sides
    assert len(yes.excerpts) == len(no.excerpts) == per_side


@pytest.mark.parametrize(
    ("question", "opposite"),
    [
        ("Sollen wir Diensträder anschaffen?", "Sollen wir keine Diensträder anschaffen?"),
        ("Was spricht für Diensträder?", "Was spricht gegen Diensträder?"),
        ("Sollen wir eine Kantine betreiben?", "Sollen wir die Kantine schließen?"),
    ],
)
def test_yes_and_no_belong_to_the_question_as_it_was_asked(
    advisor: Advisor, question: str, opposite: str
) -> None:
    asked, turned = advisor.advise(question), advisor.advise(opposite)
    assert asked.debate == turned.debate
    assert [side.label for side in asked.sides] == [side.label for side in turned.sides][::-1]
    sides = {str(side.label): side.excerpts for side in asked.sides}
    for side in turned.sides:
        assert bool(side.excerpts) == bool(sides[str(side.label)])


def test_a_side_without_a_voice_is_empty_and_the_other_is_not_cut(advisor: Advisor) -> None:
    advice = advisor.advise("Sollen wir eine Kantine betreiben?")
    assert quotes(advice, Stance.YES) == {
        "A canteen keeps people together at lunch.",
        "The canteen is cheaper than a restaurant.",
    } or quotes(advice, Stance.YES) == {
        "A canteen keeps people together at lunch. The canteen is cheaper than a restaurant."
    }
    assert quotes(advice, Stance.NO) == set()


def test_a_reported_view_is_marked_and_not_mixed_with_the_authors(advisor: Advisor) -> None:
    advice = advisor.advise("Was spricht gegen Diensträder?")
    excerpts = {excerpt.quote: excerpt.reported for excerpt in advice.excerpts()}
    assert excerpts.pop("Manche sagen, Diensträder seien ein teures Spielzeug.") is True
    assert set(excerpts.values()) == {False}


def test_a_childs_own_labels_come_before_inherited_ones(advisor: Advisor) -> None:
    yes, no = advisor.advise("Sollen die Diensträder elektrisch sein?").sides
    assert yes.excerpts[0].quote.endswith("Elektrische Diensträder schaffen auch lange Wege.")
    assert no.excerpts[0].quote.endswith("Elektrische Diensträder werden oft gestohlen.")
    assert {excerpt.label_by for excerpt in yes.excerpts} == {"Petra", "curated"}


def test_background_of_a_debate_stands_below_its_sides(advisor: Advisor) -> None:
    (background,) = advisor.advise("Should we buy company bicycles?").background
    assert background.quote == "Nobody should be forced to ride a company bicycle in the rain."
    assert background.label_by == "curated"


def test_an_open_question_gets_background_and_no_sides(advisor: Advisor) -> None:
    advice = advisor.advise("Wie ölt man die Kette?")
    assert advice.answered
    assert advice.debate is None
    assert advice.sides == ()
    assert advice.topic
    assert advice.topic.id == "bicycle-repair"
    assert "Danach ölt man die Kette." in advice.background[0].quote


@pytest.mark.parametrize(
    "question",
    ["Wie backt man einen Apfelstrudel?", "Is it going to rain in Rome tomorrow?", "asdf", "🙈"],
)
def test_a_question_that_is_not_covered_is_not_answered(advisor: Advisor, question: str) -> None:
    advice = advisor.advise(question)
    assert not advice.answered
    assert (advice.sides, advice.background, advice.debate) == ((), (), None)
    assert advice.question == question


@pytest.mark.parametrize("question", ["", "  ", "\n\t"])
def test_an_empty_question_is_the_callers_mistake(advisor: Advisor, question: str) -> None:
    with pytest.raises(ValueError, match="the question is empty"):
        advisor.advise(question)


def test_a_very_long_question_is_taken(advisor: Advisor) -> None:
    assert advisor.advise("Sollen wir Diensträder anschaffen? " * 100).language == "de"


def test_the_same_question_has_the_same_answer(advisor: Advisor) -> None:
    first, second = advisor.advise(QUESTIONS[0]), advisor.advise(QUESTIONS[0])
    assert first.excerpts() == second.excerpts()


def test_times_are_told_for_every_step(advisor: Advisor) -> None:
    timings = advisor.advise(QUESTIONS[0]).timings_ms
    assert set(timings) == {"encode", "read", "search", "excerpts", "total"}
    parts = sum(value for name, value in timings.items() if name != "total")
    assert timings["total"] == pytest.approx(parts, rel=0.01)


def test_a_debate_can_be_asked_for_by_name(advisor: Advisor) -> None:
    advice = advisor.debate("bicycles", 2)
    assert advice.answered
    assert advice.debate
    assert advice.debate.id == "bicycles"
    yes, no = advice.sides
    assert yes.label == advice.debate.sides[Side.YES]
    assert len(yes.excerpts) == len(no.excerpts) == 2


def test_a_debate_that_is_not_there_is_the_callers_mistake(advisor: Advisor) -> None:
    with pytest.raises(ValueError, match="no debate is called 'gone'"):
        advisor.debate("gone")


def test_an_index_of_another_encoder_is_refused(
    small_snapshot: Snapshot, make_stub: Callable[..., StubEncoder]
) -> None:
    with pytest.raises(SnapshotMismatch, match="run audiatur reindex"):
        Advisor(small_snapshot, make_stub("other"))


def test_an_index_made_without_the_adapted_encoder_is_refused_with_it(
    small_snapshot: Snapshot, make_stub: Callable[..., StubEncoder]
) -> None:
    with pytest.raises(SnapshotMismatch, match="another polarity adapter"):
        Advisor(small_snapshot, make_stub(), make_stub("adapted"))
