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

# `lines` says of each unfinished update its line, `line:…` which updates a line has, `heads` its
# first or held one. A head is in `ready` (by its number), or in `held` (by the end of its lease).
_NAMES = """
local P = KEYS[1]
local LINES, HEADS = P .. 'lines', P .. 'heads'
local READY, HELD = P .. 'ready', P .. 'held'
local function update_of(id) return P .. 'update:' .. id end
local function line_of(line) return P .. 'line:' .. line end
local function done_of(id) return P .. 'done:' .. id end
local function ring() redis.call('PUBLISH', P .. 'changed', '') end
local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function give_back(id)
    redis.call('ZREM', HELD, id)
    redis.call('ZADD', READY, id, id)
end
local function end_leases()
    local ended = redis.call('ZRANGEBYSCORE', HELD, '-inf', now())
    for _, id in ipairs(ended) do give_back(id) end
end
"""
_RECEIVE = (
    _NAMES
    + """
end_leases()
local new = {}
for i = 1, #ARGV, 3 do
    local id, line, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local known = redis.call('HEXISTS', LINES, id) + redis.call('EXISTS', done_of(id))
    new[#new + 1] = known == 0 and 1 or 0
    if known == 0 then
        redis.call('HSET', LINES, id, line)
        redis.call('HSET', update_of(id), 'payload', payload, 'stage', 0, 'attempts', 0)
        redis.call('ZADD', line_of(line), id, id)
        local head = redis.call('HGET', HEADS, line)
        local held = head and redis.call('ZSCORE', HELD, head)
        if not head or (tonumber(id) < tonumber(head) and not held) then
            if head then
                redis.call('ZREM', READY, head)
                redis.call('HDEL', update_of(head), 'consumer')
            end
            redis.call('HSET', HEADS, line, id)
            redis.call('ZADD', READY, id, id)
        end
    end
end
ring()
return new
"""
)
_CLAIM = (
    _NAMES
    + """
local consumer, limit, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local claims = {}
if limit < 1 then return claims end
end_leases()
local till = now() + lease
for _, id in ipairs(redis.call('ZRANGE', READY, 0, limit - 1)) do
    redis.call('ZREM', READY, id)
    redis.call('ZADD', HELD, till, id)
    redis.call('HSET', update_of(id), 'consumer', consumer)
    local attempts = redis.call('HINCRBY', update_of(id), 'attempts', 1)
    local known = redis.call('HMGET', update_of(id), 'payload', 'stage')
    claims[#claims + 1] = {id, redis.call('HGET', LINES, id), known[1], known[2], attempts}
end
return claims
"""
)
_RENEW = (
    _NAMES
    + """
local till = now() + ARGV[2]
for i = 3, #ARGV do
    local id = ARGV[i]
    if redis.call('HGET', update_of(id), 'consumer') == ARGV[1] then
        redis.call('ZREM', READY, id)
        redis.call('ZADD', HELD, till, id)
    end
end
"""
)
_MARK = (
    _NAMES
    + """
for i = 1, #ARGV, 2 do
    if redis.call('HEXISTS', LINES, ARGV[i]) == 1 then
        redis.call('HSET', update_of(ARGV[i]), 'stage', ARGV[i + 1])
    end
end
"""
)
_FINISH = (
    _NAMES
    + """
for i = 2, #ARGV do
    local id = ARGV[i]
    local line = redis.call('HGET', LINES, id)
    if line then
        redis.call('HDEL', LINES, id)
        redis.call('DEL', update_of(id))
        redis.call('SET', done_of(id), 1, 'EX', ARGV[1])
        redis.call('ZREM', line_of(line), id)
        redis.call('ZREM', READY, id)
        redis.call('ZREM', HELD, id)
        if redis.call('HGET', HEADS, line) == id then
            local following = redis.call('ZRANGE', line_of(line), 0, 0)[1]
            if following then
                redis.call('HSET', HEADS, line, following)
                redis.call('ZADD', READY, following, following)
            else
                redis.call('HDEL', HEADS, line)
            end
        end
    end
end
ring()
"""
)
_RELEASE = (
    _NAMES
    + """
end_leases()
local released = 0
for _, id in ipairs(redis.call('ZRANGE', HELD, 0, -1)) do
    if redis.call('HGET', update_of(id), 'consumer') == ARGV[1] then
        redis.call('HDEL', update_of(id), 'consumer')
        give_back(id)
        released = released + 1
    end
end
ring()
return released
"""
)
_WAITING = "return redis.call('HLEN', KEYS[1] .. 'lines')"
_CLAIMABLE = (
    _NAMES + "return redis.call('ZCARD', READY) + redis.call('ZCOUNT', HELD, '-inf', now())"
)


class RedisInbox(Inbox):
    """Updates between their arrival and their answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._bell = Bell()
        self._handed = Handed()
        self._receive, self._claim = server.script(_RECEIVE), server.script(_CLAIM)
        self._renew, self._mark = server.script(_RENEW), server.script(_MARK)
        self._finish, self._release = server.script(_FINISH), server.script(_RELEASE)
        self._waiting, self._claimable = server.script(_WAITING), server.script(_CLAIMABLE)
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
