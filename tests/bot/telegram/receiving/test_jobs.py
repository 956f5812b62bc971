"""Long work goes on beside its chat, and is waited for at the end, but not for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.state.protocol import Stage
from bot.telegram.receiving.jobs import Jobs
from bot.telegram.sending.delivery import Delivery, current_delivery, delivering

if TYPE_CHECKING:
    import pytest

    from bot.state.protocol import Inbox


async def test_a_job_may_finish() -> None:
    """What was started is waited for."""
    jobs, done = Jobs(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    jobs.start("work", work())
    assert await jobs.stop(5) == 0
    assert done.is_set()


async def test_patience_has_an_end() -> None:
    """What is not done by then is cancelled, and counted."""
    jobs, cancelled = Jobs(), asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    jobs.start("endless", endless())
    await asyncio.sleep(0)
    assert await jobs.stop(0.02) == 1
    assert cancelled.is_set()
    assert await jobs.stop(0.02) == 0


async def test_a_failure_is_logged_under_the_jobs_name(caplog: pytest.LogCaptureFixture) -> None:
    """It ends nothing else."""
    jobs = Jobs()

    async def failing() -> None:
        raise RuntimeError("broken")

    jobs.start("rebuild", failing())
    assert await jobs.stop(5) == 0
    assert "job rebuild failed" in caplog.text
    assert "RuntimeError: broken" in caplog.text


async def test_a_jobs_messages_answer_no_update(inbox: Inbox) -> None:
    """The update that started it is done with before."""
    jobs = Jobs()
    seen: list[Delivery | None] = []

    async def work() -> None:
        seen.append(current_delivery())

    with delivering(Delivery(inbox, 1, Stage.NEW)):
        jobs.start("work", work())
        assert current_delivery()
    await jobs.stop(5)
    assert seen == [None]
