"""A turn leads to an aspect, a side, a relative of the debate, or on to how things are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.questions.reading import Polarity
from index.questions.refining import Ground, Refiner, Step, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

BICYCLES = Ground("de", "bicycles", Polarity.AS_MOTION)
ELECTRIC = Ground("de", "electric-bicycles", Polarity.AS_MOTION)


@pytest.fixture
def refiner(small_snapshot: Snapshot, make_stub: Callable[..., StubEncoder]) -> Refiner:
    questions = make_stub()
    return Refiner(small_snapshot.agenda, small_snapshot.classifier, questions)


@pytest.mark.parametrize(
    ("question", "step", "asked"),
    [
        ("Und die Kosten?", Step.ASPECT, Polarity.AS_MOTION),
        ("Was spricht dagegen?", Step.TURNED, Polarity.REVERSED),
        ("Und umgekehrt?", Step.TURNED, Polarity.REVERSED),
        ("Und wenn nicht?", Step.TURNED, Polarity.REVERSED),
        ("Wieso?", Step.REASONS, Polarity.AS_MOTION),
        ("Und wie macht man das?", Step.OPEN, Polarity.AS_MOTION),
    ],
)
def test_a_turn_does_what_its_words_say(
    refiner: Refiner, question: str, step: Step, asked: Polarity
) -> None:
    """Debate and language stay."""
    turn = refiner.take(BICYCLES, question)
    assert turn.step is step
    assert turn.ground == Ground("de", "bicycles", asked)


def test_negation_within_an_aspect_does_not_turn_the_question(refiner: Refiner) -> None:
    """ "If we have no money" is no "if we do not"."""
    turn = refiner.take(BICYCLES, "Und wenn wir kein Geld haben?")
    assert (turn.step, turn.ground.polarity) == (Step.ASPECT, Polarity.AS_MOTION)


def test_what_concerns_a_child_leads_there_and_back(refiner: Refiner) -> None:
    """Being told that the condition does not hold, one is back with the general debate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.questions.refining._RELATIVE", 0.0)
        there = refiner.take(BICYCLES, "Und elektrische?")
        back = refiner.take(ELECTRIC, "Und wenn sie nicht elektrisch sind?")
    assert (there.step, there.ground.debate) == (Step.MOVED, "electric-bicycles")
    assert (back.step, back.ground.debate) == (Step.MOVED, "bicycles")


@pytest.mark.parametrize(
    "ground", [Ground("de"), Ground("de", "gone", Polarity.AS_MOTION), Ground("de", "bicycles")]
)
def test_without_a_debate_a_turn_goes_on_openly(refiner: Refiner, ground: Ground) -> None:
    """It is read together with the question before."""
    turn = refiner.take(ground, "Und die Kosten?")
    assert (turn.step, turn.ground) == (Step.OPEN, ground)


def test_the_language_of_a_few_words_is_that_of_the_conversation() -> None:
    """They would not tell by themselves."""
    assert spoken("E os custos?", "Devemos sair das redes sociais?") == "pt"
    assert spoken("Kosten?", "Sollten wir Facebook verlassen?") == "de"
