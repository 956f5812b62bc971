"""Brings a database's schema to this version.

A version is a plain SQL file, applied by yoyo-migrations. Two machines may start at once: the
second waits for an advisory lock, which is gone with whoever held it (yoyo's own lock is a row
that a killed process leaves behind). A kill between applying a version and noting it lets it be
applied again, so each file is written to bear that.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import read_migrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import DatabaseURI

from index.errors import DatabaseUnavailable
from index.storage.postgres.addresses import for_writing, without_password
from index.storage.postgres.schema import MIGRATIONS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LOCK = 0x61756469
_OLDEST_SERVER = 150_000
_OLDEST_PGVECTOR = (0, 8)


def migrate(url: str, folders: Iterable[Path] = (MIGRATIONS,)) -> list[str]:
    """Apply what is missing of the versions in `folders`; return the names of what was applied.

    Raises:
        DatabaseUnavailable: It cannot be reached, refuses, or is too old.
    """
    address = for_writing(url)
    with _translated(url), psycopg.connect(address, autocommit=True) as guard:
        _check_server(guard)
        guard.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        backend = _backend(address)
        try:
            missing = backend.to_apply(read_migrations(*map(str, folders)))
            names = [one.id for one in missing]
            backend.apply_migrations_only(missing)
        finally:
            backend.connection.close()
    return names


def _backend(address: str) -> PostgresqlPsycopgBackend:
    """Return yoyo's backend; it is handed libpq's own parameters, of several hosts, too."""
    given = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    database = given.pop("dbname", "")
    uri = DatabaseURI("postgresql+psycopg", None, None, None, None, database, given)
    backend = PostgresqlPsycopgBackend(uri, VERSIONS)
    backend.init_database()
    return backend


def _check_server(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < _OLDEST_SERVER:
        raise DatabaseUnavailable("PostgreSQL is older than 15; update the server")
    row = connection.execute(
        "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"
    ).fetchone()
    if row is None:
        raise DatabaseUnavailable(
            "the server has no pgvector; install it (postgresql-NN-pgvector), version 0.8 or newer"
        )
    if tuple(map(int, row[0].split(".")[:2])) < _OLDEST_PGVECTOR:
        raise DatabaseUnavailable(f"pgvector is {row[0]}; update it to 0.8 or newer")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise DatabaseUnavailable(
            f"the database {without_password(url)} cannot be migrated: {reason}"
        ) from error
