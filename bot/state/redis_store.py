"""The store in Redis, shared by several replicas of the bot.

A value expires by Redis' own clock; that its name leaves the lists of its space and its owner
follows within a minute, and at once where the owner is forgotten. After a broken connection a
counter may have counted twice.
"""

from __future__ import annotations

import json
import math
import secrets
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.state.protocol import Store
from bot.state.tidying import Tidying
from bot.state.values import checked_lifetime, end_of_prefix, packed

if TYPE_CHECKING:
    from bot.state.protocol import Json
    from bot.state.redis import Server

_BATCH = 500

# A name is `length of the space:space:key`. `owners` says whose each name is, the sets `owner:…`
# which names each person has; `ends` when a name expires; `space:…` lists keys, in order.
_NAMES = """
local P = KEYS[1]
local function name_of(space, key) return #space .. ':' .. space .. ':' .. key end
local function value_of(name) return P .. 'value:' .. name end
local function drop(name)
    local length, rest = string.match(name, '^(%d+):(.*)$')
    length = tonumber(length)
    local space, key = string.sub(rest, 1, length), string.sub(rest, length + 2)
    local owner = redis.call('HGET', P .. 'owners', name)
    if owner then
        redis.call('HDEL', P .. 'owners', name)
        redis.call('SREM', P .. 'owner:' .. owner, name)
    end
    redis.call('ZREM', P .. 'ends', name)
    redis.call('ZREM', P .. 'space:' .. space, key)
    return redis.call('DEL', value_of(name))
end
local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
"""
_GET = _NAMES + "return redis.call('HGET', value_of(name_of(ARGV[1], ARGV[2])), 'value')"
_PUT = (
    _NAMES
    + """
local space, key, value, owner, lifetime, once = unpack(ARGV)
local name = name_of(space, key)
if once ~= '' then
    local before = redis.call('HMGET', value_of(name), 'value', 'once')
    if before[1] then return before[2] == once and 1 or 0 end
end
drop(name)
redis.call('HSET', value_of(name), 'value', value, 'once', once)
redis.call('ZADD', P .. 'space:' .. space, 0, key)
if lifetime ~= '' then
    redis.call('PEXPIRE', value_of(name), lifetime)
    redis.call('ZADD', P .. 'ends', now() + lifetime, name)
end
if owner ~= '' then
    redis.call('HSET', P .. 'owners', name, owner)
    redis.call('SADD', P .. 'owner:' .. owner, name)
end
return 1
"""
)
_REMOVE = _NAMES + "return drop(name_of(ARGV[1], ARGV[2]))"
_ENTRIES = (
    _NAMES
    + """
local space, first, last = unpack(ARGV)
local found = {}
for _, key in ipairs(redis.call('ZRANGEBYLEX', P .. 'space:' .. space, first, last)) do
    local value = redis.call('HGET', value_of(name_of(space, key)), 'value')
    if value then
        found[#found + 1] = key
        found[#found + 1] = value
    end
end
return found
"""
)
_FORGET = (
    _NAMES
    + """
local forgotten = 0
for _, name in ipairs(redis.call('SMEMBERS', P .. 'owner:' .. ARGV[1])) do
    forgotten = forgotten + drop(name)
end
return forgotten
"""
)
_TIDY = (
    _NAMES
    + """
local due = redis.call('ZRANGEBYSCORE', P .. 'ends', '-inf', now() - 1, 'LIMIT', 0, ARGV[1])
for _, name in ipairs(due) do drop(name) end
return #due
"""
)
_COUNT = "return redis.call('HINCRBY', KEYS[1] .. 'counters:' .. ARGV[1], ARGV[2], ARGV[3])"
_COUNTS = "return redis.call('HGETALL', KEYS[1] .. 'counters:' .. ARGV[1])"
_HIT = """
local key = KEYS[1] .. 'hits:' .. ARGV[1]
local hits = redis.call('INCR', key)
if hits == 1 then redis.call('PEXPIRE', key, ARGV[2]) end
return hits
"""


class RedisStore(Store):
    """Values, counters and windows, all on the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._get, self._put = server.script(_GET), server.script(_PUT)
        self._remove, self._entries = server.script(_REMOVE), server.script(_ENTRIES)
        self._count, self._counts = server.script(_COUNT), server.script(_COUNTS)
        self._hit, self._forget = server.script(_HIT), server.script(_FORGET)
        self._tidy = server.script(_TIDY)
        self._tidying = Tidying(self.tidy)

    @override
    async def get(self, space: str, key: str) -> Json:
        found = await self._get(space, key)
        value: Json = None if found is None else json.loads(found)
        return value

    @override
    async def put(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> None:
        given = (space, key, packed(value), _text(owner), _milliseconds(lifetime_s))
        await self._put(*given, "")

    @override
    async def add(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> bool:
        given = (space, key, packed(value), _text(owner), _milliseconds(lifetime_s))
        # Run again after a broken connection, the script knows its own work by this.
        once = secrets.token_hex(8)
        return bool(await self._put(*given, once))

    @override
    async def remove(self, space: str, key: str) -> bool:
        return bool(await self._remove(space, key))

    @override
    async def entries(self, space: str, prefix: str = "") -> list[tuple[str, Json]]:
        end = end_of_prefix(prefix)
        last = "+" if end is None else f"({end}"
        found = await self._entries(space, f"[{prefix}", last)
        return [(key, json.loads(value)) for key, value in zip(*[iter(found)] * 2, strict=True)]

    @override
    async def count(self, space: str, key: str, by: int = 1) -> int:
        return int(await self._count(space, key, by))

    @override
    async def counts(self, space: str, prefix: str = "") -> dict[str, int]:
        found = await self._counts(space)
        pairs = sorted(zip(*[iter(found)] * 2, strict=True))
        return {key: int(number) for key, number in pairs if key.startswith(prefix)}

    @override
    async def hit(self, key: str, window_s: float) -> int:
        return int(await self._hit(key, _milliseconds(window_s)))

    @override
    async def forget(self, owner: int) -> int:
        return int(await self._forget(owner))

    async def tidy(self) -> None:
        """Take the names of expired values from all lists, in small steps that hold nobody up."""
        while await self._tidy(_BATCH) == _BATCH:
            pass

    @override
    async def close(self) -> None:
        await self._tidying.stop()
        await self._server.close()


def _text(owner: int | None) -> str:
    return "" if owner is None else str(owner)


def _milliseconds(lifetime_s: float | None) -> str:
    return "" if lifetime_s is None else str(math.ceil(checked_lifetime(lifetime_s) * 1000))
