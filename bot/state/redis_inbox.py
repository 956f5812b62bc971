"""The inbox in Redis, shared by several replicas of the bot, in the order of each line.

Leases go by the server's clock. What Redis' own settings mean for durability is said in
`bot/state/redis.py`. Steps that a broken connection makes run twice change nothing the second
time; a claim that never came back ends with its lease.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from typing_extensions import override

from bot.state import redis_inbox_scripts as scripts
from bot.state.bell import Bell
from bot.state.gathering import Gathering
from bot.state.handed import Handed
from bot.state.protocol import Claim, Inbox, Stage
from bot.state.redis import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.state.protocol import Arrival
    from bot.state.redis import Server

REMEMBERED_S = 86_400
_CHANNEL = f"{PREFIX}changed"
_POLL_S = 0.5
_RETRY_S = 1.0


class RedisInbox(Inbox):
    """Updates between their arrival and their answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._bell = Bell()
        self._handed = Handed()
        self._receive, self._claim = server.script(scripts.RECEIVE), server.script(scripts.CLAIM)
        self._renew, self._mark = server.script(scripts.RENEW), server.script(scripts.MARK)
        self._finish, self._release = server.script(scripts.FINISH), server.script(scripts.RELEASE)
        self._waiting, self._claimable = (
            server.script(scripts.WAITING),
            server.script(scripts.CLAIMABLE),
        )
        self._receiving = Gathering(self._received)
        self._marking = Gathering(self._marked)
        self._finishing = Gathering(self._finished)
        self._listening = asyncio.create_task(self._listen())

    @override
    async def receive(self, arrivals: Sequence[Arrival]) -> int:
        return sum(await self._receiving.bring(arrivals))

    @override
    async def claim(self, consumer: str, limit: int, lease_s: float) -> list[Claim]:
        rows = await self._claim(consumer, limit, _milliseconds(lease_s))
        claims = [
            Claim(int(update_id), line, json.loads(payload), Stage(int(stage)), int(attempts))
            for update_id, line, payload, stage, attempts in rows
        ]
        self._handed.add(consumer, claims)
        return claims

    @override
    async def renew(self, consumer: str, lease_s: float) -> None:
        await self._renew(consumer, _milliseconds(lease_s), *self._handed.to(consumer))

    @override
    async def mark(self, update_id: int, stage: Stage) -> None:
        await self._marking.bring([(update_id, stage)])

    @override
    async def finish(self, update_id: int) -> None:
        await self._finishing.bring([update_id])

    @override
    async def release(self, consumer: str) -> int:
        self._handed.drop(consumer)
        released = int(await self._release(consumer))
        self._bell.ring()
        return released

    @override
    async def waiting(self) -> int:
        return int(await self._waiting())

    @override
    async def changed(self, timeout_s: float) -> None:
        end = asyncio.get_running_loop().time() + timeout_s
        while True:
            heard = self._bell.listen()
            if await self._claimable():
                return
            left_s = end - asyncio.get_running_loop().time()
            if left_s <= 0:
                return
            await heard(min(left_s, _POLL_S))

    @override
    async def close(self) -> None:
        for gathering in (self._receiving, self._marking, self._finishing):
            await gathering.drain()
        while not self._listening.done():  # again, where redis swallowed the cancellation
            self._listening.cancel()
            await asyncio.wait([self._listening], timeout=_RETRY_S)
        await self._server.close()

    async def _listen(self) -> None:
        """Ring here when another process rings; while this fails, `changed` polls."""
        while True:
            with suppress(RedisError, OSError):
                async with self._server.pubsub() as pubsub:
                    await pubsub.subscribe(_CHANNEL)
                    async for _ in pubsub.listen():
                        self._bell.ring()
            await asyncio.sleep(_RETRY_S)

    async def _received(self, arrivals: list[Arrival]) -> list[int]:
        given: list[str | int] = []
        for one in arrivals:
            given += [one.update_id, one.line, json.dumps(one.payload)]
        new: list[int] = await self._receive(*given)
        self._bell.ring()
        return new

    async def _marked(self, stages: list[tuple[int, Stage]]) -> list[None]:
        await self._mark(*(int(part) for pair in stages for part in pair))
        return [None] * len(stages)

    async def _finished(self, update_ids: list[int]) -> list[None]:
        await self._finish(REMEMBERED_S, *update_ids)
        self._handed.discard(update_ids)
        self._bell.ring()
        return [None] * len(update_ids)


def _milliseconds(lease_s: float) -> int:
    return round(lease_s * 1000)
