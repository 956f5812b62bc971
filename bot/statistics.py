"""Counts what was asked, how fast it was answered and what people made of it; never who.

A counter's key begins with its day (UTC), so that ranges can be summed up. A day has few keys,
whatever is asked: outcomes, debates of the corpus, steps of time, verdicts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.conversation.feedback import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.state.protocol import Store

SPACE = "statistics"
STEPS_MS = (
    10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500,
    10_000, 15_000, 20_000, 30_000, 60_000,
)  # fmt: skip
"""Upper ends of the steps that latencies are counted by; what is slower is counted as such."""
_SLOWER = "slower"
_WEEK = 7


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    NOTHING = "nothing"
    BUSY = "busy"
    TIMEOUT = "timeout"
    FAILED = "failed"


class Surface(StrEnum):
    """Where a question was asked."""

    CHAT = "chat"
    INLINE = "inline"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Period:
    """The counts of some days. `latencies` are by step, its upper end in milliseconds."""

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    surfaces: Mapping[Surface, int] = field(default_factory=dict)
    debates: Mapping[str, int] = field(default_factory=dict)
    latencies: Mapping[float, int] = field(default_factory=dict)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def questions(self) -> int:
        """How many questions came."""
        return sum(self.outcomes.values())

    @property
    def answered_share(self) -> float | None:
        """The share of questions that were answered, in [0, 1]; `None` without any."""
        return _share(self.outcomes.get(Outcome.ANSWERED, 0), self.questions)

    @property
    def helpful_share(self) -> float | None:
        """The share of verdicts that say helpful, chosen results aside; `None` without any."""
        helpful = self.verdicts.get(Verdict.HELPFUL, 0)
        judged = sum(self.verdicts.values()) - self.verdicts.get(Verdict.CHOSEN, 0)
        return _share(helpful, judged)

    def percentile_ms(self, percent: float) -> float | None:
        """Return the end of the step within which so many of a hundred answers came.

        It is `inf` beyond the last step, `None` without any answer.
        """
        wanted = sum(self.latencies.values()) * percent / 100
        reached = 0
        for end in sorted(self.latencies):
            reached += self.latencies[end]
            if reached >= wanted:
                return end
        return None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was counted today, in the seven days up to today, and ever."""

    today: Period
    week: Period
    ever: Period


class Statistics:
    """Counts into a store, and sums up what it holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def noted(
        self,
        outcome: Outcome,
        debate: str | None = None,
        latency_ms: float | None = None,
        surface: Surface = Surface.CHAT,
    ) -> None:
        """Count a question: what became of it, and for an answer how long it took."""
        await self._count(f"question|{outcome.value}|{surface.value}")
        if debate:
            await self._count(f"debate|{debate}")
        if latency_ms is not None:
            await self._count(f"latency|{_step(latency_ms)}")

    async def judged(self, verdict: str, by: int = 1) -> None:
        """Count what somebody made of an answer or an excerpt; -1 where they take it back.

        Raises:
            ValueError: There is no such verdict.
        """
        await self._count(f"verdict|{Verdict(verdict).value}", by)

    async def summary(self, now: datetime) -> Summary:
        """Return the counts of today, of the last seven days, and of all."""
        days = [f"{now.astimezone(UTC) - timedelta(days=back):%Y-%m-%d}" for back in range(_WEEK)]
        counts = await self._store.counts(SPACE)
        return Summary(
            _period(counts, {days[0]}), _period(counts, set(days)), _period(counts, None)
        )

    async def _count(self, name: str, by: int = 1) -> None:
        await self._store.count(SPACE, f"{datetime.now(UTC):%Y-%m-%d}|{name}", by)


def _step(latency_ms: float) -> str:
    return next((str(end) for end in STEPS_MS if latency_ms <= end), _SLOWER)


def _period(counts: Mapping[str, int], days: set[str] | None) -> Period:
    """Sum up the counters of some days, or of all; a name that is not known is passed over."""
    outcomes: Counter[Outcome] = Counter()
    surfaces: Counter[Surface] = Counter()
    debates: Counter[str] = Counter()
    latencies: Counter[float] = Counter()
    verdicts: Counter[Verdict] = Counter()
    for key, count in counts.items():
        match key.split("|"):
            case [day, *_] if days is not None and day not in days:
                continue
            case [_, "question", outcome, surface] if outcome in set(Outcome):
                outcomes[Outcome(outcome)] += count
                surfaces[Surface(surface)] += count
            case [_, "debate", debate]:
                debates[debate] += count
            case [_, "latency", end]:
                latencies[float("inf") if end == _SLOWER else float(end)] += count
            case [_, "verdict", verdict] if verdict in set(Verdict):
                verdicts[Verdict(verdict)] += count
    # what was judged before these days and taken back on one of them would be below none
    return Period(outcomes, surfaces, debates, latencies, +verdicts)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
