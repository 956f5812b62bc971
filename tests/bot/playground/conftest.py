"""A server, a raw client and a real aiogram bot, each for one test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.playground import BotApiServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.playground import Chat, Person

    Connect = Callable[[BotApiServer], "Client"]


class Client:
    """Calls methods over HTTP and hands back the whole answer."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        """Send parameters as a form does: text as it is, all else as JSON."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        }
        async with self._session.post(f"{self._base}/{method}", data=form) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"] or answer["error_code"] == response.status
            return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def connect(session: aiohttp.ClientSession) -> Connect:
    return lambda server: Client(session, f"{server.url}/bot{server.token}")


@pytest.fixture
def call(server: BotApiServer, connect: Connect) -> Client:
    return connect(server)


@pytest.fixture
def ada(server: BotApiServer) -> Person:
    return server.person(1001, "Ada", username="ada", language_code="de")


@pytest.fixture
def chat(server: BotApiServer, ada: Person) -> Chat:
    return server.private_chat(ada)


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    defaults = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
    async with Bot(server.token, session=session, default=defaults) as aiogram_bot:
        yield aiogram_bot
