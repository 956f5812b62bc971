"""Answers are found by name for as long as they are kept, and by the messages they answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.conversation.answers import Answers, Place

if TYPE_CHECKING:
    from bot.state.protocol import Store
    from index.answering.advisor import Advisor

QUESTION = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
ADA, BOB = 1001, 1002


async def test_an_answer_is_found_by_its_name(store: Store, advisor: Advisor) -> None:
    """With its language and its index; another name finds nothing."""
    answers = Answers(store, keep_days=1)
    kept = await answers.keep(advisor.advise(QUESTION), "de", "index-1", ADA)
    found = await answers.find(kept.id)
    assert found is not None
    assert (found.language, found.snapshot) == ("de", "index-1")
    assert found.excerpts == kept.excerpts
    assert await answers.find("elsewhere") is None


async def test_excerpts_are_numbered_through(store: Store, advisor: Advisor) -> None:
    """Each, also of those held ready for "more", has a place of its own."""
    kept = await Answers(store, 1).keep(advisor.advise(QUESTION), "de", "index-1", ADA)
    assert [kept.number(excerpt) for excerpt in kept.excerpts] == list(range(len(kept.excerpts)))
    shown = kept.advice.excerpts()
    assert set(shown) <= set(kept.excerpts)


async def test_a_message_leads_to_its_answer(store: Store, advisor: Advisor) -> None:
    """From the question, for edits, and from the answer itself, for replies to it."""
    answers = Answers(store, 1)
    kept = await answers.keep(advisor.advise(QUESTION), "de", "index-1", ADA)
    await answers.place(ADA, 7, kept, 8, ADA)
    assert await answers.placed(ADA, 7) == Place(kept.id, 8)
    assert await answers.placed(ADA, 8) == Place(kept.id, 8)
    assert await answers.placed(BOB, 7) is None


async def test_what_another_version_kept_is_gone(store: Store) -> None:
    """A button under it says so, instead of failing."""
    await store.put("answers", "old", {"advice": {}, "language": "de", "snapshot": "x"})
    assert await Answers(store, 1).find("old") is None


async def test_forgetting_takes_a_persons_answers_along(store: Store, advisor: Advisor) -> None:
    """And nobody else's."""
    answers = Answers(store, 1)
    advice = advisor.advise(QUESTION)
    adas = await answers.keep(advice, "de", "index-1", ADA)
    bobs = await answers.keep(advice, "de", "index-1", BOB)
    await answers.place(ADA, 7, adas, 8, ADA)
    await store.forget(ADA)
    assert await answers.find(adas.id) is None
    assert await answers.placed(ADA, 7) is None
    assert await answers.find(bobs.id) is not None


async def test_what_was_kept_in_passing_can_be_kept_longer(store: Store, advisor: Advisor) -> None:
    """An inline answer that was chosen stays when its own short time is over."""
    answers = Answers(store, 1)
    advice = advisor.advise(QUESTION)
    await answers.keep(advice, "de", "index-1", ADA, name="passing", lifetime_s=0.05)
    await answers.keep(advice, "de", "index-1", ADA, name="chosen", lifetime_s=0.3)
    await answers.prolong("chosen", ADA)
    await answers.prolong("unknown", ADA)
    await asyncio.sleep(0.4)
    assert await answers.find("passing") is None
    assert await answers.find("chosen") is not None
    assert await answers.find("unknown") is None
