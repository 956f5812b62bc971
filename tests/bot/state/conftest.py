"""The bot's memory in a file and on a Redis server of our own, for one suite of tests."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis

from bot.settings import Settings
from bot.state.opening import FILE, State, open_state

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PASSWORD = "s3cret/@word"
_QUOTED = "s3cret%2F%40word"
_STARTING_S = 30.0

Opening = Callable[[], Awaitable[State]]


class RedisProcess:
    """A Redis server behind a socket in a folder of its own, with an append-only file."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}?password={_QUOTED}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        given = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self._folder),
            "appendonly": "yes",
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


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data=tmp_path)
    return Settings(redis_url=request.getfixturevalue("redis_server").url)


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
    files = [settings.data / f"{FILE}{ending}" for ending in ("", "-wal", "-shm")]
    return lambda: "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())
