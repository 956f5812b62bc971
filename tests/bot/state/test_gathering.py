"""Writes that come at the same time."""

from __future__ import annotations

import asyncio

import pytest

from bot.state.gathering import Gathering


class Disk:
    """Doubles what it is given, batch by batch; refuses a batch with a 1313."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def write(self, items: list[int]) -> list[int]:
        self.batches.append(items)
        await asyncio.sleep(0.01)
        if 1313 in items:
            raise OSError("unlucky")
        return [2 * item for item in items]


async def test_what_comes_together_is_written_together() -> None:
    """Each caller has its own results, in order, though one write served many."""
    disk = Disk()
    gathering = Gathering(disk.write)
    results = await asyncio.gather(*(gathering.bring([n, -n]) for n in range(100)))
    assert results == [[2 * n, -2 * n] for n in range(100)]
    assert len(disk.batches) <= 2
    assert await gathering.bring([]) == []


async def test_a_failed_write_is_told_and_the_next_goes_on() -> None:
    """Those whose batch failed are told why; what comes afterwards is written."""
    gathering = Gathering(Disk().write)
    failed = await asyncio.gather(
        gathering.bring([1313]), gathering.bring([1]), return_exceptions=True
    )
    assert [str(error) for error in failed] == ["unlucky", "unlucky"]
    assert await gathering.bring([2]) == [4]


async def test_a_cancelled_callers_items_are_written() -> None:
    """Cancelling one caller takes nothing from the disk, and nothing from the others."""
    disk = Disk()
    gathering = Gathering(disk.write)
    leaving, staying = (asyncio.create_task(gathering.bring([n])) for n in (1, 2))
    await asyncio.sleep(0.001)
    leaving.cancel()
    assert await staying == [4]
    await gathering.drain()
    assert sorted(item for batch in disk.batches for item in batch) == [1, 2]
    with pytest.raises(asyncio.CancelledError):
        await leaving
