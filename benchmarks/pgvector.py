"""Vectors in PostgreSQL with pgvector: the product's tables and searches, on a server of our own.

What a search by vectors reads is written as a build writes it: passages of documents, a generation
that has them, HNSW indexes where the product makes them. A passage has a text of usual length, for
the room that it takes; sentences and words are left out. Each count has a database.
"""

from __future__ import annotations

import hashlib
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lifelike
import numpy as np
import psycopg
from psycopg.types.json import Jsonb

from index.storage.postgres import generations
from index.storage.postgres.connecting import Database
from index.storage.postgres.copying import copy_rows
from index.storage.postgres.migrating import migrate
from index.storage.postgres.packing import halfvec, key_of, part_of
from index.storage.postgres.placing import PLACES, Places
from index.storage.postgres.reading import PooledReader
from index.storage.postgres.vectors import PostgresVectors

sys.path.append(str(Path(__file__).parents[1]))  # a server is started as the tests start theirs
from tests.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

_SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "autovacuum_naptime": "5s"}
_TEXT = "x" * 400
_PIECE = 1 << 24
_NS_PER_S = 1e9
_TABLES = "SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relname LIKE 'index%'"


@dataclass(frozen=True, slots=True)
class Pgvector:
    """Keeps stores on the server whose data are in `folder`, which `serving` starts."""

    folder: Path

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Let the server run."""
        server = EmbeddedServer.new(self.folder, _SETTINGS)
        try:
            yield
        finally:
            server.stop()

    def writing(self, count: int, dimension: int) -> _Upload:
        """Return what writes the tables, in a new database."""
        name = _name(count)
        with psycopg.connect(self._url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return _Upload(self._url(name), count, dimension)

    def open(self, count: int) -> PostgresVectors:
        """Return the generation in the database."""
        database = Database(self._url(_name(count)))
        ((number, space, dimension),) = database.fetch(
            "SELECT g.number, s.number, s.dimension FROM index_current c "
            "JOIN index_generations g ON g.number = c.generation "
            "JOIN index_spaces s ON s.number = g.space"
        )
        reader = PooledReader(database, number)
        pieces = reader.fetch(
            "SELECT content FROM index_files WHERE name = %s ORDER BY piece", PLACES
        )
        places = Places.from_bytes(b"".join(content for (content,) in pieces))
        return PostgresVectors(reader, places, space, dimension)

    def size_bytes(self, count: int) -> int:
        """Return the size of tables and indexes, 0 where there is no such database."""
        try:
            with psycopg.connect(self._url(_name(count))) as connection:
                row = connection.execute(_TABLES).fetchone()
        except psycopg.OperationalError:
            return 0
        return int(row[0]) if row else 0

    def cpu_s(self) -> float:
        """Return the time that processors have spent on this thread and on the server so far.

        Of processes of the server that have ended, the kernel tells hundredths of seconds.
        """
        server = self._running()[0]
        stat = _proc(server, "stat").rpartition(")")[2].split()
        ended = (int(stat[13]) + int(stat[14])) / 100
        children = _proc(server, f"task/{server}/children").split()
        return time.thread_time() + ended + sum(_spent_s(one) for one in (server, *children))

    def _url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self._running()[1]}/{database}"

    def _running(self) -> tuple[str, str]:
        """Return the process and the port of the server, as its own file says them."""
        lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return lines[0].strip(), lines[3].strip()


class _Upload:
    """Writes a generation in one transaction, as a build does, and lets it answer."""

    def __init__(self, url: str, count: int, dimension: int) -> None:
        self._url = url
        self._dimension = dimension
        self._documents = lifelike.documents_of(count)
        self._written = 0
        self._space = 0
        self._stack = ExitStack()
        self._connection: psycopg.Connection[tuple[Any, ...]]

    def __enter__(self) -> Self:
        migrate(self._url)
        self._connection = self._stack.enter_context(psycopg.connect(self._url, autocommit=True))
        self._stack.enter_context(self._connection.transaction())
        self._space = self._one(
            "INSERT INTO index_spaces (model, dimension) VALUES ('made', %s) RETURNING number",
            self._dimension,
        )
        return self

    def __exit__(self, *error: object) -> None:
        with self._stack:
            if error[0] is None:
                self._finish()
            else:
                self._connection.close()

    def add(self, vectors: Vectors) -> None:
        """Append unit vectors, `(n, D)`."""
        rows = range(self._written, self._written + len(vectors))
        copy_rows(
            self._connection,
            "index_passages",
            (self._passage(row, vector) for row, vector in zip(rows, vectors, strict=True)),
        )
        self._written = rows.stop

    def _passage(self, row: int, vector: NDArray[np.float32]) -> tuple[Any, ...]:
        number = int(self._documents[row])
        key = key_of(number, row % lifelike.PASSAGES_PER_DOCUMENT)
        spans = [0, len(_TEXT)]
        return (
            part_of(_digest(number)), key, self._space, 0, len(_TEXT), [], spans, _TEXT,
            halfvec(vector), b"",
        )  # fmt: skip

    def _finish(self) -> None:
        numbers, sizes = np.unique(self._documents, return_counts=True)
        copy_rows(
            self._connection,
            "index_documents",
            (
                (number, _digest(number), self._space, part_of(_digest(number)), str(number), None,
                 None, None, "en", None, [], size, size, 0)
                for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True)
            ),
        )  # fmt: skip
        generation = self._one(
            "INSERT INTO index_generations (name, space, manifest, agenda, guidebook, tokens) "
            "VALUES ('made', %s, %s, %s, %s, %s) RETURNING number",
            self._space, *[Jsonb({})] * 4,
        )  # fmt: skip
        members = ((generation, number, number) for number in numbers.tolist())
        copy_rows(self._connection, "index_members", members)
        self._write_places(generation)
        generations.index_vectors(self._connection, self._space, self._dimension)
        generations.take_statistics(self._connection)
        generations.switch(self._connection, generation, pinned=False)

    def _write_places(self, generation: int) -> None:
        rows = np.arange(len(self._documents))
        keys = self._documents * key_of(1, 0) + rows % lifelike.PASSAGES_PER_DOCUMENT
        parts = np.array([part_of(_digest(number)) for number in range(self._documents[-1] + 1)])
        whole = Places(keys, parts[self._documents], np.arange(len(rows) + 1)).as_bytes()
        for piece, start in enumerate(range(0, len(whole), _PIECE)):
            self._connection.execute(
                "INSERT INTO index_files VALUES (%b, %b, %b, %b)",
                (generation, PLACES, piece, whole[start : start + _PIECE]),
            )

    def _one(self, statement: str, *values: object) -> int:
        row = self._connection.execute(statement.encode(), values).fetchone()
        if row is None:
            raise ValueError("the database returned nothing")
        return int(row[0])


def _name(count: int) -> str:
    return f"vectors_{count}"


def _digest(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def _spent_s(process: str) -> float:
    return int((_proc(process, "schedstat") or "0").split()[0]) / _NS_PER_S


def _proc(process: str, name: str) -> str:
    """Return a file of the kernel's about a process, nothing where it has ended."""
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8")
    except OSError:
        return ""
