"""What tests of both floors share: a PostgreSQL server, where there can be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.postgres import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start one server for all tests that need no more than a database of their own."""
    server = open_server()
    yield server
    server.close()


@pytest.fixture
def database_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Return the URL of an empty database of the test's own."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)
