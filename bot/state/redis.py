"""One Redis server: its address, its errors in our words, and scripts that run whole or not at all.

All keys begin with `{audiatur}:`. The braces put them on one shard, as scripts over several keys
need it; the client itself speaks to a single server (several replicas of the bot share it), not
to a cluster's protocol. Two bots need two databases (`redis://host/1`).

How durable Redis is, Redis decides: with `appendonly yes` a crash of Redis loses nothing that was
answered, and a power loss at most a second (`appendfsync everysec`) or nothing (`always`). Without
it a restart of Redis loses what came since its last snapshot. `maxmemory-policy` must be
`noeviction`, or Redis drops updates as it likes. Opening warns of both. What was deleted can be
read in the append-only file until Redis rewrites it, as it does when the file has grown.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import (
    ConnectionError as Disconnected,
)
from redis.exceptions import (
    TimeoutError as TooSlow,
)

from bot.state.errors import StateError, StateUnreachable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from redis.asyncio.client import PubSub

PREFIX = "{audiatur}:"
_SETTING = "AUDIATUR_REDIS_URL"
_CONNECTIONS = 32
_CONNECT_S = 5.0
_ANSWER_S = 5.0
_RETRIES = 3
_BACKOFF_CAP_S = 1.0
_BACKOFF_BASE_S = 0.05

_log = logging.getLogger(__name__)


class Server:
    """A pool of connections to one server."""

    def __init__(self, url: str) -> None:
        """Connect to nothing yet.

        Raises:
            StateError: The address cannot be read; the message does not repeat it.
        """
        self._pool = _pool(url)
        self._client: Redis = Redis.from_pool(self._pool)
        self._where = _where(self._pool.connection_kwargs)
        self._closed = False
        self._running: set[asyncio.Future[Any]] = set()

    @classmethod
    async def open(cls, url: str) -> Server:
        """Return a server that has answered.

        Raises:
            StateError: It cannot be reached or will not have us; names no password.
        """
        server = cls(url)
        try:
            await server._greet()
        except BaseException:
            await server.close()
            raise
        return server

    async def completed(self, command: Coroutine[Any, Any, Any]) -> Any:
        """Return a command's answer; it goes on where the caller is cancelled.

        Raises:
            StateError: The server does not answer or cannot do it, or `close` was called.
        """
        if self._closed:  # the library would connect anew
            command.close()
            raise StateError(f"the connection to Redis at {self._where} is closed already")
        # A task of its own, because redis 8.1 swallows a cancellation that comes while it reads.
        task = asyncio.ensure_future(command)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except RedisError as error:
            raise self.translated(error) from error

    def script(self, text: str) -> Script:
        """Return a script as a function."""
        return Script(self, self._client, text)

    def pubsub(self) -> PubSub:
        """Return a listener of its own connection; its errors are Redis' own."""
        return self._client.pubsub(ignore_subscribe_messages=True)

    def translated(self, error: RedisError) -> StateError:
        """Return what went wrong in our words, with the address but nothing secret."""
        at = f"Redis at {self._where} ({_SETTING})"
        error = _first(error)
        if isinstance(error, (AuthenticationError, AuthorizationError, NoPermissionError)):
            return StateUnreachable(f"{at} refuses us; check the user and password in it")
        if isinstance(error, (Disconnected, TooSlow)):
            return StateUnreachable(f"{at} does not answer; is it running, and the address right?")
        if isinstance(error, ReadOnlyError):
            return StateError(f"{at} is a read-only replica; give the address of its primary")
        if isinstance(error, OutOfMemoryError):
            return StateError(f"{at} has no memory left; give it more (maxmemory)")
        return StateError(f"{at} cannot be used: {error}")

    async def close(self) -> None:
        """Close all connections; a second time changes nothing."""
        self._closed = True
        if self._running:
            await asyncio.wait(self._running, timeout=_ANSWER_S)
        await self._client.aclose()

    async def _greet(self) -> None:
        try:
            await self._client.ping()
            told = await self._told()
        except RedisError as error:
            raise self.translated(error) from error
        if not told.get("aof_enabled", 1):
            _log.warning("Redis keeps no append-only file; set appendonly yes to lose no update")
        if told.get("maxmemory_policy", "noeviction") != "noeviction":
            _log.warning("Redis may evict updates; set maxmemory-policy noeviction")

    async def _told(self) -> dict[str, Any]:
        """Return what the server says of itself; nothing where we have no right to ask."""
        try:
            told: dict[str, Any] = await self._client.info()
        except NoPermissionError:
            return {}
        return told


class Script:
    """A Lua script; `KEYS[1]` is the prefix from which it makes the names of its keys."""

    def __init__(self, server: Server, client: Redis, text: str) -> None:
        self._server = server
        self._run = client.register_script(text)

    async def __call__(self, *arguments: str | float) -> Any:
        """Run it and return its answer.

        A connection that breaks is replaced and the script run again: it may have run twice.

        Raises:
            StateError: The server does not answer, or cannot run it.
        """
        return await self._server.completed(self._run(keys=[PREFIX], args=arguments))


def _pool(url: str) -> BlockingConnectionPool:
    backoff = ExponentialWithJitterBackoff(base=_BACKOFF_BASE_S, cap=_BACKOFF_CAP_S)
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER_S,
            socket_connect_timeout=_CONNECT_S,
            socket_timeout=_ANSWER_S,
            retry=Retry(backoff, _RETRIES),
            decode_responses=True,
        )
        # Opens none, but refuses options that there are not.
        pool.make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, AttributeError):
        pass
    else:
        return pool
    # Raised out here: the error in there quotes the address, and with it the password.
    raise StateError(
        f"{_SETTING} is no address of Redis; write redis://user:password@host:port/0, with "
        "special characters of the password as %40"
    )


def _first(error: RedisError) -> RedisError:
    """Return what a failure to connect began with: a refusal, not the lost connection after it."""
    while isinstance(error.__cause__, RedisError):
        error = error.__cause__
    return error


def _where(given: dict[str, Any]) -> str:
    if "path" in given:
        return str(given["path"])
    return f"{given.get('host', 'localhost')}:{given.get('port', 6379)}"
