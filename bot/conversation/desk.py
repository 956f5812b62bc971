"""The desk where questions are taken: asks the advisor, keeps the answer, remembers what was asked.

Knows chats and people by number only, and nothing of how a message looks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.conversation.answers import Answers
from bot.conversation.feedback import Feedback
from bot.conversation.memory import Memory
from bot.statistics import Outcome, Statistics, Surface
from bot.worker import Busy
from index.errors import AudiaturError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation.answers import Kept
    from bot.ops.metrics import Metrics
    from bot.settings import Settings
    from bot.state.protocol import Store
    from bot.worker import Worker
    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.debates.loading import Agenda

_INLINE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Where:
    """A chat, its topic, and who asks there."""

    chat: int
    person: int
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was kept, and the agenda of the index that it came from."""

    kept: Kept
    agenda: Agenda


class Desk:
    """Takes questions for a bot."""

    def __init__(self, worker: Worker, store: Store, settings: Settings, metrics: Metrics) -> None:
        self.answers = Answers(store, settings.keep_days)
        self.memory = Memory(store, settings.follow_up_s)
        self.statistics = Statistics(store)
        self.feedback = Feedback(store, settings.keep_days, self.statistics.judged)
        self._worker = worker
        self._metrics = metrics

    async def ask(
        self,
        question: str,
        where: Where,
        language: Callable[[Advice], str],
        previous: str | None = None,
    ) -> Given:
        """Answer a question; one that refines the last, or `previous`, is read with it.

        `language` chooses that of the words around an answer. Raises as `Worker.advise`.
        """
        last = previous or await self.memory.last(where.chat, where.person, where.thread)
        given = await self._answered(
            lambda advisor: advisor.advise(question, previous=last), where.person, language
        )
        if given.kept.advice.answered:
            context = given.kept.advice.context
            await self.memory.note(where.chat, where.person, where.thread, context)
        return given

    async def ask_instead(self, kept: Kept, number: int, where: Where) -> Given:
        """Answer a kept answer's question in the `number`-th debate that it may belong to.

        The debate that it was answered in takes the chosen one's place. Raises ValueError if the
        chosen one is no longer there, IndexError if there never was one; else as `Worker.advise`.
        """
        before = kept.advice
        chosen = before.alternatives[number]
        others = [debate for debate in before.alternatives if debate is not chosen]
        if before.debate:
            others.insert(0, before.debate)

        def work(advisor: Advisor) -> Advice:
            advice = advisor.answer_in(chosen.id, before.question)
            return replace(advice, alternatives=tuple(others))

        given = await self._answered(work, where.person, lambda _advice: kept.language)
        context = given.kept.advice.context
        await self.memory.note(where.chat, where.person, where.thread, context)
        return given

    async def debate(self, name: str, where: Where, language: str) -> Given:
        """Return both sides of a debate; raises ValueError where there is none of that name."""
        given = await self._answered(
            lambda advisor: advisor.debate(name), where.person, lambda _advice: language
        )
        context = given.kept.advice.context
        await self.memory.note(where.chat, where.person, where.thread, context)
        return given

    async def in_passing(
        self,
        question: str,
        person: int | None,
        language: Callable[[Advice], str],
        name: str,
        surface: Surface,
    ) -> Given:
        """Answer where there is no conversation: inline, or as a guest."""
        return await self._answered(
            lambda advisor: advisor.advise(question), person, language, name, surface
        )

    async def _answered(
        self,
        work: Callable[[Advisor], Advice],
        person: int | None,
        language: Callable[[Advice], str],
        name: str | None = None,
        surface: Surface = Surface.CHAT,
    ) -> Given:
        began = time.monotonic()
        try:
            advice, advisor = await self._worker.consult(lambda one: (work(one), one))
        except (AudiaturError, TimeoutError, Busy) as error:
            await self._count(_outcome(error), None, _ms(began), surface)
            raise
        except ValueError:
            raise
        except Exception:
            await self.statistics.noted(Outcome.FAILED, None, None, surface)
            raise
        outcome = Outcome.ANSWERED if advice.answered else Outcome.NOTHING
        debate = advice.debate.id if advice.debate else None
        await self._count(outcome, debate, _ms(began), surface)
        snapshot = advisor.snapshot
        lifetime_s = None if name is None else _INLINE_DAYS * 86_400.0
        kept = await self.answers.keep(
            advice, language(advice), snapshot.name, person, name=name, lifetime_s=lifetime_s
        )
        return Given(kept, snapshot.agenda)

    async def _count(
        self, outcome: Outcome, debate: str | None, latency_ms: float, surface: Surface
    ) -> None:
        self._metrics.answered(outcome, debate, latency_ms)
        await self.statistics.noted(outcome, debate, latency_ms, surface)


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, Busy):
        return Outcome.BUSY
    return Outcome.TIMEOUT if isinstance(error, TimeoutError) else Outcome.FAILED


def _ms(began: float) -> float:
    return (time.monotonic() - began) * 1000
