"""Uploads, verifies and switches, in one transaction; begins again where the primary was lost."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from index.errors import BuildInProgress, DatabaseUnavailable
from index.storage.postgres import generations
from index.storage.postgres.generations import LIST, Generation
from index.storage.postgres.reading import WritingReader
from index.storage.postgres.snapshot import PostgresSnapshot
from index.storage.shelf import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.storage.postgres.connecting import Connection, Database
    from index.storage.snapshot import Snapshot

logger = logging.getLogger(__name__)

_LOCK = 0x696E6465
_PAUSE_S = 0.5
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, DatabaseUnavailable)


@contextmanager
def locked(database: Database, waiting_until: float = 0.0) -> Iterator[Connection]:
    """Hold the builder's lock of a database, over the connection that is to write.

    Raises:
        BuildInProgress: Another process holds it, here or on another machine.
        DatabaseUnavailable: No server takes writes.
        SchemaMismatch: The schema is not that of this version.
    """
    with database.primary() as connection:
        while not _try_lock(connection):
            if time.monotonic() > waiting_until:
                raise BuildInProgress(
                    "an index is being built already, here or on another machine; "
                    "wait until it is done"
                )
            time.sleep(_PAUSE_S)
        yield connection


def publish(
    database: Database, builder: Connection | None, source: Snapshot, patience_s: float
) -> None:
    """Make a snapshot the generation that answers, over the builder's connection or a new one.

    Raises:
        SnapshotDamaged: What was uploaded does not pass its verification; the old one stays.
        DatabaseUnavailable: No server takes writes within the patience.
        BuildInProgress: Somebody else began to build while the primary was away.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            if builder and not builder.closed:
                _publish(builder, source)
                return
            with locked(database, waiting_until=end) as connection:
                _publish(connection, source)
                return
        except _LOST as error:
            if time.monotonic() > end:
                raise DatabaseUnavailable(
                    f"the primary of {database} was lost during the upload; "
                    "run audiatur reindex when it is back"
                ) from error
            logger.warning("the primary was lost during the upload, which begins again")
            builder = None


def checked(connection: Connection, generation: Generation) -> PostgresSnapshot:
    """Return a generation as the connection that writes sees it, once it passes its checks.

    Raises:
        SnapshotDamaged, SnapshotMismatch: It does not.
    """
    snapshot = PostgresSnapshot(WritingReader(connection, generation.number), generation)
    snapshot.check_planted()
    return snapshot


def _publish(connection: Connection, source: Snapshot) -> None:
    from index.storage.postgres.uploading import upload  # noqa: PLC0415 - only builders need it

    query = LIST.encode() + b" WHERE g.name = %s"
    name = source.name.removesuffix(".building")
    with connection.transaction():
        if connection.execute(query, (name,)).fetchone():
            return  # the commit went through, only its answer was lost
        before = connection.execute("SELECT generation FROM index_current").fetchone()
        done = upload(connection, source)
        generations.index_vectors(connection, done.space, source.manifest.dimension)
        generations.take_statistics(connection)
        rows = connection.execute(query, (name,)).fetchall()
        checked(connection, Generation(*rows[0])).check_passages()
        generations.switch(connection, done.generation, pinned=False)
        generations.prune(connection, KEPT, before[0] if before else None)


def _try_lock(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    return bool(row and row[0])
