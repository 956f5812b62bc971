"""The servers that tests run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from tests.postgres import PostgresServer


def test_a_database_of_its_own_has_pgvector_and_foreign_tables(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE EXTENSION postgres_fdw")
        row = connection.execute("SELECT '[1,0]'::halfvec(2) <#> '[1,0]'::halfvec(2)").fetchone()
    assert row == (-1.0,)


def test_a_dropped_database_is_gone(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    postgres_server.drop_database(url)
    with psycopg.connect(postgres_server.url()) as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert (url.rpartition("/")[2],) not in names
