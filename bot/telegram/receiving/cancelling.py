"""Cancels tasks for certain: before Python 3.12, `asyncio.wait_for` can swallow a cancellation."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_AGAIN_S = 6.0
"""Longer than what a task may do at its end, such as to close a server."""


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks, again and again until they have ended; what they raise is not raised here."""
    left = {task for task in tasks if not task.done()}
    for task in left:
        task.cancel()
    while left:
        ended, left = await asyncio.wait(left, timeout=_AGAIN_S)
        for task in left:
            task.cancel()
        for task in ended:
            if not task.cancelled():
                task.exception()
