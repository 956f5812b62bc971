"""The playground opens with a bot behind it, says where, and ends cleanly."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.playground.opening import open_playground
from bot.playground.stage import GRACE
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SCRIPT = """
import asyncio, sys
from bot.playground.opening import open_playground
from bot.settings import Settings

async def run_bot(settings):
    try:
        await asyncio.Event().wait()
    finally:
        print("the bot has stopped", flush=True)

asyncio.run(open_playground(Settings(playground_port=0), run_bot))
print("closed", flush=True)
"""


async def _open(
    run_bot: Callable[[Settings], Awaitable[None]], settings: Settings
) -> tuple[asyncio.Task[None], str]:
    said: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(open_playground(settings, run_bot, said.put_nowait))
    async with asyncio.timeout(5):
        return task, await said.get()


async def test_the_bot_gets_settings_of_the_playgrounds_own() -> None:
    """Its token, its address, its admin; nothing of an operator's token or webhook."""
    given: asyncio.Queue[Settings] = asyncio.Queue()

    async def run_bot(settings: Settings) -> None:
        await given.put(settings)
        await asyncio.Event().wait()

    wanted = Settings(
        token="1:REAL",
        webhook_url="https://x.org/hook",
        redis_url="redis://x.org",
        playground_port=0,
    )
    task, line = await _open(run_bot, wanted)
    settings = await given.get()
    assert settings.token
    assert settings.token != wanted.token
    assert settings.admins == {GRACE}
    assert settings.webhook_url is None
    assert settings.redis_url is None
    assert settings.data == wanted.data
    assert line == f"playground: {settings.api_url}"
    assert settings.token not in line
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{settings.api_url}/bot{settings.token}/getMe") as response,
    ):
        assert (await response.json())["result"]["username"] == "audiatur_bot"
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(str(settings.api_url))


async def test_it_ends_when_the_bot_ends() -> None:
    """Also with what the bot failed of."""

    async def done(settings: Settings) -> None:
        assert settings.api_url

    async def broken(_settings: Settings) -> None:
        raise ValueError("no index")

    await open_playground(Settings(playground_port=0), done, lambda _: None)
    with pytest.raises(ValueError, match="no index"):
        await open_playground(Settings(playground_port=0), broken, lambda _: None)


async def test_a_taken_port_is_named_with_its_cure() -> None:
    """The bot is not started."""

    async def never(_settings: Settings) -> None:
        pytest.fail("the bot was started")

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} is taken .*AUDIATUR_PLAYGROUND_PORT"):
            await open_playground(Settings(playground_port=port), never)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(told: signal.Signals) -> None:
    """The bot first, then the server; exit code 0 and no traceback."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
        assert line.startswith("playground: http://127.0.0.1:")
        process.send_signal(told)
        out, err = await process.communicate()
    assert (process.returncode, err.decode()) == (0, "")
    assert out.decode() == "the bot has stopped\nclosed\n"
