"""The admins' rooms on a bot that polls a Bot API server, with a room for everybody behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

from bot.library import Library
from bot.state.sqlite_store import SqliteStore
from bot.telegram.handlers import admin as rooms
from bot.telegram.handlers.admin import progress
from bot.telegram.handlers.admin.alarms import Alarms
from bot.telegram.handlers.admin.reindex import resume_jobs
from bot.telegram.i18n import Catalogues, PersonsLanguage
from bot.telegram.receiving.cancelling import cancelled
from bot.telegram.receiving.jobs import Jobs
from bot.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiogram.types import CallbackQuery, Message

    from bot.playground import BotApiServer, Chat, Person
    from bot.settings import Settings
    from tests.bot.conftest import StubEncoder, StubStance

PATIENCE_S = 60.0
FOR_EVERYBODY = "for everybody"

Start = Callable[..., Awaitable["Desk"]]


@dataclass(slots=True)
class Desk:
    """A bot with the admins' rooms, and what it is made of."""

    settings: Settings
    library: Library
    worker: Worker
    store: SqliteStore
    bot: Bot
    jobs: Jobs
    alarms: Alarms
    dispatcher: Dispatcher
    task: asyncio.Task[None]

    async def stop(self) -> None:
        """End as on a signal: builds stop at their next step, what they say is still sent."""
        self.worker.stop()
        await self.jobs.stop(PATIENCE_S)
        await self._end()

    async def kill(self) -> None:
        """End in the middle of whatever is going on, as far as one process can play that."""
        await self.jobs.stop(0)
        self.worker.stop()
        await self._end()

    async def _end(self) -> None:
        # a cancelled start_polling leaves the task behind that asks for updates
        with suppress(RuntimeError):  # it has not begun to poll
            await self.dispatcher.stop_polling()
        await cancelled([self.task])
        await self.worker.close()
        await self.store.close()
        await self.bot.session.close()


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show every step of a build, and close sessions without a pause that is meant for TLS."""

    async def close_at_once(session: AiohttpSession) -> None:
        if session._session:
            await session._session.close()

    monkeypatch.setattr(progress, "EDIT_EVERY_S", 0.0)
    monkeypatch.setattr(AiohttpSession, "close", close_at_once)


@pytest.fixture
async def open_desk(
    server: BotApiServer, settings: Settings, encoder: StubEncoder
) -> AsyncIterator[Start]:
    """Start a bot; another one after that finds the same data, as after a restart."""
    desks: list[Desk] = []

    async def started(stance: StubStance | None = None, **changes: Any) -> Desk:
        chosen = replace(settings, token=server.token, api_url=server.url, **changes)
        library = Library(chosen, encoder, stance)
        worker, jobs = Worker(library, 30.0), Jobs()
        store = await SqliteStore.open(chosen.data / "bot.sqlite")
        session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
        defaults = DefaultBotProperties(parse_mode=ParseMode.HTML)
        bot = Bot(server.token, session=session, default=defaults)
        alarms = Alarms(bot, store, chosen.admins)
        dispatcher = Dispatcher(
            worker=worker, settings=chosen, store=store, jobs=jobs, alarms=alarms
        )
        PersonsLanguage(Catalogues()).setup(dispatcher)
        rooms.router._parent_router = None
        dispatcher.include_routers(rooms.router, _room_for_everybody())
        await resume_jobs(bot, store, worker, jobs, alarms)
        # one update after the other, as the bot takes those of one chat
        polling = dispatcher.start_polling(
            bot,
            handle_as_tasks=False,
            handle_signals=False,
            close_bot_session=False,
            polling_timeout=1,
            allowed_updates=["message", "callback_query"],
        )
        task = asyncio.create_task(polling)
        desks.append(Desk(chosen, library, worker, store, bot, jobs, alarms, dispatcher, task))
        return desks[-1]

    yield started
    encoder.questions.open()
    encoder.passages.open()
    for desk in desks:
        if not desk.task.done():
            await desk.stop()


@pytest.fixture
async def desk(open_desk: Start, admins_chat: Chat) -> Desk:  # noqa: ARG001 - its admin has started it
    """A bot that runs."""
    return await open_desk()


@pytest.fixture
def german(server: BotApiServer, settings: Settings) -> Person:
    """Another admin, whose Telegram speaks German."""
    return server.person(max(settings.admins), "Emmy", language_code="de")


@pytest.fixture
def germans_chat(server: BotApiServer, german: Person) -> Chat:
    return server.private_chat(german)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings, with a second admin."""
    return replace(settings, admins=frozenset({9001, 9002}))


@pytest.fixture
def admin(server: BotApiServer) -> Person:
    return server.person(9001, "Grace", language_code="en")


def _room_for_everybody() -> Router:
    """Answer what no admin's room takes, as the conversation would."""
    router = Router(name="everybody")

    @router.message()
    async def on_message(message: Message) -> None:
        await message.answer(FOR_EVERYBODY)

    @router.callback_query()
    async def on_tap(query: CallbackQuery) -> None:
        await query.answer(FOR_EVERYBODY)

    return router
