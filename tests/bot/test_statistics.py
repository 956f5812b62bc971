"""What is counted can be summed up by day, and holds nothing of persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import statistics
from bot.conversation.feedback import Verdict
from bot.state.sqlite_store import SqliteStore
from bot.statistics import SPACE, STEPS_MS, Outcome, Period, Statistics, Surface

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


class Clock(datetime):
    """A clock that stands still; tests set it."""

    moment = NOW

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        assert tz is UTC
        return cls.moment


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path / "bot.sqlite")
    yield opened
    await opened.close()


@pytest.fixture
def counted(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> Statistics:
    monkeypatch.setattr(statistics, "datetime", Clock)
    monkeypatch.setattr(Clock, "moment", NOW)
    return Statistics(store)


async def test_questions_are_counted_by_what_became_of_them(counted: Statistics) -> None:
    """By surface and debate, too; the share of answers is of all that came."""
    await counted.noted(Outcome.ANSWERED, "tram", 40, Surface.CHAT)
    await counted.noted(Outcome.ANSWERED, "tram", 60, Surface.INLINE)
    await counted.noted(Outcome.ANSWERED, "city-bees", 60, Surface.CHAT)
    await counted.noted(Outcome.NOTHING, None, 20, Surface.GUEST)
    await counted.noted(Outcome.BUSY)
    today = (await counted.summary(NOW)).today
    assert today.questions == 5
    assert today.answered_share == 0.6
    assert today.debates == {"tram": 2, "city-bees": 1}
    assert today.outcomes == {Outcome.ANSWERED: 3, Outcome.NOTHING: 1, Outcome.BUSY: 1}
    assert today.surfaces == {Surface.CHAT: 3, Surface.INLINE: 1, Surface.GUEST: 1}


async def test_percentiles_are_ends_of_steps(counted: Statistics) -> None:
    """Of a hundred answers of 1 to 100 hundredths of a second, half came within 500 ms."""
    for number in range(1, 101):
        await counted.noted(Outcome.ANSWERED, None, number * 10)
    today = (await counted.summary(NOW)).today
    assert [today.percentile_ms(percent) for percent in (1, 50, 75, 99, 100)] == [
        10, 500, 750, 1000, 1000,
    ]  # fmt: skip


async def test_what_is_slower_than_all_steps_is_told(counted: Statistics) -> None:
    await counted.noted(Outcome.ANSWERED, None, STEPS_MS[-1] + 1)
    assert (await counted.summary(NOW)).today.percentile_ms(50) == float("inf")


async def test_days_pass_out_of_the_week_and_stay_in_all(
    counted: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today counts as one of the seven days."""
    for back in range(10):
        monkeypatch.setattr(Clock, "moment", NOW - timedelta(days=back))
        await counted.noted(Outcome.ANSWERED, "tram", 5)
        await counted.judged(Verdict.HELPFUL)
    summary = await counted.summary(NOW)
    periods = (summary.today, summary.week, summary.ever)
    assert [period.questions for period in periods] == [1, 7, 10]
    assert [period.verdicts[Verdict.HELPFUL] for period in periods] == [1, 7, 10]
    tomorrow = await counted.summary(NOW + timedelta(days=1))
    assert (tomorrow.today.questions, tomorrow.week.questions) == (0, 6)


async def test_helpful_is_a_share_of_all_verdicts(counted: Statistics) -> None:
    """A result that was chosen is none."""
    for verdict in (Verdict.HELPFUL, Verdict.HELPFUL, Verdict.OFF_TOPIC, Verdict.WRONG_SIDE):
        await counted.judged(verdict)
    await counted.judged(Verdict.CHOSEN)
    assert (await counted.summary(NOW)).today.helpful_share == 0.5


async def test_a_verdict_taken_back_does_not_count(
    counted: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one of yesterday leave less than nothing today."""
    await counted.judged(Verdict.HELPFUL)
    monkeypatch.setattr(Clock, "moment", NOW + timedelta(days=1))
    await counted.judged(Verdict.HELPFUL, -1)
    summary = await counted.summary(NOW + timedelta(days=1))
    assert (dict(summary.today.verdicts), dict(summary.week.verdicts)) == ({}, {})


async def test_an_unknown_verdict_is_refused(counted: Statistics) -> None:
    """So that no button of a forged message adds a key."""
    with pytest.raises(ValueError, match="marvellous"):
        await counted.judged("marvellous")


async def test_a_day_has_few_keys_whatever_happens(counted: Statistics, store: SqliteStore) -> None:
    """However many ask, in however many milliseconds."""
    for number in range(300):
        await counted.noted(Outcome.ANSWERED, "tram", number * 300.5, Surface.INLINE)
    assert len(await store.counts(SPACE)) <= len(STEPS_MS) + 3


async def test_nothing_counted_has_no_shares(counted: Statistics) -> None:
    today = (await counted.summary(NOW)).today
    assert (today.questions, today.answered_share, today.helpful_share) == (0, None, None)
    assert today.percentile_ms(50) is None
    assert today == Period()


async def test_what_a_later_version_counts_is_passed_over(
    counted: Statistics, store: SqliteStore
) -> None:
    await store.count(SPACE, "2026-03-14|weather|sunny")
    await store.count(SPACE, "2026-03-14|question|melted|chat")
    assert (await counted.summary(NOW)).today.questions == 0
