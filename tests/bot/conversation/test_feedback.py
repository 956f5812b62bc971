"""Each person's verdict counts once, and the newest one counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.conversation.feedback import Feedback, Verdict

if TYPE_CHECKING:
    from bot.state.protocol import Store

ADA, BOB = 1001, 1002


async def test_a_verdict_counts_once_a_person(store: Store) -> None:
    """A second tap changes nothing; another person's counts, too."""
    counted: Counter[str] = Counter()

    async def count(verdict: str, by: int) -> None:
        counted[verdict] += by

    feedback = Feedback(store, 1, count)
    assert await feedback.note("a", 0, ADA, Verdict.HELPFUL)
    assert not await feedback.note("a", 0, ADA, Verdict.HELPFUL)
    assert await feedback.note("a", 0, BOB, Verdict.HELPFUL)
    assert await feedback.note("a", None, ADA, Verdict.HELPFUL)
    assert counted == {"helpful": 3}


async def test_who_changes_their_mind_is_not_counted_twice(store: Store) -> None:
    """The earlier verdict on the same excerpt is taken back."""
    counted: Counter[str] = Counter()

    async def count(verdict: str, by: int) -> None:
        counted[verdict] += by

    feedback = Feedback(store, 1, count)
    await feedback.note("a", 0, ADA, Verdict.HELPFUL)
    assert await feedback.note("a", 0, ADA, Verdict.WRONG_SIDE)
    assert counted == {"helpful": 0, "wrong-side": 1}
