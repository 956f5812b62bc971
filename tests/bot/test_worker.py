"""Heavy work leaves the event loop, is bounded in time and number, and can be stopped."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from bot.ops.metrics import Metrics
from bot.worker import Busy, Worker
from index.errors import AudiaturError, BuildCancelled, BuildInProgress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.library import Library
    from tests.bot.conftest import Eventually, StubEncoder

QUESTION = "Sollten Städte Bienenstöcke auf Dächern erlauben?"
NEW_TEXT = "Neues\n\nEin neuer Satz über die Bienen steht hier.\n"


@pytest.fixture
async def worker(library: Library, encoder: StubEncoder) -> AsyncIterator[Worker]:
    opened = Worker(library, answer_timeout_s=5.0)
    yield opened
    encoder.questions.open()
    encoder.passages.open()
    await opened.close()


def unseen(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""


async def test_questions_and_debates_are_answered(worker: Worker) -> None:
    """As the library would answer them."""
    advice = await worker.advise(QUESTION, per_side=2)
    assert advice.debate
    assert [len(side.excerpts) for side in advice.sides] == [2, 2]
    assert (await worker.debate("tram")).debate
    assert len((await worker.snapshot()).agenda.debates) == 10
    with pytest.raises(ValueError, match="no debate is called 'gone'"):
        await worker.debate("gone")


async def test_the_event_loop_stays_free(
    worker: Worker, encoder: StubEncoder, eventually: Eventually
) -> None:
    """It goes on ticking while an answer is worked out."""
    encoder.questions.close()
    answering = asyncio.create_task(worker.advise(QUESTION))
    await eventually(encoder.questions.reached)
    longest = 0.0
    for _ in range(20):
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before)
    assert longest < 1
    assert not answering.done()
    encoder.questions.open()
    assert (await answering).answered


async def test_a_deadline_is_kept(library: Library, encoder: StubEncoder) -> None:
    """The question is given up, and the next one is answered."""
    worker = Worker(library, answer_timeout_s=0.1)
    await worker.advise("Is everything ready?")  # what is remembered would need no encoder
    encoder.questions.close()
    with pytest.raises(TimeoutError):
        await worker.advise(QUESTION)
    encoder.questions.open()
    assert (await worker.advise(QUESTION)).answered
    await worker.close()


async def test_a_slow_question_does_not_hold_up_another(
    worker: Worker, encoder: StubEncoder, eventually: Eventually
) -> None:
    """There are two threads, and the second one still answers."""
    encoder.questions.close()
    slow = asyncio.create_task(worker.advise(QUESTION))
    await eventually(encoder.questions.reached)
    async with asyncio.timeout(2):
        assert await worker.snapshot()
    assert not slow.done()
    encoder.questions.open()
    await slow


async def test_too_many_are_turned_away(library: Library, encoder: StubEncoder) -> None:
    """At once, and only for as long as so many wait; how many, the operator says."""
    worker = Worker(library, answer_timeout_s=5.0, queue_limit=3)
    encoder.questions.close()
    waiting = [asyncio.create_task(worker.advise(QUESTION)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await worker.advise(QUESTION)
    encoder.questions.open()
    assert all(advice.answered for advice in await asyncio.gather(*waiting))
    assert (await worker.advise(QUESTION)).answered
    await worker.close()


async def test_builds_are_counted(library: Library) -> None:
    """Those that fail apart."""
    metrics = Metrics()
    worker = Worker(library, answer_timeout_s=5.0, metrics=metrics)
    await worker.rebuild(unseen)
    for file in library._corpus.rglob("*.toml"):
        file.write_text("no = [")
    with pytest.raises(AudiaturError):
        await worker.rebuild(unseen)
    lines = metrics.rendered(0).decode().splitlines()
    assert 'audiatur_rebuilds_total{done="true"} 1.0' in lines
    assert 'audiatur_rebuilds_total{done="false"} 1.0' in lines
    await worker.close()


async def test_a_build_tells_how_far_it_is(worker: Worker) -> None:
    """On the event loop, stage by stage."""
    loop = asyncio.get_running_loop()
    stages: list[str] = []

    def note(stage: str, _done: int, _total: int) -> None:
        assert asyncio.get_running_loop() is loop
        stages.append(stage)

    report = await worker.rebuild(note)
    assert report.documents == 6
    assert list(dict.fromkeys(stages)) == ["read", "embed", "learn", "write", "verify"]


async def test_questions_are_answered_during_a_build_and_a_second_one_is_not_begun(
    worker: Worker, library: Library, encoder: StubEncoder, eventually: Eventually
) -> None:
    """After it, another may be."""
    (library._corpus / "neu.txt").write_text(NEW_TEXT)
    encoder.passages.close()
    build = asyncio.create_task(worker.rebuild(unseen))
    await eventually(encoder.passages.reached)
    with pytest.raises(BuildInProgress):
        await worker.rebuild(unseen)
    assert (await worker.advise(QUESTION)).answered
    encoder.passages.open()
    assert (await build).embedded == 1
    assert (await worker.rebuild(unseen)).embedded == 0


async def test_a_stop_cancels_a_build(
    worker: Worker, library: Library, encoder: StubEncoder, eventually: Eventually
) -> None:
    """At its next step; the old index stays."""
    before = library.advisor.snapshot.name
    (library._corpus / "neu.txt").write_text(NEW_TEXT)
    encoder.passages.close()
    build = asyncio.create_task(worker.rebuild(unseen))
    await eventually(encoder.passages.reached)
    worker.stop()
    encoder.passages.open()
    with pytest.raises(BuildCancelled, match="the old index stays"):
        await build
    assert library.advisor.snapshot.name == before
    assert (await worker.advise(QUESTION)).answered


async def test_closing_lets_answers_finish(
    library: Library, encoder: StubEncoder, eventually: Eventually
) -> None:
    """What was asked before is answered."""
    worker = Worker(library, answer_timeout_s=5.0)
    encoder.questions.close()
    asked = asyncio.create_task(worker.advise(QUESTION))
    await eventually(encoder.questions.reached)
    closing = asyncio.create_task(worker.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    encoder.questions.open()
    await closing
    assert (await asked).answered
