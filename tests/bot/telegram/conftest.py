"""The bot, as it is put together for real, with a Bot API server on the loopback."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from bot.library import Library
from bot.playground import BotApiServer, Chat, Message, Person, utf16
from bot.telegram import app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder

CONFTEST = Path(__file__).parent.parent / "conftest.py"
# The modules that load real encoders take seconds to import; the stub needs none of them.
LAUNCH = """
import functools, runpy, sys
from pathlib import Path
from unittest.mock import MagicMock
conftest, stall, *arguments = sys.argv[1:]
stub = runpy.run_path(conftest)["StubEncoder"](stall=Path(stall))
sys.modules["index.encoding.loading"] = sys.modules["index.encoding.adapter"] = MagicMock()
import bot.library
bot.library.load_languages = lambda: None  # seconds, for languages that no test asks in
bot.library.Library = functools.partial(bot.library.Library, encoder=stub)
from bot.cli import main
sys.exit(main(arguments))
"""

START_S = 120.0
"""A process of its own loads its libraries anew, on a machine that may be busy."""

Start = Callable[..., Awaitable["Service"]]
Launch = Callable[..., Awaitable["Process"]]


@dataclass(slots=True)
class Service:
    """A bot that receives."""

    settings: Settings
    library: Library
    task: asyncio.Task[None]
    stopping: asyncio.Event

    async def stop(self) -> None:
        """Stop as on SIGTERM, and return once it has stopped."""
        self.stopping.set()
        await self.task


@dataclass(slots=True)
class Process:
    """A bot in a process of its own."""

    process: asyncio.subprocess.Process
    stall: Path

    async def ended(self, timeout_s: float = 120.0) -> tuple[int, str]:
        """Return the exit code and what stands on standard error."""
        async with asyncio.timeout(timeout_s):
            _out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, err.decode()


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
def ada(server: BotApiServer) -> Person:
    return server.person(1001, "Ada", username="ada", language_code="de")


@pytest.fixture
def bob(server: BotApiServer) -> Person:
    return server.person(1002, "Bob", language_code="en")


@pytest.fixture
def admin(server: BotApiServer, settings: Settings) -> Person:
    (number,) = settings.admins
    return server.person(number, "Grace", language_code="en")


@pytest.fixture
def chat(server: BotApiServer, ada: Person) -> Chat:
    return server.private_chat(ada)


@pytest.fixture
def admins_chat(server: BotApiServer, admin: Person) -> Chat:
    return server.private_chat(admin)


@pytest.fixture
async def start(
    server: BotApiServer,
    settings: Settings,
    encoder: StubEncoder,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Start]:
    """Start a bot; keywords change its settings."""
    services: list[Service] = []
    monkeypatch.setattr(AiohttpSession, "close", _close_at_once)

    async def started(**changes: Any) -> Service:
        chosen = replace(settings, token=server.token, api_url=server.url, **changes)
        library = Library(chosen, encoder)
        known, stopping = _receptions(server), asyncio.Event()
        task = asyncio.create_task(app.serve(chosen, library, stopping))
        await eventually(lambda: task.done() or _receptions(server) > known)
        if task.done():
            task.result()
        services.append(Service(chosen, library, task, stopping))
        return services[-1]

    yield started
    encoder.questions.open()
    encoder.passages.open()
    for service in services:
        if not service.task.done():
            await service.stop()


@pytest.fixture
async def service(start: Start, admins_chat: Chat) -> Service:  # noqa: ARG001 - the menu needs it
    """A bot that polls, known to its admin."""
    return await start()


@pytest.fixture
async def launch(
    server: BotApiServer,
    settings: Settings,
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> AsyncIterator[Launch]:
    """Start `audiatur bot` in a process of its own, with the stub for an encoder."""
    processes: list[Process] = []
    environment.setenv("BOT_TOKEN", server.token)
    environment.setenv("TELEGRAM_API_URL", server.url)
    environment.setenv("ADMIN_IDS", ",".join(map(str, settings.admins)))

    async def launched(*arguments: str, polls: bool = True) -> Process:
        stall = tmp_path / "stall"
        known = _receptions(server)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LAUNCH, str(CONFTEST), str(stall), *(arguments or ("bot",)),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        processes.append(Process(process, stall))
        if polls:
            await until(
                lambda: process.returncode is not None or _receptions(server) > known, START_S
            )
        return processes[-1]

    yield launched
    for started in processes:
        if started.process.returncode is None:
            started.process.kill()
            await started.process.communicate()


async def until(holds: Callable[[], bool], timeout_s: float) -> None:
    """Wait until something comes true, for longer than `eventually` does."""
    async with asyncio.timeout(timeout_s):
        while not holds():  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.005)


def _receptions(server: BotApiServer) -> int:
    """Return how often a bot began to receive: by a poll, or by setting its webhook."""
    return len(server.calls("getUpdates")) + len(server.calls("setWebhook"))


async def _close_at_once(session: AiohttpSession) -> None:
    """Close without aiogram's pause, which is meant for TLS."""
    if session._session:
        await session._session.close()


@pytest.fixture
def quoted() -> Callable[[Message], list[str]]:
    """Return the texts that stand in a message's block quotes."""

    def texts(message: Message) -> list[str]:
        return [
            utf16.cut(message.text, entity["offset"], entity["length"])
            for entity in message.entities
            if entity["type"] in {"blockquote", "expandable_blockquote"}
        ]

    return texts
