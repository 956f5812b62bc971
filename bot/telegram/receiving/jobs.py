"""Long work that an update starts but whose end it need not wait for, such as a rebuild."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from bot.telegram.receiving.cancelling import cancelled
from bot.telegram.sending.delivery import delivering

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger(__name__)


class Jobs:
    """Work in the background; handlers find it as `jobs` in the workflow data.

    A job's chat goes on meanwhile. A job that fails is logged, and one that is under way when the
    process is killed is gone: whoever started it starts it again.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Begin with a job; `name` stands in the log."""
        # its messages are no answer to the update that started it, which is done with before
        with delivering(None):
            task = asyncio.create_task(_logged(name, work), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self, timeout_s: float) -> int:
        """Let jobs finish; return how many had to be cancelled."""
        if not self._running:
            return 0
        _, left = await asyncio.wait(self._running, timeout=timeout_s)
        await cancelled(left)
        return len(left)


async def _logged(name: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        logger.exception("job %s failed", name)
