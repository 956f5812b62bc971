"""One SQLite file, opened, checked and brought up to date; reading and writing off the event loop.

Every operation is a single statement: SQLite makes it whole or not at all, its write lock is held
for no longer than it runs, and a caller that is cancelled leaves no transaction open. Several
processes may share the file, on one machine.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import aiosqlite

from bot.state.errors import StateDamaged, StateError, StateTooNew
from bot.state.schema import APPLICATION_ID, STEPS

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_S = 10.0
_PRIVATE = 0o600
_OLDEST = (3, 35, 0)  # RETURNING
_MOVE_IT = (
    "move it away together with its -wal and -shm files, and the bot begins with an empty memory"
)
_CURES = {
    sqlite3.SQLITE_BUSY: "another process is writing for too long; is one hanging?",
    sqlite3.SQLITE_CANTOPEN: "give this user the right to write there",
    sqlite3.SQLITE_FULL: "free some space on its disk",
    sqlite3.SQLITE_IOERR: "look after its disk",
    sqlite3.SQLITE_PERM: "give this user the right to write there",
    sqlite3.SQLITE_READONLY: "give this user the right to write there",
}
_PRIMARY_CODE = 0xFF


class Database:
    """A connection with a thread of its own, in which statements run one after another."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection
        self._closed = False

    @classmethod
    async def open(cls, path: Path, *, durable: bool) -> Database:
        """Return a connection to a file, which is made where there is none.

        What is written outlives this process in any case. With `durable` it outlives a power loss
        too; without, a power loss may take the last moments with it, never more.

        Raises:
            StateError: The file cannot be used; it is left as it is.
        """
        try:
            # Not in aiosqlite's thread, which outlives a failure there by a moment.
            connection = await asyncio.to_thread(_connected, path, durable=durable)
        except (sqlite3.Error, OSError) as error:
            raise _translated(path, error) from error
        return cls(path, await aiosqlite.Connection(lambda: connection, iter_chunk_size=64))

    async def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows.

        Raises:
            StateError: It could not be run; nothing has changed.
        """
        if self._closed:
            raise StateError(f"{self._path} is closed already")
        try:
            return [
                tuple(row) for row in await self._connection.execute_fetchall(statement, parameters)
            ]
        except sqlite3.Error as error:
            raise _translated(self._path, error) from error

    async def scrub(self) -> None:
        """Empty the write-ahead log, where deleted rows can be read until then."""
        await self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Let go of the file; a second time changes nothing."""
        if not self._closed:
            self._closed = True
            await self._connection.close()


def _connected(path: Path, *, durable: bool) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StateError(
            f"SQLite {sqlite3.sqlite_version} is too old; use a Python with 3.35 or newer"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives its -wal and -shm files the rights of the file itself.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE))
    connection = sqlite3.connect(
        path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("BEGIN")  # so that all that is checked is of one moment
        _check(connection, path)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA secure_delete = ON")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse what is not ours before anything is written to it."""
    application = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    empty = not connection.execute("SELECT 1 FROM sqlite_master").fetchall()
    if application != APPLICATION_ID and not (empty and application == version == 0):
        raise StateDamaged(f"{path} was made by another program; {_MOVE_IT}")
    if version > len(STEPS):
        raise StateTooNew(
            f"{path} was made by a later version of Audiatur (its tables are {version}, this "
            f"program knows {len(STEPS)}); update the program, or {_MOVE_IT}"
        )
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise StateDamaged(f"{path} is damaged; bring back a copy, or {_MOVE_IT}")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version; of several processes, one does it."""
    if _pragma(connection, "user_version") == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _pragma(connection, "user_version")
        for step in STEPS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """Return the statements of a script; `executescript` would commit what is open before it."""
    statements, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    with closing(connection.execute(f"PRAGMA {name}")) as cursor:
        return int(cursor.fetchone()[0])


def _translated(path: Path, error: Exception) -> StateError:
    if isinstance(error, OSError):
        return StateError(f"{path} cannot be opened: {error.strerror}; is its folder writable?")
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StateDamaged(f"{path} is damaged or no database; bring back a copy, or {_MOVE_IT}")
    cure = _CURES.get(code, "see what the message says")
    return StateError(f"{path} cannot be used: {error}; {cure}")
