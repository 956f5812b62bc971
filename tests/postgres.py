"""PostgreSQL servers of our own on loopback, as tests want them: small, quick, with replicas."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pytest

from tests.embedded import EmbeddedServer, new_folder, run_binary, why_not

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CATCHING_UP_S = 60.0
_SETTINGS = {
    "fsync": "off",  # processes are killed here, machines are not
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class PostgresServer(EmbeddedServer):
    """One server with a data folder of its own; `url()` is that of a database on it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, {**_SETTINGS, **(settings or {})})

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        return self.create_database(f"test_{uuid.uuid4().hex}")

    def replica(self) -> PostgresServer:
        """Return a streaming replica of this server; it runs."""
        other = PostgresServer(new_folder())
        source = f"host=127.0.0.1 port={self.port} user=postgres"
        run_binary("pg_basebackup", "-c", "fast", "-R", "-D", str(other.folder), "-d", source)
        other.start()
        return other

    def promote(self) -> None:
        """Make a replica a primary."""
        self.execute("SELECT pg_promote()")

    def catch_up(self, replica: PostgresServer) -> None:
        """Wait until a replica has replayed what this server has written."""
        here = self.ask("SELECT pg_current_wal_lsn()")
        end = time.monotonic() + _CATCHING_UP_S
        while replica.ask(f"SELECT pg_last_wal_replay_lsn() < '{here}'::pg_lsn"):
            if time.monotonic() > end:
                raise RuntimeError("the replica does not follow")
            time.sleep(0.05)


def open_server(**settings: str) -> PostgresServer:
    """Return a new server; skip the test where there can be none."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    return PostgresServer.new(settings=settings)
