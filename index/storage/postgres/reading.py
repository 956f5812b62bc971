"""Reads of one generation: over the pool, or inside the transaction that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from index.errors import SnapshotMissing
from index.storage.postgres.connecting import Behind

if TYPE_CHECKING:
    from psycopg.abc import QueryNoTemplate as Query

    from index.storage.postgres.connecting import Connection, Database, Records


class Reader(Protocol):
    """Runs queries about one generation."""

    @property
    def generation(self) -> int:
        """The number of the generation."""

    def fetch(self, statement: Query, *values: object) -> Records:
        """Return the rows of a query."""


class PooledReader:
    """Reads from whichever server has the generation."""

    def __init__(self, database: Database, generation: int) -> None:
        self._database = database
        self.generation = generation

    def fetch(self, statement: Query, *values: object) -> Records:
        """Return the rows of a query.

        Raises:
            DatabaseUnavailable: No server answers.
            SnapshotMissing: The generation was pruned, or the servers that answer lag behind.
        """
        try:
            return self._database.fetch(statement, *values, generation=self.generation)
        except Behind as error:
            raise SnapshotMissing(
                f"no server that answers has generation {self.generation}; it was removed, or the "
                "replicas lag behind"
            ) from error


class WritingReader:
    """Reads over the connection that writes, which alone sees what is not committed."""

    def __init__(self, connection: Connection, generation: int) -> None:
        self._connection = connection
        self.generation = generation

    def fetch(self, statement: Query, *values: object) -> Records:
        """Return the rows of a query."""
        return self._connection.execute(statement, values, binary=True).fetchall()
