"""Health and metrics are served on a port of their own, by the bot as it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.errors import ServiceError
from bot.playground import faults
from bot.telegram.sending import patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.playground import BotApiServer, Chat, Person
    from tests.bot.telegram.conftest import Start

    Get = Callable[[str], Awaitable[tuple[int, Any]]]

GERMAN = "Sollten Städte Bienenstöcke auf Dächern erlauben?"


@pytest.fixture
async def get(unused_tcp_port: int) -> AsyncIterator[Get]:
    """Fetch a page: its status, and its JSON or text."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}") as session:

        async def fetched(path: str) -> tuple[int, Any]:
            async with session.get(path) as response:
                if response.content_type == "application/json":
                    return response.status, await response.json()
                return response.status, await response.text()

        yield fetched


async def test_a_bot_at_work_is_healthy_and_counted(
    start: Start, get: Get, unused_tcp_port: int, ada: Person, chat: Chat, server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What it did stands in its metrics, and nothing of who asked what."""
    monkeypatch.setattr(patience, "_FIRST_PAUSE_S", 0.01)
    await start(ops_port=unused_tcp_port)
    server.faults.add(faults.server_error(), method="sendMessage")
    await ada.ask(chat, GERMAN)
    await server.quiet(0.2)
    assert await get("/health") == (200, {"healthy": True, "reasons": [], "waiting": 0})
    status, metrics = await get("/metrics")
    assert status == 200
    for line in (
        'audiatur_updates_received_total{kind="message"} 1.0',
        'audiatur_updates_finished_total{kind="message"} 1.0',
        "audiatur_retries_total 1.0",
        "audiatur_inbox_waiting 0.0",
    ):
        assert line in metrics.splitlines()
    assert "Bienen" not in metrics
    assert "1001" not in metrics


async def test_without_a_port_nothing_is_served(start: Start, get: Get) -> None:
    """It is the operator's choice."""
    await start()
    with pytest.raises(aiohttp.ClientConnectorError):
        await get("/health")


async def test_a_port_that_is_taken_is_named(start: Start, unused_tcp_port: int) -> None:
    """With the setting to change."""
    await start(ops_port=unused_tcp_port)
    with pytest.raises(ServiceError, match=r"cannot listen on .*; change AUDIATUR_OPS_PORT"):
        await start(ops_port=unused_tcp_port)
