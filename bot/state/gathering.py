"""Writes that come at the same time go to the disk together, and are waited for once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_MOST = 500


class Gathering(Generic[Item, Result]):
    """Hands items to a write in the order in which they came; while one runs, others gather."""

    def __init__(self, write: Callable[[list[Item]], Awaitable[Sequence[Result]]]) -> None:
        """`write` returns one result for each item."""
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def bring(self, items: Sequence[Item]) -> list[Result]:
        """Return one result for each item once it is written; raises what the write raises.

        Items of a caller that is cancelled are written all the same.
        """
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in items]
        self._waiting += zip(items, futures, strict=True)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return list(await asyncio.gather(*futures))

    async def drain(self) -> None:
        """Return when all that was brought is written, or has failed."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_AT_MOST], self._waiting[_AT_MOST:]
                await self._written(batch)
        finally:
            self._task = None

    async def _written(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever brought an item is told
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
