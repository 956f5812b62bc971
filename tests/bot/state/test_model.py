"""Whatever happens in whatever order, every inbox does as a model of a few lines does."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import redis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.state.opening import open_state
from bot.state.protocol import Arrival, Claim, Stage

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from bot.settings import Settings

NUMBERS = st.integers(1, 12)
LINES = ("a", "b", "c")
CONSUMERS = st.sampled_from(("one", "two"))
LONG_S = 600.0


@dataclass
class Update:
    """What the model knows of an update that is not finished."""

    line: str
    stage: Stage = Stage.NEW
    attempts: int = 0
    consumer: str | None = None
    held: bool = False


@dataclass
class Model:
    """The inbox, said as plainly as can be."""

    updates: dict[int, Update] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)

    def receive(self, given: list[int], line_of: dict[int, str]) -> int:
        new = 0
        for number in given:
            if number in self.updates or number in self.finished:
                continue
            new += 1
            line = line_of[number]
            for other, update in self.updates.items():
                if update.line == line and not update.held and other > number:
                    update.consumer = None
            self.updates[number] = Update(line)
        return new

    def claim(self, consumer: str, limit: int, *, lasting: bool) -> list[Claim]:
        if limit < 1:
            return []
        claims = []
        claimable = self._claimable()
        for number, update in self.updates.items():
            if not update.held and number not in claimable:
                update.consumer = None  # it waits behind an earlier one
        for number in sorted(claimable)[:limit]:
            update = self.updates[number]
            update.consumer, update.held = consumer, lasting
            update.attempts += 1
            payload = {"n": number}
            claims.append(Claim(number, update.line, payload, update.stage, update.attempts))
        return claims

    def renew(self, consumer: str) -> None:
        for update in self.updates.values():
            update.held = update.held or update.consumer == consumer

    def release(self, consumer: str) -> int:
        theirs = [update for update in self.updates.values() if update.consumer == consumer]
        released = sum(update.held for update in theirs)
        for update in theirs:
            update.consumer, update.held = None, False
        return released

    def finish(self, number: int) -> None:
        if self.updates.pop(number, None):
            self.finished.add(number)

    def mark(self, number: int, stage: Stage) -> None:
        if number in self.updates:
            self.updates[number] = replace(self.updates[number], stage=stage)

    def _claimable(self) -> set[int]:
        heads: dict[str, int] = {}
        for number, update in sorted(self.updates.items()):
            heads.setdefault(update.line, number)
        busy = {update.line for update in self.updates.values() if update.held}
        return {number for line, number in heads.items() if line not in busy}


class InboxMachine(RuleBasedStateMachine):
    """Does the same to an inbox and to the model, and compares what they say."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp(prefix="inbox"))
        if settings.redis_url:
            with closing(redis.Redis.from_url(settings.redis_url)) as client:
                client.flushall()
        if settings.database_url:
            with psycopg.connect(settings.database_url) as connection:
                connection.execute("TRUNCATE bot_updates, bot_lines")
        self._state = self._run(open_state(replace(settings, data=self._folder)))
        self._inbox = self._state.inbox
        self._model = Model()

    @rule(numbers=st.lists(NUMBERS, max_size=5), shift=st.integers(0, 2))
    def receive(self, numbers: list[int], shift: int) -> None:
        lines = {number: LINES[(number + shift) % 3] for number in numbers}
        given = [Arrival(number, lines[number], {"n": number}) for number in numbers]
        assert self._run(self._inbox.receive(given)) == self._model.receive(numbers, lines)

    @rule(consumer=CONSUMERS, limit=st.integers(0, 4), lasting=st.booleans())
    def claim(self, consumer: str, limit: int, *, lasting: bool) -> None:
        lease_s = LONG_S if lasting else 0.0
        claims = self._run(self._inbox.claim(consumer, limit, lease_s))
        assert claims == self._model.claim(consumer, limit, lasting=lasting)

    @rule(consumer=CONSUMERS)
    def renew(self, consumer: str) -> None:
        self._run(self._inbox.renew(consumer, LONG_S))
        self._model.renew(consumer)

    @rule(consumer=CONSUMERS)
    def release(self, consumer: str) -> None:
        assert self._run(self._inbox.release(consumer)) == self._model.release(consumer)

    @rule(number=NUMBERS, stage=st.sampled_from(Stage))
    def mark(self, number: int, stage: Stage) -> None:
        self._run(self._inbox.mark(number, stage))
        self._model.mark(number, stage)

    @rule(number=NUMBERS)
    def finish(self, number: int) -> None:
        self._run(self._inbox.finish(number))
        self._model.finish(number)

    @invariant()
    def as_many_wait(self) -> None:
        assert self._run(self._inbox.waiting()) == len(self._model.updates)

    def teardown(self) -> None:
        self._run(self._state.close())
        self._runner.close()
        shutil.rmtree(self._folder)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)


def test_every_inbox_does_as_the_model(settings: Settings) -> None:
    """Any sequence of calls gives what the model gives, claims and counts alike."""

    class Machine(InboxMachine):
        def __init__(self) -> None:
            super().__init__(settings)

    run_state_machine_as_test(
        Machine,
        settings=hypothesis_settings(
            max_examples=15 if settings.database_url else 40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
