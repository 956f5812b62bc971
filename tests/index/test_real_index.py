"""The real encoder on the five documents that ship with the project."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from index.answering.advice import Advice, SideOfAnswer, Stance
from index.debates.records import Side

if TYPE_CHECKING:
    from pathlib import Path

    from index.answering.advisor import Advisor

pytestmark = pytest.mark.encoder

ASKED = [
    ("Sollte unsere Firma aus den sozialen Netzwerken aussteigen?", "leave-social-media", Side.YES),
    ("Should we leave social media?", "leave-social-media", Side.YES),
    ("Should we stay on social media?", "leave-social-media", Side.NO),
    ("Devrions-nous quitter les réseaux sociaux ?", "leave-social-media", Side.YES),
    ("Was spricht gegen einen Ausstieg aus Social Media?", "leave-social-media", Side.NO),
    ("Sollen wir unsere Facebook-Seite von einer Agentur betreuen lassen?", "agency", Side.YES),
    ("Is social media free for companies?", "free-of-charge", Side.YES),
    ("Darf unsere Belegschaft bei der Arbeit auf Facebook?", "employees", Side.YES),
    ("Est-ce que les réseaux sociaux demandent beaucoup de travail ?", "much-effort", Side.YES),
    ("Kann man den ROI von Social Media berechnen?", "return-on-investment", Side.YES),
    ("Verlieren wir durch Social Media die Kontrolle?", "loss-of-control", Side.YES),
    ("Do fan numbers measure success?", "fan-count", Side.YES),
]
OPEN = [
    "Wie gehen wir bei einem geordneten Ausstieg aus Social Media vor?",
    "How do we leave social media in an orderly way?",
    "Was war bei der Pril-Aktion von Henkel los?",
]
OFF_TOPIC = [
    "Wie backt man einen Apfelstrudel?",
    "What is the capital of Australia?",
    "Quel temps fera-t-il demain à Lyon ?",
    "Welche Reifen brauche ich im Winter?",
]


def texts(side: SideOfAnswer) -> list[str]:
    return sorted(excerpt.quote for excerpt in side.excerpts)


@pytest.mark.parametrize(("question", "debate", "asks_for"), ASKED)
def test_a_question_finds_its_debate_and_its_direction(
    real_advisor: Advisor, question: str, debate: str, asks_for: Side
) -> None:
    advice = real_advisor.advise(question)
    assert advice.answered
    assert advice.debate
    assert advice.debate.id == debate
    yes, no = advice.sides
    assert (yes.stance, no.stance) == (Stance.YES, Stance.NO)
    assert yes.label == advice.debate.sides[asks_for]
    assert yes.excerpts or no.excerpts


@pytest.mark.parametrize(
    ("question", "opposite"),
    [
        ("Should we leave social media?", "Should we stay on social media?"),
        ("Sollten wir Facebook verlassen?", "Sollten wir Facebook nicht verlassen?"),
        (
            "Was spricht für einen Ausstieg aus Social Media?",
            "Was spricht gegen einen Ausstieg aus Social Media?",
        ),
    ],
)
def test_opposite_questions_get_the_same_sides_exchanged(
    real_advisor: Advisor, question: str, opposite: str
) -> None:
    asked, turned = real_advisor.advise(question), real_advisor.advise(opposite)
    assert asked.debate == turned.debate
    for side, other in zip(asked.sides, turned.sides[::-1], strict=True):
        assert side.label == other.label
        assert len(side.excerpts) == len(other.excerpts) == 3
        assert len(set(texts(side)) & set(texts(other))) >= 2


def test_a_debate_on_its_motion_has_strong_arguments_on_either_side(real_advisor: Advisor) -> None:
    yes, no = real_advisor.advise("Sollten Firmen die sozialen Medien verlassen?").sides
    assert any("Ich rate deshalb jeder Firma (!)" in quote for quote in texts(yes))
    assert not any("Ich rate deshalb jeder Firma (!)" in quote for quote in texts(no))
    assert len(yes.excerpts) == len(no.excerpts) == 3


def test_nobody_speaks_for_the_agency(real_advisor: Advisor) -> None:
    """No document argues for it: that side is shown as empty, and not filled with something."""
    yes, no = real_advisor.advise("Sollen wir Social Media einer Agentur übergeben?").sides
    assert yes.excerpts == ()
    assert len(no.excerpts) >= 2
    assert any("keine gute Idee" in quote for quote in texts(no))


@pytest.mark.parametrize("question", OPEN)
def test_an_open_question_gets_background(real_advisor: Advisor, question: str) -> None:
    advice = real_advisor.advise(question)
    assert advice.answered
    assert advice.sides == ()
    assert len(advice.background) >= 2


def test_an_open_question_is_answered_from_the_right_document(real_advisor: Advisor) -> None:
    advice = real_advisor.advise("Was war bei der Pril-Aktion von Henkel los?")
    assert advice.topic
    assert advice.topic.id == "pril-campaign"
    assert advice.background[0].document == "social-media-in-unternehmen.txt"


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_a_question_off_topic_is_met_with_silence(real_advisor: Advisor, question: str) -> None:
    advice = real_advisor.advise(question)
    assert not advice.answered
    assert advice.excerpts() == ()


@pytest.fixture(scope="module")
def answers(real_advisor: Advisor) -> list[Advice]:
    """Return both sides of every debate, and the answers to all questions with two sides."""
    debates = real_advisor.snapshot.agenda.debates
    shown = [real_advisor.debate(debate.id) for debate in debates]
    return shown + [real_advisor.advise(question) for question, *_ in ASKED]


def test_every_quote_stands_in_the_file_at_its_place(
    real_advisor: Advisor, answers: list[Advice], seeds: Path
) -> None:
    files = {path.name: path.read_bytes().decode() for path in seeds.glob("*.txt")}
    shown = [excerpt for advice in answers for excerpt in advice.excerpts()]
    shown += [e for question in OPEN for e in real_advisor.advise(question).excerpts()]
    assert len(shown) > 100
    for excerpt in shown:
        assert files[excerpt.document][excerpt.start : excerpt.end] == excerpt.quote
        assert "\n\n" not in excerpt.quote


def test_no_excerpts_of_an_answer_overlap(answers: list[Advice]) -> None:
    for advice in answers:
        for one, other in combinations(advice.excerpts(), 2):
            apart = one.end <= other.start or other.end <= one.start
            assert one.document != other.document or apart, (advice.question, one.quote)


def test_two_sides_have_equal_room_or_one_has_no_voice(answers: list[Advice]) -> None:
    for advice in answers:
        lengths = {len(side.excerpts) for side in advice.sides}
        assert len(lengths - {0}) == 1, advice.question


def test_no_side_shows_what_is_labelled_for_the_other(
    real_advisor: Advisor, answers: list[Advice]
) -> None:
    labels = real_advisor.snapshot.labels
    for advice in answers:
        assert advice.debate
        family = {advice.debate.id, *advice.debate.inherits}
        for shown in advice.sides:
            mine = next(side for side, name in advice.debate.sides.items() if name == shown.label)
            for one in labels:
                if one.label.subject in family and one.label.side not in (mine, Side.BACKGROUND):
                    for excerpt in shown.excerpts:
                        assert one.label.document != excerpt.document or not (
                            one.span.start < excerpt.end and excerpt.start < one.span.end
                        ), (advice.question, excerpt.quote)


def test_the_seeds_are_built_without_problems(real_advisor: Advisor) -> None:
    assert real_advisor.snapshot.records.problems() == []
    assert real_advisor.snapshot.manifest.documents == 5
