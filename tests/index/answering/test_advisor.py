"""A question gets both sides in equal room, or background, or silence."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from index.answering.advice import Stance
from index.answering.advisor import Advisor
from index.answering.excerpts import LENGTH_LIMIT, SENTENCE_LIMIT
from index.debates.records import Side
from index.errors import SnapshotMismatch
from index.questions.directions import Directions
from index.questions.reading import Polarity
from index.questions.turns import plain
from tests.index.conftest import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.answering.advice import Advice
    from index.encoding.protocol import Vectors
    from index.storage.snapshot import Snapshot

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


def test_a_question_and_what_is_read_of_it_take_one_pass(
    small_snapshot: Snapshot,
    calibrated: None,  # noqa: ARG001
) -> None:
    passes: list[list[str]] = []

    class Counted(StubEncoder):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            passes.append(list(texts))
            return super().encode_queries(texts)

    question = "Sollen wir auf keinen Fall Diensträder anschaffen?"
    assert Advisor(small_snapshot, Counted()).advise(question).sides
    read, *others = passes
    assert read[0] == question
    assert len(read) > 1
    assert not {text for texts in others for text in texts} & set(read)


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
    with pytest.raises(SnapshotMismatch, match="another adapter"):
        Advisor(small_snapshot, make_stub(), make_stub("adapted"))


BICYCLES = "Sollen wir Diensträder anschaffen?"


def unhurried(advice: Advice) -> Advice:
    """Return an answer without the times that it took."""
    return replace(advice, timings_ms={})


@pytest.mark.parametrize(
    "question",
    [*QUESTIONS, "Wie backt man einen Apfelstrudel?", "Danke schön", "🙈", "Was ist ein Zebra?"],
)
def test_a_question_that_stands_alone_is_answered_as_if_nothing_had_been_asked(
    advisor: Advisor, question: str
) -> None:
    """Whatever was asked before, and whether or not it is covered."""
    alone = unhurried(advisor.advise(question))
    for before in (BICYCLES, "Sollen wir die Kantine schließen?", "Wie ölt man die Kette?"):
        context = advisor.advise(before).context
        assert unhurried(advisor.advise(question, previous=context)) == alone
        assert unhurried(advisor.advise(question, previous=before)) == alone


def test_an_aspect_is_searched_for_in_the_debate_before(advisor: Advisor) -> None:
    """What is said on it comes first; yes and no stand as before."""
    context = advisor.advise(BICYCLES).context
    advice = advisor.advise("Und der Winter?", previous=context)
    assert advice.refines == context
    assert advice.debate
    assert advice.debate.id == "bicycles"
    yes, no = advice.sides
    assert yes.label == advice.debate.sides[Side.YES]
    assert no.excerpts[0].quote == "Im Winter bleiben Diensträder meist im Keller stehen."


@pytest.mark.parametrize("question", ["Was spricht dagegen?", "Und umgekehrt?", "Und wenn nicht?"])
def test_a_turn_can_ask_for_the_opposite(advisor: Advisor, question: str) -> None:
    """It is the opposite of what was asked, which may be the motion itself."""
    context = advisor.advise(BICYCLES).context
    once = advisor.advise(question, previous=context)
    twice = advisor.advise(question, previous=once.context)
    assert (once.polarity, twice.polarity) == (Polarity.REVERSED, Polarity.AS_MOTION)
    assert quotes(once, Stance.YES) == quotes(twice, Stance.NO)


def test_asking_why_keeps_debate_and_direction(advisor: Advisor) -> None:
    """The reasons are what both sides say."""
    context = advisor.advise("Sollen wir auf Diensträder verzichten?").context
    advice = advisor.advise("Warum?", previous=context)
    assert advice.refines
    assert advice.polarity is Polarity.REVERSED


def test_a_question_before_may_be_handed_in_as_it_was_asked(advisor: Advisor) -> None:
    """The string that an answer gives is quicker, not needed."""
    advice = advisor.advise("Und der Winter?", previous=BICYCLES)
    assert advice.refines == BICYCLES
    assert advice.debate
    assert advice.debate.id == "bicycles"


def test_a_conversation_keeps_its_ground(advisor: Advisor) -> None:
    """After a turn to the opposite, the next aspect is asked that way."""
    turned = advisor.advise("Und umgekehrt?", previous=advisor.advise(BICYCLES).context)
    advice = advisor.advise("Und der Winter?", previous=turned.context)
    assert advice.polarity is Polarity.REVERSED
    assert plain(advice.context) == f"{BICYCLES} Und der Winter?"


def test_what_the_documents_say_nothing_on_is_not_answered(advisor: Advisor) -> None:
    """The same excerpts again would look like an answer; the debate at large is offered."""
    context = advisor.advise(BICYCLES).context
    advice = advisor.advise("Und was ist mit dem Datenschutz?", previous=context)
    assert (advice.answered, advice.debate, advice.excerpts()) == (False, None, ())
    assert advice.refines == context
    assert [debate.id for debate in advice.alternatives] == ["bicycles"]


@pytest.mark.parametrize("before", ["Wie backt man einen Apfelstrudel?", "", " ", "\x1e\x1f\x1e"])
def test_nothing_goes_on_from_what_was_not_answered(advisor: Advisor, before: str) -> None:
    """There is nothing to go back to; nor is there in a broken string."""
    advice = advisor.advise("Und der Winter?", previous=before)
    assert advice.refines is None
    assert unhurried(advice) == unhurried(advisor.advise("Und der Winter?"))


def test_a_debate_that_is_gone_is_read_anew(advisor: Advisor) -> None:
    """The string may be older than the index."""
    advice = advisor.advise("Und der Winter?", previous=f"{BICYCLES}\x1fgone\x1freversed")
    assert advice.debate
    assert (advice.debate.id, advice.polarity) == ("bicycles", Polarity.AS_MOTION)


def test_an_explanation_tells_how_a_refining_question_was_read(advisor: Advisor) -> None:
    """The debate that it is answered in, not what its few words alone are nearest to."""
    context = advisor.advise("Sollen wir auf Diensträder verzichten?").context
    told = advisor.advise("Und der Winter?", previous=context, explain=True).explanation
    assert told
    assert (told.reading.debate, told.reading.polarity) == ("bicycles", Polarity.REVERSED)
    assert told.weighed


def test_a_question_can_be_answered_in_a_chosen_debate(advisor: Advisor) -> None:
    """Its direction is read for that debate, and the conversation goes on there."""
    question = "Sollen wir die Kantine schließen?"
    advice = advisor.answer_in("bicycles", question, 1)
    assert advice.question == question
    assert advice.debate
    assert advice.debate.id == "bicycles"
    assert [len(side.excerpts) for side in advice.sides] == [1, 1]
    following = advisor.advise("Und der Winter?", previous=advice.context)
    assert following.debate == advice.debate
    assert following.polarity is advice.polarity


def test_a_reversed_question_stays_reversed_in_a_chosen_debate(advisor: Advisor) -> None:
    """As if the question had been taken for that debate at once."""
    question = "Sollen wir auf Diensträder verzichten?"
    chosen, taken = advisor.answer_in("bicycles", question), advisor.advise(question)
    assert chosen.polarity is taken.polarity is Polarity.REVERSED
    assert chosen.sides == taken.sides


def test_a_chosen_debate_or_question_that_is_not_there_is_the_callers_mistake(
    advisor: Advisor,
) -> None:
    """As elsewhere."""
    with pytest.raises(ValueError, match="no debate is called 'gone'"):
        advisor.answer_in("gone", BICYCLES)
    with pytest.raises(ValueError, match="the question is empty"):
        advisor.answer_in("bicycles", " ")


def test_an_advisor_multiplies_matrices_on_one_thread(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    with threadpool_limits(2, user_api="blas"):
        Advisor(small_snapshot, stub)
        libraries = [one for one in threadpool_info() if one["user_api"] == "blas"]
        assert libraries
        assert {one["num_threads"] for one in libraries} == {1}


@pytest.mark.parametrize(("asks", "sure"), [(0.95, True), (0.55, False)])
def test_sides_are_yes_and_no_only_where_it_is_sure_which_way_was_asked(
    small_snapshot: Snapshot,
    stub: StubEncoder,
    monkeypatch: pytest.MonkeyPatch,
    asks: float,
    *,
    sure: bool,
) -> None:
    monkeypatch.setattr(Directions, "asks_for_motion", lambda *_args, **_told: asks)
    advice = Advisor(small_snapshot, stub).advise("Sollen wir Diensträder anschaffen?")
    assert [side.sure for side in advice.sides] == [sure, sure]
