"""What tests of both floors share: how they are dealt to workers, and a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.postgres import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import PostgresServer


_LONG = ("test_kills.py", "test_replicas.py", "test_shared_index.py", "test_processes.py")


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal tests to workers file by file, and those with the real encoder all to one.

    What takes longest goes first, so that no worker is left alone with it at the end.
    """
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        group = "encoder" if item.get_closest_marker("encoder") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(
        key=lambda item: (not item.get_closest_marker("encoder"), item.path.name not in _LONG)
    )


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
