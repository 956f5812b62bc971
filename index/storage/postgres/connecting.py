"""Connections to the servers: reads go to whichever answers, writes wait for the primary.

A replica may lag behind. What is read of a generation is read only from a server that has that
generation: its row is written by the transaction that writes all of it, so who has the row has
everything, until another transaction removes all of it. Over one connection a server only moves
forward, so that it is asked once before the first query, and after each.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, finalize

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from index.errors import DatabaseUnavailable
from index.storage.postgres.addresses import for_reading, for_writing, without_password
from index.storage.postgres.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.abc import QueryNoTemplate as Query

    Connection = psycopg.Connection[tuple[Any, ...]]
    Records = list[tuple[Any, ...]]

logger = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""So long a write waits for a primary."""
_READ_PATIENCE_S = 8.0
_GETTING_S = 3.0
_RESTING_S = 5.0
_PAUSE_S = 0.2
_POOL = 8
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
_SETTINGS = """
SET hnsw.iterative_scan = relaxed_order;
SET hnsw.max_scan_tuples = 200000;
SET application_name = 'audiatur';
"""


_HAS = "SELECT 1 FROM index_generations WHERE number = %s"


class Behind(Exception):
    """A server has not got a generation, or no longer."""


class Database:
    """One primary, found among the hosts of `url`, and what reads: `read_url`, else any host.

    Raises:
        ValueError: A URL cannot be read.
    """

    def __init__(
        self, url: str, read_url: str | None = None, *, patience_s: float = PATIENCE_S
    ) -> None:
        self._url = url
        self._patience_s = patience_s
        addresses = [for_reading(one) for one in (read_url, url) if one]
        self._sources = [_Source(address) for address in dict.fromkeys(addresses)]
        self._writing = for_writing(url)
        self._fits = False
        self._closing = finalize(self, _close, self._sources)

    def fetch(
        self,
        statement: Query,
        *values: object,
        generation: int | None = None,
        something: bool = False,
    ) -> Records:
        """Return the rows of a query, from a server that has the generation, if one is named.

        `something` asks on, where a server finds no row: it may lag.

        Raises:
            DatabaseUnavailable: No server answers.
            SchemaMismatch: The schema is not that of this version.
            Behind: Every server that answers lacks the generation, or finds nothing.
        """
        end = time.monotonic() + _READ_PATIENCE_S
        while True:
            lost: Exception | None = None
            behind: Behind | None = None
            for source in self._awake():
                try:
                    rows = self._fetch(source, statement, values, generation)
                    if something and not rows:
                        raise Behind("nothing is found on the server")  # noqa: TRY301
                    return rows  # noqa: TRY300 - each source may fail
                except _LOST as error:
                    lost = error
                    source.rest(error)
                except psycopg.Error as error:
                    raise DatabaseUnavailable(f"{self} refused: {_reason(error)}") from error
                except Behind as error:
                    behind = error
            if behind and not lost:
                raise behind
            if time.monotonic() > end:
                raise DatabaseUnavailable(
                    f"no server of {self} answers; see that PostgreSQL runs: {_reason(lost)}"
                ) from lost
            time.sleep(_PAUSE_S)

    @contextmanager
    def primary(self) -> Iterator[Connection]:
        """Hold a connection to the server that takes writes; wait for one, and say so.

        Raises:
            DatabaseUnavailable: There is none within the patience, or it was lost.
            SchemaMismatch: The schema is not that of this version.
        """
        connection = self._reach()
        try:
            check_schema(connection)
            yield connection
        except _LOST as error:
            raise DatabaseUnavailable(
                f"the primary of {self} was lost: {_reason(error)}"
            ) from error
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of all connections; they go with the last use of this, too."""
        self._closing()

    def __str__(self) -> str:
        return without_password(self._url)

    def _reach(self) -> Connection:
        end = time.monotonic() + self._patience_s
        told = False
        while True:
            try:
                connection = psycopg.connect(self._writing, autocommit=True, prepare_threshold=None)
                _configure(connection)
                return connection  # noqa: TRY300 - what follows is the waiting
            except psycopg.OperationalError as error:
                if time.monotonic() > end:
                    raise DatabaseUnavailable(
                        f"no server of {self} takes writes; start the primary or promote a "
                        f"replica: {_reason(error)}"
                    ) from error
                if not told:
                    logger.warning(
                        "no server of %s takes writes; waiting up to %.0f s", self, self._patience_s
                    )
                told = True
                time.sleep(_PAUSE_S)

    def _fetch(
        self, source: _Source, statement: Query, values: tuple[object, ...], generation: int | None
    ) -> Records:
        with source.connection() as connection:
            if not self._fits:
                check_schema(connection)
                self._fits = True
            if generation is None:
                return connection.execute(statement, values, binary=True).fetchall()
            return source.read(connection, statement, values, generation)

    def _awake(self) -> list[_Source]:
        now = time.monotonic()
        return [one for one in self._sources if one.resting_until <= now] or self._sources


class _Source:
    """A pool of connections that read, and what each of them was seen to have."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._pool: ConnectionPool[Connection] | None = None
        self._lock = threading.Lock()
        self._seen: WeakKeyDictionary[Connection, set[int]] = WeakKeyDictionary()
        self.resting_until = 0.0

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._opened().connection(timeout=_GETTING_S) as connection:
            yield connection
        self.resting_until = 0.0

    def read(
        self,
        connection: Connection,
        statement: Query,
        values: tuple[object, ...],
        generation: int,
    ) -> Records:
        """Return the rows of a query about a generation that was there before and is after it."""
        seen = self._seen.setdefault(connection, set())
        if generation not in seen and not connection.execute(_HAS, (generation,)).fetchone():
            raise Behind(f"generation {generation} is not on the server yet")
        seen.add(generation)
        with connection.pipeline():  # both in one round trip
            found = connection.execute(statement, values, binary=True)
            still = connection.execute(_HAS, (generation,))
        if not still.fetchone():
            raise Behind(f"generation {generation} was removed")
        return found.fetchall()

    def rest(self, error: Exception) -> None:
        """Ask others for some seconds; connections that were lost are replaced meanwhile."""
        if not self.resting_until:
            logger.warning("%s does not answer: %s", without_password(self._address), error)
        self.resting_until = time.monotonic() + _RESTING_S
        if self._pool:
            self._pool.check()

    def close(self) -> None:
        if self._pool:
            with suppress(RuntimeError):  # one of its own threads may be the one that closes
                self._pool.close(timeout=2.0)

    def _opened(self) -> ConnectionPool[Connection]:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self._address,
                    kwargs={"autocommit": True, "prepare_threshold": None},
                    min_size=1,
                    max_size=_POOL,
                    configure=_configure,
                    reconnect_timeout=_GETTING_S,
                    open=True,
                )
            return self._pool


def _close(sources: list[_Source]) -> None:
    for source in sources:
        source.close()


def _configure(connection: Connection) -> None:
    connection.execute(_SETTINGS)


def _reason(error: Exception | None) -> str:
    return " ".join(str(error).split()) or type(error).__name__
