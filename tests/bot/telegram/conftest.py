"""The bot, as it is put together for real, with a Bot API server on the loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from bot.library import Library
from bot.playground import BotApiServer, Chat, Message, Person, utf16
from bot.telegram import app
from tests.bot.forking import Forked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.settings import Settings
    from tests.bot.conftest import Eventually, StubEncoder

START_S = 120.0
"""A process of its own loads its libraries anew, on a machine that may be busy."""

Start = Callable[..., Awaitable["Service"]]
Launch = Callable[..., Awaitable["Forked"]]


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
    processes: list[Forked] = []
    environment.setenv("BOT_TOKEN", server.token)
    environment.setenv("TELEGRAM_API_URL", server.url)
    environment.setenv("ADMIN_IDS", ",".join(map(str, settings.admins)))

    async def launched(*arguments: str, polls: bool = True, **variables: str) -> Forked:
        known = _receptions(server)
        log = tmp_path / f"{len(processes)}.log"
        process = Forked(arguments or ("bot",), os.environ | variables, tmp_path / "stall", log)
        processes.append(process)
        if polls:
            await until(
                lambda: process.returncode is not None or _receptions(server) > known, START_S
            )
        return process

    yield launched
    for process in processes:
        process.kill()
        await process.wait()


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
