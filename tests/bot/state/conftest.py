"""The bot's memory in a file and on servers of our own, for one suite of tests."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis
from psycopg import sql

from bot.settings import Settings
from bot.state.opening import FILE, State, open_state
from bot.state.postgres import MIGRATIONS
from index.storage.postgres.migrating import migrate as apply_versions
from tests.postgres import open_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.postgres import PostgresServer

PASSWORD = "s3cret/@word"
QUOTED = "s3cret%2F%40word"
_STARTING_S = 30.0

Opening = Callable[[], Awaitable[State]]


class RedisProcess:
    """A Redis server behind a socket in a folder of its own, with an append-only file."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}?password={QUOTED}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        given = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "always",  # else a kill while a disk is slow may cost the last second
            "save": "",
            "requirepass": PASSWORD,
        }
        options = [part for name, value in given.items() for part in (f"--{name}", value)]
        program = shutil.which("redis-server") or "redis-server"
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments
            [program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _STARTING_S
        while not self._answers():
            if time.monotonic() > end:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, decode_responses=True)

    def kept(self) -> str:
        """Return all keys and all that they hold."""
        with self.client() as client:
            return repr({key: _value(client, key) for key in client.scan_iter()})

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _value(client: redis.Redis, key: str) -> object:
    read: dict[str, Callable[[], object]] = {
        "string": lambda: client.get(key),
        "hash": lambda: client.hgetall(key),
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1, withscores=True),
    }
    kind = str(client.type(key))
    return read[kind]() if kind in read else None


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisProcess]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed here")
    # Not pytest's own folder: the path of a socket has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="redis"))
    process = RedisProcess(folder)
    yield process
    process.kill()
    shutil.rmtree(folder)


@pytest.fixture
def redis_server(redis_process: RedisProcess) -> RedisProcess:
    redis_process.flush()
    return redis_process


def migrate(url: str) -> None:
    """Make the bot's tables in a database."""
    apply_versions(url, [MIGRATIONS])


class PostgresTables:
    """The bot's tables in a database of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        migrate(url)

    def empty(self) -> None:
        with psycopg.connect(self.url) as connection:
            for table in self._tables(connection):
                connection.execute(sql.SQL("TRUNCATE {}").format(table))

    def kept(self) -> str:
        """Return all rows of all tables."""
        with psycopg.connect(self.url) as connection:
            queries = [sql.SQL("TABLE {}").format(table) for table in self._tables(connection)]
            return repr([connection.execute(query).fetchall() for query in queries])

    def _tables(self, connection: psycopg.Connection) -> list[sql.Identifier]:
        query = "SELECT tablename FROM pg_tables WHERE tablename ~ '^bot_' ORDER BY 1"
        names = [name for (name,) in connection.execute(query) if name != "bot_schema"]
        assert len(names) == 5
        return [sql.Identifier(name) for name in names]


@pytest.fixture(scope="session")
def _tables(postgres_server: PostgresServer) -> PostgresTables:
    return PostgresTables(postgres_server.new_database())


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """Start a server that a test may do away with."""
    server = open_server()
    yield server
    server.close()


@pytest.fixture
def postgres_tables(_tables: PostgresTables) -> PostgresTables:
    _tables.empty()
    return _tables


@pytest.fixture(params=["sqlite", "redis", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data=tmp_path)
    if request.param == "redis":
        return Settings(redis_url=request.getfixturevalue("redis_server").url)
    return Settings(database_url=request.getfixturevalue("postgres_tables").url)


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Opening]:
    """Open the same memory as often as wanted, as other processes would."""
    states: list[State] = []

    async def opening() -> State:
        states.append(await open_state(settings))
        return states[-1]

    yield opening
    for state in states:
        await state.close()


@pytest.fixture
async def state(opened: Opening) -> State:
    return await opened()


@pytest.fixture
def kept(settings: Settings, request: pytest.FixtureRequest) -> Callable[[], str]:
    """Return all that can be found on the disk or the server, whoever looks for it."""
    if settings.redis_url:
        server: RedisProcess = request.getfixturevalue("redis_server")
        return server.kept
    if settings.database_url:
        tables: PostgresTables = request.getfixturevalue("postgres_tables")
        return tables.kept
    files = [settings.data / f"{FILE}{ending}" for ending in ("", "-wal", "-shm")]
    return lambda: "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())
