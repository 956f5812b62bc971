"""The one place where heavy work leaves the event loop, into executors of our own, with a deadline.

The default executor is left alone: full of long jobs, it would make DNS look-ups wait.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from index.errors import BuildCancelled, BuildInProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.library import Library
    from bot.ops.metrics import Metrics
    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.building import BuildReport
    from index.storage.protocol import Snapshot

Result = TypeVar("Result")

_ANSWERERS = 2


class Busy(Exception):
    """Too many questions are waiting already."""


class Worker:
    """Answers and builds off the event loop.

    Answers have two threads, so that one slow question does not hold up all others; a build has
    its own, so that chats are answered throughout.
    """

    def __init__(
        self,
        library: Library,
        answer_timeout_s: float,
        queue_limit: int = 100,
        metrics: Metrics | None = None,
    ) -> None:
        self._library = library
        self._timeout_s = answer_timeout_s
        self._queue_limit = queue_limit
        self._metrics = metrics
        self._answers = ThreadPoolExecutor(_ANSWERERS, thread_name_prefix="answer")
        self._builds = ThreadPoolExecutor(1, thread_name_prefix="build")
        self._waiting = 0
        self._building = False
        self._stopping = False

    async def advise(self, question: str, per_side: int | None = None) -> Advice:
        """Return the answer to a question.

        Raises:
            TimeoutError: It took longer than the deadline.
            Busy: Too many questions are waiting.
            SnapshotError: There is no usable index.
        """
        return await self._answer(lambda: self._library.advisor.advise(question, per_side))

    async def debate(self, name: str) -> Advice:
        """Return both sides of a debate; raises as `advise`, and ValueError for an unknown one."""
        return await self._answer(lambda: self._library.advisor.debate(name))

    async def snapshot(self) -> Snapshot:
        """Return the snapshot that answers now; raises as `advise`."""
        return await self._answer(lambda: self._library.advisor.snapshot)

    async def consult(self, work: Callable[[Advisor], Result]) -> Result:
        """Return what some work with the advisor that answers now gives; raises as `advise`."""
        return await self._answer(lambda: work(self._library.advisor))

    async def rebuild(self, progress: Callable[[str, int, int], None]) -> BuildReport:
        """Build a new index; `progress` is called on the event loop.

        Raises:
            BuildInProgress: A build runs already.
            AudiaturError: It could not be built; the old index keeps answering.
        """
        if self._building:
            raise BuildInProgress("an index is being built already; wait until it is done")
        loop = asyncio.get_running_loop()

        def report(stage: str, done: int, total: int) -> None:
            if self._stopping:
                raise BuildCancelled("stopped before it was done; the old index stays")
            loop.call_soon_threadsafe(progress, stage, done, total)

        self._building = True
        done = False
        try:
            built = await loop.run_in_executor(self._builds, self._library.rebuild, report)
            done = True
            return built
        finally:
            self._building = False
            if self._metrics:
                self._metrics.rebuilt(done=done)

    def stop(self) -> None:
        """Ask a build to stop at its next step."""
        self._stopping = True

    async def close(self) -> None:
        """Let answers finish, and a build stop."""
        self.stop()
        loop = asyncio.get_running_loop()
        for executor in (self._answers, self._builds):
            await loop.run_in_executor(None, executor.shutdown)

    async def _answer(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= self._queue_limit:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            running = loop.run_in_executor(self._answers, work)
            return await asyncio.wait_for(running, self._timeout_s)
        finally:
            self._waiting -= 1
