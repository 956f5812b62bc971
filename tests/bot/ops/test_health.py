"""The health check tells whether people get answers, and what is wrong where they do not."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from bot.heartbeat import Heartbeat
from bot.ops import health as rooms
from bot.ops.health import Health
from bot.state.errors import StateError
from bot.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.library import Library
    from bot.settings import Settings
    from bot.state.protocol import Inbox
    from tests.bot.conftest import Eventually, StubEncoder


@dataclass(slots=True)
class Waiting:
    """An inbox of which only the length is asked."""

    count: int | None = 0

    async def waiting(self) -> int:
        if self.count is None:
            raise StateError("gone")
        return self.count


@dataclass(slots=True)
class Bot:
    """All that a bot's health depends on."""

    heartbeat: Heartbeat
    inbox: Waiting
    worker: Worker
    idle_s: float = 0.0

    async def reasons(self) -> tuple[str, ...]:
        health = Health(self.heartbeat, self.worker, cast("Inbox", self.inbox), lambda: self.idle_s)
        return (await health.condition()).reasons


@pytest.fixture
async def bot(settings: Settings, library: Library, encoder: StubEncoder) -> AsyncIterator[Bot]:
    worker = Worker(library, answer_timeout_s=5.0, queue_limit=1)
    heartbeat = Heartbeat(settings.data)
    heartbeat.beat()
    yield Bot(heartbeat, Waiting(), worker)
    encoder.questions.open()
    await worker.close()


async def test_all_is_well(bot: Bot) -> None:
    """Also while updates wait and others are finished."""
    assert await bot.reasons() == ()
    bot.inbox.count = 50
    assert await bot.reasons() == ()


async def test_telegram_must_have_answered_lately(bot: Bot, settings: Settings) -> None:
    """Two minutes ago is too long."""
    long_ago = time.time() - 130
    os.utime(settings.data / "heartbeat", (long_ago, long_ago))
    assert await bot.reasons() == ("Telegram has not answered lately",)


async def test_the_index_must_be_there(bot: Bot, settings: Settings) -> None:
    """Without it there is no answer to anything."""
    shutil.rmtree(settings.data / "snapshots")
    assert await bot.reasons() == ("the index cannot be used",)


async def test_the_inbox_must_move_on(bot: Bot) -> None:
    """Updates that wait while none is finished will never be."""
    bot.inbox.count, bot.idle_s = 3, 121.0
    assert await bot.reasons() == ("3 updates wait and none is finished",)
    bot.inbox.count = 0
    assert await bot.reasons() == ()
    bot.inbox.count = None
    assert await bot.reasons() == ("the inbox cannot be read",)


async def test_being_busy_is_no_illness(
    bot: Bot, encoder: StubEncoder, eventually: Eventually
) -> None:
    """Those who ask are told so, and a restart would help nobody."""
    encoder.questions.close()
    asked = asyncio.create_task(bot.worker.advise("Should cities allow beehives?"))
    await eventually(encoder.questions.reached)
    assert await bot.reasons() == ()
    encoder.questions.open()
    await asked


async def test_answers_that_take_too_long_are(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would wait for them."""

    async def never() -> None:
        raise TimeoutError

    monkeypatch.setattr(bot.worker, "snapshot", never)
    assert await bot.reasons() == ("answers take too long",)
    assert rooms._PATIENCE_S < 10
