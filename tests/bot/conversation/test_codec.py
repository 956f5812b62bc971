"""What is kept of an answer is all that its buttons need."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.conversation.codec import from_json, to_json
from bot.layout import lay_out

if TYPE_CHECKING:
    from index.answering.advice import Advice
    from index.answering.advisor import Advisor

QUESTIONS = [
    "Sollten Städte Bienenstöcke auf Dächern erlauben?",
    "Should cities ban beehives from roofs?",
    "How do I care for a hive?",
    "Is the museum free on Sundays?",
]


def written_and_read(advice: Advice) -> Advice:
    return from_json(json.loads(json.dumps(to_json(advice))))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_comes_back_as_it_was(advisor: Advisor, question: str) -> None:
    """It is shown in the same words, and every excerpt is equal, those kept at hand too."""
    advice = advisor.advise(question)
    again = written_and_read(advice)
    agenda = advisor.snapshot.agenda
    assert lay_out(again, "de", agenda) == lay_out(advice, "de", agenda)
    assert again.excerpts() == advice.excerpts()
    assert [side.further for side in again.sides] == [side.further for side in advice.sides]
    assert again.question == question


def test_what_it_refines_and_what_else_was_meant_come_back(advisor: Advisor) -> None:
    """Follow-ups and the other debates work after a restart, too."""
    debates = advisor.snapshot.agenda.debates[:2]
    advice = replace(advisor.advise(QUESTIONS[0]), refines="Und sonst?", alternatives=debates)
    again = written_and_read(advice)
    assert again.refines == "Und sonst?"
    assert [debate.id for debate in again.alternatives] == [debate.id for debate in debates]
    assert again.alternatives[0].motion == debates[0].motion
    assert again.context == advice.context


@pytest.mark.parametrize("broken", [{}, {"question": "?"}])
def test_another_version_is_no_answer(broken: dict[str, str]) -> None:
    """What cannot be read raises what `Answers` expects."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(broken)
