"""What is weighed is verbatim, on the right side, in equal room, and said once."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from index.debates.records import Side
from index.guides.weighing import weigh

if TYPE_CHECKING:
    from index.answering.advisor import Advisor
    from index.guides.records import Interview
    from index.guides.weighing import Circumstance, Weighing


@pytest.fixture
def interview(guided_advisor: Advisor) -> Interview:
    return guided_advisor.snapshot.interviews[0]


def quotes(circumstance: Circumstance) -> dict[Side, list[str]]:
    return {
        voice.side: [excerpt.quote for excerpt in voice.excerpts] for voice in circumstance.voices
    }


def shown(weighing: Weighing) -> list[tuple[str, int, int]]:
    return [
        (excerpt.document, excerpt.start, excerpt.end)
        for circumstance in weighing.circumstances
        for voice in circumstance.voices
        for excerpt in voice.excerpts
    ]


def test_circumstances_come_in_the_order_asked(
    guided_advisor: Advisor, interview: Interview
) -> None:
    """Whatever order they were given in; what was left open is left out."""
    weighing = weigh(guided_advisor, interview, {"goal": "money", "motor": "electric"})
    assert [one.question.id for one in weighing.circumstances] == ["motor", "goal"]
    assert weighing.debate.id == "bicycles"
    assert weigh(guided_advisor, interview, {}).circumstances == ()


def test_another_debate_is_turned_to_the_sides_of_this_one(
    guided_advisor: Advisor, interview: Interview
) -> None:
    """Who wants no motor reads what speaks against motors as speaking for buying bicycles."""
    said = {}
    for option in ("electric", "muscles"):
        (one,) = weigh(guided_advisor, interview, {"motor": option}).circumstances
        assert one.debate is not None
        assert one.debate.id == "electric-bicycles"
        assert [voice.side for voice in one.voices] == [Side.YES, Side.NO]
        assert [voice.name.in_language("de") for voice in one.voices] == [
            "Diensträder anschaffen",
            "Auf Diensträder verzichten",
        ]
        said[option] = {
            voice.own_name.in_language("de"): {excerpt.quote for excerpt in voice.excerpts}
            for voice in one.voices
            if voice.own_name
        }
    assert list(said["electric"]) == ["Elektrisch", "Nur mit Muskelkraft"]
    assert list(said["muscles"]) == ["Nur mit Muskelkraft", "Elektrisch"]
    assert said["electric"]["Elektrisch"]


def test_named_quotations_stand_on_their_sides_as_they_are(
    guided_advisor: Advisor, interview: Interview
) -> None:
    """In equal room: of two for one side, the weightier is shown beside the only other."""
    (one,) = weigh(guided_advisor, interview, {"goal": "health"}).circumstances
    assert quotes(one) == {
        Side.YES: ["Company bicycles make people healthy and happy."],
        Side.NO: ["Im Winter bleiben Diensträder meist im Keller stehen."],
    }
    assert all(voice.own_name is None for voice in one.voices)
    assert {excerpt.label_by for voice in one.voices for excerpt in voice.excerpts} == {"curated"}


def test_a_query_draws_within_the_debate(guided_advisor: Advisor, interview: Interview) -> None:
    (one,) = weigh(guided_advisor, interview, {"goal": "money"}, per_side=1).circumstances
    assert one.debate is not None
    assert one.debate.id == "bicycles"
    said = quotes(one)
    assert any("sparen der Firma Geld" in quote for quote in said[Side.YES])
    assert len(said[Side.YES]) == len(said[Side.NO]) == 1


@pytest.mark.parametrize("again", ["health", "canteen"])
@pytest.mark.parametrize("goal", ["money", "health"])
@pytest.mark.parametrize("motor", ["electric", "muscles"])
def test_nothing_is_shown_twice(
    guided_advisor: Advisor, interview: Interview, motor: str, goal: str, again: str
) -> None:
    choices = {"motor": motor, "goal": goal, "again": again}
    weighing = weigh(guided_advisor, interview, choices, per_side=3)
    for one, other in combinations(shown(weighing), 2):
        assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]


def test_what_stands_above_is_not_taken_for_silence(
    guided_advisor: Advisor, interview: Interview
) -> None:
    weighing = weigh(guided_advisor, interview, {"goal": "health", "again": "health"})
    yes, no = weighing.circumstances[-1].voices
    assert (yes.excerpts, yes.said_above) == ((), True)
    assert [excerpt.quote for excerpt in no.excerpts] == [
        "Manche sagen, Diensträder seien ein teures Spielzeug."
    ]


def test_a_side_without_a_voice_is_silent(guided_advisor: Advisor, interview: Interview) -> None:
    """And the other side is heard all the same."""
    (one,) = weigh(guided_advisor, interview, {"again": "canteen"}).circumstances
    yes, no = one.voices
    assert (yes.excerpts, yes.said_above) == ((), False)
    assert no.excerpts
    assert yes.own_name is not None
    assert yes.own_name.in_language("en") == "Without a canteen"


def test_a_view_that_is_only_reported_is_marked(
    guided_advisor: Advisor, interview: Interview
) -> None:
    """As the labels of the debate have it."""
    (one,) = weigh(guided_advisor, interview, {"again": "health"}).circumstances
    assert [[excerpt.reported for excerpt in voice.excerpts] for voice in one.voices] == [
        [False],
        [True],
    ]


def test_an_answer_that_changes_nothing_shows_nothing(
    guided_advisor: Advisor, interview: Interview
) -> None:
    (one,) = weigh(guided_advisor, interview, {"goal": "nothing"}).circumstances
    assert (one.debate, one.voices) == (None, ())


def test_every_excerpt_is_verbatim(guided_advisor: Advisor, interview: Interview) -> None:
    choices = {"motor": "electric", "goal": "money", "again": "canteen"}
    weighing = weigh(guided_advisor, interview, choices)
    assert shown(weighing)
    for circumstance in weighing.circumstances:
        for voice in circumstance.voices:
            for excerpt in voice.excerpts:
                text = guided_advisor.snapshot.records.whole_text(excerpt.document)
                assert text[excerpt.start : excerpt.end] == excerpt.quote


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"colour": "red"}, "bicycles has no question 'colour'"),
        ({"motor": "wings"}, "motor has no option 'wings'"),
    ],
)
def test_choices_of_another_interview_are_refused(
    guided_advisor: Advisor, interview: Interview, choices: dict[str, str], reason: str
) -> None:
    """They may have been made before the corpus changed."""
    with pytest.raises(ValueError, match=reason):
        weigh(guided_advisor, interview, choices)
