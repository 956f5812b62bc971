"""Writes many rows of a table at once, with COPY in PostgreSQL's binary format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.storage.postgres.connecting import Connection

    Record = tuple[Any, ...]

_TABLES = {
    "index_documents": {
        "number": "int8", "digest": "bytea", "space": "int4", "part": "int2", "id": "text",
        "title": "text", "author": "text", "published": "date", "language": "text",
        "origin": "text", "pages": "int4[]", "passages": "int4", "sentences": "int4",
        "tokens": "int8",
    },
    "index_texts": {"part": "int2", "document": "int8", "content": "text", "left_out": "jsonb"},
    "index_passages": {
        "part": "int2", "key": "int8", "space": "int4", "start": "int4", "stop": "int4",
        "heading": "text[]", "sentences": "int4[]", "content": "text", "vector": "bytea",
        "sentence_vectors": "bytea",
    },
    "index_postings": {"part": "int2", "word": "int8", "entries": "bytea"},
    "index_members": {"generation": "int4", "document": "int8", "place": "int4"},
    "index_labels": {
        "generation": "int4", "place": "int4", "subject": "text", "document": "text",
        "start": "int4", "stop": "int4", "side": "text", "quote": "text", "given_by": "text",
        "reported": "bool", "certainty": "float8",
    },
    "index_problems": {"generation": "int4", "place": "int4", "what": "text", "reason": "text"},
}  # fmt: skip
"""Columns and how they are sent: what is packed already goes as plain bytes."""


def copy_rows(connection: Connection, table: str, rows: Iterable[Record]) -> None:
    """Write rows, each with all columns of the table in their order.

    Raises:
        psycopg.Error: The database refused.
    """
    columns = _TABLES[table]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
