"""One PostgreSQL server: connections to it, and patience where one of them breaks.

A call waits for a server that restarts or is promoted, for a few seconds. Work that was cut short
is done again where doing it twice is the same as doing it once; other work fails, and its error
says that the connection was lost. Every statement is a transaction of its own, or is part of one
that the server makes whole or not at all.

What PostgreSQL reported as committed outlives a crash and a power loss, unless `fsync` or
`synchronous_commit` is off; opening warns of both. Behind PgBouncer, use session pooling.
"""

from __future__ import annotations

import asyncio
import logging
import select
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import psycopg
from psycopg import AsyncConnection, errors
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from bot.state.errors import StateError, StateTooNew, StateUnreachable
from bot.state.postgres_address import MIGRATE, SETTING, Address, address_of, is_loss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Connection = AsyncConnection[tuple[Any, ...]]
Result = TypeVar("Result")

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = 2
"""Of the tables: how many files there are in `MIGRATIONS`."""
PATIENCE_S = 5.0
_ANSWER_S = 5.0
_TRY_S = 1.0
_PAUSE_S = 0.1
_CONNECTIONS = 8

_log = logging.getLogger(__name__)


class Database:
    """A pool of connections to one database that has our tables."""

    def __init__(self, address: Address) -> None:
        """Connect to nothing yet."""
        self._address = address
        self._refusal: psycopg.Error | None = None
        self._closed = False
        self._pool = AsyncConnectionPool(
            address.conninfo,
            connection_class=_telling(self._note),
            kwargs={"autocommit": True},
            configure=_configure,
            min_size=1,
            max_size=_CONNECTIONS,
            open=False,
            name="audiatur",
            # It pauses ever longer between its tries, so it has few: who waits begins anew.
            reconnect_timeout=_TRY_S,
        )

    @classmethod
    async def open(cls, url: str) -> Database:
        """Return a database that has answered, and has the tables that we know.

        Raises:
            StateError: It cannot be reached, will not have us, or has other tables; names no
                password.
        """
        database = cls(address_of(url))
        try:
            async with await database.connect() as connection:
                await database._greet(connection)
        except psycopg.Error as error:
            raise database._address.translated(error) from error
        await database._pool.open()
        return database

    async def connect(self) -> Connection:
        """Return a connection beside the pool; whoever asked closes it.

        Raises:
            StateError: There is none to be had.
        """
        try:
            return await AsyncConnection.connect(self._address.conninfo, autocommit=True)
        except psycopg.Error as error:
            raise self._address.unreachable(error) from error

    async def rows(
        self, statement: LiteralString, *parameters: Any, repeatable: bool = True
    ) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; raises as `run`."""

        async def work(connection: Connection) -> list[tuple[Any, ...]]:
            return await fetched(connection, statement, *parameters)

        return await self.run(work, repeatable=repeatable)

    async def run(
        self, work: Callable[[Connection], Awaitable[Result]], *, repeatable: bool = True
    ) -> Result:
        """Return what a piece of work returns.

        It is done again where its connection broke, but only if it is `repeatable`.

        Raises:
            StateError: The server does not answer or cannot do it, or `close` was called.
        """
        end = time.monotonic() + PATIENCE_S
        while True:
            connection = await self._connection(end)
            try:
                async with asyncio.timeout(_ANSWER_S):
                    return await work(connection)
            except TimeoutError as error:
                raise self._too_slow() from error
            except psycopg.Error as error:
                again = repeatable if is_loss(error) else _changed_nothing(error)
                if not again or time.monotonic() >= end:
                    raise self._address.translated(error) from error
                if isinstance(error, errors.ReadOnlySqlTransaction):
                    await connection.close()  # the next may be to the new primary
            finally:
                await self._pool.putconn(connection)
            await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        """Close all connections; a second time changes nothing."""
        if not self._closed:
            self._closed = True
            await self._pool.close()

    def _note(self, refusal: psycopg.Error | None) -> None:
        self._refusal = refusal

    def _too_slow(self) -> StateError:
        where = self._address.where
        return StateUnreachable(f"PostgreSQL at {where} ({SETTING}) did not answer in time")

    async def _connection(self, end: float) -> Connection:
        """Return a connection that is alive; it must be given back."""
        while not self._closed:
            try:
                connection = await self._pool.getconn(timeout=_TRY_S)
            except PoolClosed:
                break
            except PoolTimeout as error:
                if time.monotonic() < end:
                    continue
                raise self._address.unreachable(self._refusal) from (self._refusal or error)
            if await _alive(connection):
                return connection
            await self._pool.putconn(connection)
        raise StateError(f"the connection to PostgreSQL at {self._address.where} is closed already")

    async def _greet(self, connection: Connection) -> None:
        at = f"PostgreSQL at {self._address.where} ({SETTING})"
        try:
            version = (await fetched(connection, "SELECT version FROM bot_schema"))[0][0]
        except errors.UndefinedTable:
            version = 0
        if version < VERSION:
            raise StateError(
                f"{at} has old tables or none ({version} of {VERSION}); {MIGRATE}"
            ) from None
        if version > VERSION:
            raise StateTooNew(
                f"{at} has tables of a later version of Audiatur ({version}, this program knows "
                f"{VERSION}); update the program"
            )
        for name in ("fsync", "synchronous_commit"):
            value = (await fetched(connection, "SELECT current_setting(%s)", name))[0][0]
            if value == "off":
                _log.warning("PostgreSQL may lose updates in a crash; set %s on", name)


async def fetched(
    connection: Connection, statement: LiteralString, *parameters: Any
) -> list[tuple[Any, ...]]:
    """Run one statement on a connection and return its rows, none where it has none."""
    cursor = await connection.execute(statement, parameters)
    return await cursor.fetchall() if cursor.description else []


async def _configure(connection: Connection) -> None:
    """Let a statement see what others did before it, whatever the server's default is."""
    await connection.set_isolation_level(psycopg.IsolationLevel.READ_COMMITTED)


def _changed_nothing(error: psycopg.Error) -> bool:
    """Tell whether the server undid all and may do it when asked again."""
    return isinstance(
        error,
        (errors.SerializationFailure, errors.DeadlockDetected, errors.ReadOnlySqlTransaction),
    )


async def _alive(connection: Connection) -> bool:
    """Tell whether a connection that lay idle can be used.

    Asks the server only where something came meanwhile, such as its farewell.
    """
    if connection.closed:
        return False
    news = select.poll()
    news.register(connection.fileno(), select.POLLIN)
    if not news.poll(0):
        return True
    try:
        async with asyncio.timeout(_ANSWER_S):
            await AsyncConnectionPool.check_connection(connection)
    except (psycopg.Error, TimeoutError):
        return False
    return True


def _telling(told: Callable[[psycopg.Error | None], None]) -> type[Connection]:
    """Return a kind of connection that tells why it could not be made; pools only log that."""

    class Telling(AsyncConnection[tuple[Any, ...]]):
        @classmethod
        async def connect(cls, conninfo: str = "", **given: Any) -> Any:
            try:
                connection = await super().connect(conninfo, **given)
            except psycopg.Error as error:
                told(error)
                raise
            told(None)
            return connection

    return Telling
