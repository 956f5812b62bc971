"""Which generations there are, which of them answers, and how old ones go."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from index.storage.postgres.packing import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.storage.postgres.connecting import Connection, Database

logger = logging.getLogger(__name__)

LIST = """
SELECT g.number, g.name, g.space, g.manifest, g.tokens,
    c.generation IS NOT NULL AS current, coalesce(c.pinned, false) AS pinned
FROM index_generations g LEFT JOIN index_current c ON c.generation = g.number
"""
INDEXED_FROM = 20_000
"""From so many passages of one model on, an HNSW index is worth building."""
_KEYS_AT_ONCE = 20_000
_POSTINGS_SPLIT = 200
_LEAVES = """
SELECT c.relname FROM pg_partition_tree(%s) t JOIN pg_class c ON c.oid = t.relid
WHERE t.isleaf AND c.relkind = 'r' ORDER BY c.relname
"""
_PARTITIONED = ("index_passages", "index_texts", "index_postings")
_WHOLE = ("index_members", "index_documents")


@dataclass(frozen=True, slots=True)
class Generation:
    """A row of the list: a snapshot in the database."""

    number: int
    name: str
    space: int
    manifest: dict[str, Any]
    tokens: dict[str, int]
    current: bool
    pinned: bool


def listed(database: Database) -> list[Generation]:
    """Return all generations, newest first."""
    return [Generation(*row) for row in database.fetch(LIST + " ORDER BY g.name DESC")]


def switch(connection: Connection, generation: int, *, pinned: bool) -> None:
    """Let a generation answer, from the moment of the commit."""
    connection.execute(
        "INSERT INTO index_current (generation, pinned) VALUES (%s, %s) ON CONFLICT (sole) DO "
        "UPDATE SET generation = excluded.generation, pinned = excluded.pinned, "
        "switches = index_current.switches + 1",
        (generation, pinned),
    )


def index_vectors(connection: Connection, space: int, dimension: int) -> None:
    """Build HNSW indexes over one model's vectors, where they are many and have none.

    Partitions on other servers get theirs there, by whoever runs those.
    """
    row = connection.execute(
        "SELECT sum(passages) FROM index_documents WHERE space = %s", (space,)
    ).fetchone()
    if not row or int(row[0] or 0) < INDEXED_FROM:
        return
    connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for leaf in _leaves(connection, "index_passages"):
        connection.execute(
            sql.SQL(
                "CREATE INDEX IF NOT EXISTS {name} ON {leaf} USING hnsw "
                "((vector::halfvec({dimension})) halfvec_ip_ops) WHERE space = {space}"
            ).format(
                name=sql.Identifier(f"{leaf}_space_{space}"),
                leaf=sql.Identifier(leaf),
                dimension=sql.Literal(dimension),
                space=sql.Literal(space),
            )
        )


def take_statistics(connection: Connection) -> None:
    """Let the planner know how large the tables have become, before anybody reads them.

    Autovacuum would do so a minute later; until then a filter of many rows reads a whole table.
    Partitions on other servers are left to those.
    """
    connection.execute("SET LOCAL default_statistics_target = 10")  # sizes, and little more
    leaves = (leaf for table in _PARTITIONED for leaf in _leaves(connection, table))
    for table in (*_WHOLE, *leaves):
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def prune(connection: Connection, kept: int, previous: int | None) -> None:
    """Remove generations but for the one that answers, the one before, and the newest others.

    Documents that no generation holds any longer go with them.
    """
    rows = connection.execute("SELECT number FROM index_generations ORDER BY name DESC").fetchall()
    current = connection.execute("SELECT generation FROM index_current").fetchone()
    keep = {previous, current[0] if current else None} - {None}
    others = [row[0] for row in rows if row[0] not in keep]
    gone = others[max(0, kept - len(keep)) :]
    if gone:
        connection.execute("DELETE FROM index_generations WHERE number = ANY(%s)", (gone,))
        _remove_documents(connection)
        _remove_spaces(connection)


def _leaves(connection: Connection, table: str) -> list[str]:
    """Return the partitions of a table that are on this server."""
    return [leaf for (leaf,) in connection.execute(_LEAVES, (table,)).fetchall()]


def _remove_documents(connection: Connection) -> None:
    rows = connection.execute(
        "DELETE FROM index_documents d WHERE NOT EXISTS "
        "(SELECT 1 FROM index_members m WHERE m.document = d.number) "
        "RETURNING part, number, passages"
    ).fetchall()
    keys = [(part, key_of(number, at)) for part, number, count in rows for at in range(count)]
    for some in _chunks(keys):
        _delete(connection, "index_passages", "key", some)
    for some in _chunks([(part, number) for part, number, _ in rows]):
        _delete(connection, "index_texts", "document", some)
    if rows:
        logger.info("removed %d documents that no generation holds", len(rows))
    _tidy_postings(connection)


def _chunks(pairs: Sequence[tuple[int, int]]) -> list[Sequence[tuple[int, int]]]:
    return [pairs[at : at + _KEYS_AT_ONCE] for at in range(0, len(pairs), _KEYS_AT_ONCE)]


def _delete(
    connection: Connection, table: str, column: str, pairs: Sequence[tuple[int, int]]
) -> None:
    statement = sql.SQL("DELETE FROM {} WHERE part = ANY(%s::smallint[]) AND {} = ANY(%s)")
    connection.execute(
        statement.format(sql.Identifier(table), sql.Identifier(column)),
        (sorted({part for part, _ in pairs}), [value for _, value in pairs]),
    )


def _tidy_postings(connection: Connection) -> None:
    """Write the postings anew where much of them is of removed documents, or in many pieces.

    Entries of removed documents are passed over when they are read, and cost no more than that.
    """
    row = connection.execute(
        "SELECT coalesce(sum(cardinality(entries)), 0), count(*) FROM "
        "(SELECT entries FROM index_postings ORDER BY word LIMIT 20000) s"
    ).fetchone()
    alive = connection.execute(
        "SELECT count(*) FROM (SELECT entries FROM index_postings ORDER BY word LIMIT 20000) s, "
        "unnest(s.entries) e WHERE EXISTS "
        "(SELECT 1 FROM index_documents d WHERE d.number = e >> 36)"
    ).fetchone()
    most = connection.execute(
        "SELECT coalesce(max(n), 0) FROM "
        "(SELECT count(*) AS n FROM index_postings GROUP BY part, word) s"
    ).fetchone()
    if row is None or alive is None or most is None:
        return
    if alive[0] * 2 >= row[0] and most[0] <= _POSTINGS_SPLIT:
        return
    connection.execute(
        "CREATE TEMP TABLE tidied ON COMMIT DROP AS "
        "SELECT part, word, array_agg(e ORDER BY e) AS entries FROM index_postings, "
        "unnest(entries) e WHERE EXISTS "
        "(SELECT 1 FROM index_documents d WHERE d.number = e >> 36) GROUP BY part, word"
    )
    connection.execute("DELETE FROM index_postings")
    connection.execute("INSERT INTO index_postings SELECT part, word, entries FROM tidied")
    logger.info("wrote the postings anew")


def _remove_spaces(connection: Connection) -> None:
    """Forget models of which no vector is left, with their indexes."""
    rows = connection.execute(
        "DELETE FROM index_spaces s WHERE NOT EXISTS "
        "(SELECT 1 FROM index_documents d WHERE d.space = s.number) AND NOT EXISTS "
        "(SELECT 1 FROM index_generations g WHERE g.space = s.number) RETURNING number"
    ).fetchall()
    for (space,) in rows:
        for leaf in _leaves(connection, "index_passages"):
            name = sql.Identifier(f"{leaf}_space_{space}")
            connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(name))
