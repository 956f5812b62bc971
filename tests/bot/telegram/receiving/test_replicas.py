"""Two replicas behind one webhook share a server; one is killed, and nobody notices."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.library import Library
from bot.playground import faults
from bot.state.postgres import MIGRATIONS
from index.storage.postgres.migrating import migrate
from index.storage.postgres.schema import MIGRATIONS as INDEX_MIGRATIONS
from tests.bot.telegram.conftest import START_S, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.playground import BotApiServer
    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder
    from tests.bot.telegram.conftest import Launch
    from tests.bot.telegram.receiving.conftest import Crowd

LEASE_S = 20.0


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[str]:
    """A Redis server of this test's own."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    socket = tmp_path / "redis.sock"
    process = await asyncio.create_subprocess_exec(
        "redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "",
        "--dir", str(tmp_path), stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(30):
        while not socket.exists():  # noqa: ASYNC110 - no event tells of a file
            await asyncio.sleep(0.01)
    yield f"unix://{socket}"
    process.terminate()
    await process.wait()


@pytest.fixture(params=["redis", "postgres"])
def shared(
    request: pytest.FixtureRequest,
    settings: Settings,
    encoder: StubEncoder,
    unhurried: pytest.MonkeyPatch,
) -> None:
    """What replicas share, in their environment: a server, and an index where it keeps that."""
    if request.param == "redis":
        unhurried.setenv("AUDIATUR_REDIS_URL", request.getfixturevalue("redis"))
        return
    url: str = request.getfixturevalue("database_url")
    migrate(url, (INDEX_MIGRATIONS, MIGRATIONS))
    Library(replace(settings, database_url=url), encoder).rebuild(lambda *_: None)
    unhurried.setenv("AUDIATUR_DATABASE_URL", url)


class Distributor:
    """What stands before replicas: hands each request to the next that takes it."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._count = len(ports)
        self._session = aiohttp.ClientSession()

    async def forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        for port in itertools.islice(self._ports, self._count):
            url = f"http://127.0.0.1:{port}{request.path}"
            try:
                async with self._session.post(url, data=body, headers=request.headers) as response:
                    return web.Response(status=response.status)
            except aiohttp.ClientError:
                continue
        return web.Response(status=502)

    async def close(self) -> None:
        await self._session.close()


@pytest.mark.usefixtures("shared")
async def test_one_of_two_is_killed(
    launch: Launch,
    server: BotApiServer,
    crowd: Crowd,
    eventually: Eventually,
    unhurried: pytest.MonkeyPatch,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    """Nothing is lost or doubled, and each chat keeps its order."""
    ports = [unused_tcp_port_factory() for _ in range(2)]
    distributor = Distributor(ports)
    application = web.Application()
    application.router.add_post("/{path:.*}", distributor.forward)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    unhurried.setenv("AUDIATUR_WEBHOOK_URL", f"http://127.0.0.1:{runner.addresses[0][1]}")
    server.faults.add(faults.delayed(0.05), times=100_000, method="sendMessage")
    replicas = [await launch(polls=False, AUDIATUR_WEBHOOK_PORT=str(port)) for port in ports]
    try:
        await until(lambda: len(server.calls("setWebhook")) == 2, START_S)
        await crowd.ask(each=4)
        await eventually(lambda: len(server.calls("sendMessage")) >= 4)
        replicas[0].kill()
        assert await replicas[0].wait() == -signal.SIGKILL
        await crowd.ask(each=2)
        await crowd.served(LEASE_S + 240)
        await server.quiet(0.5)
        assert crowd.doubled() == []
        assert crowd.disordered() == []
        await crowd.redeem()
        assert crowd.lost() == []
        assert crowd.doubled() == []
    finally:
        for each in replicas:
            if each.returncode is None:
                each.terminate()
            await each.wait()
        await runner.cleanup()
        await distributor.close()
    assert replicas[1].returncode == 0
