"""Puts the bot together, runs it, and lets it finish when it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramNetworkError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import LinkPreviewOptions

from bot.conversation.desk import Desk
from bot.conversation.ticks import Ticks
from bot.errors import Refused, ServiceError
from bot.heartbeat import Heartbeat
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.server import ops_server
from bot.redaction import hide_in_logs
from bot.state.opening import open_state
from bot.telegram.handlers import routers
from bot.telegram.handlers.admin.alarms import Alarms
from bot.telegram.handlers.admin.reindex import resume_jobs
from bot.telegram.i18n import Catalogues, PersonsLanguage
from bot.telegram.menu import Menus
from bot.telegram.receiving.answering import Answering
from bot.telegram.receiving.cancelling import cancelled
from bot.telegram.receiving.consuming import Consumers
from bot.telegram.receiving.identity import consumer_name
from bot.telegram.receiving.intake import Intake
from bot.telegram.receiving.interruption import interruption_router
from bot.telegram.receiving.jobs import Jobs
from bot.telegram.receiving.polling import Polling
from bot.telegram.receiving.webhook import Webhook
from bot.telegram.sending.session import PatientSession
from bot.telegram.throttling import Rush, Throttling
from bot.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.library import Library
    from bot.settings import Settings
    from bot.state.protocol import Store

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "guest_message",
    "my_chat_member",
)
"""What the handlers use, and no more."""
_INLINE_RATE = 4
"""Inline queries come with every few letters typed: so many times the rate of questions."""
_TAP_RATE = 3
"""Whoever reads an answer taps more often than they ask; who reviews suggestions all the time."""
_DRAIN_S = 30.0


def run_bot(settings: Settings, library: Library) -> int:
    """Run the bot until it is told to stop, and return 0.

    Raises:
        Refused: Telegram will not have this token, or another instance uses it.
        ServiceError: Telegram cannot be reached, or a port or the bot's memory cannot be had.
    """
    asyncio.run(serve_until_signalled(settings, library))
    return 0


async def serve_until_signalled(settings: Settings, library: Library) -> None:
    """Run the bot until SIGTERM or SIGINT; its token goes into no log. Raises as `run_bot`."""
    hide_in_logs(settings.token or "")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        # whoever asks a second time will not wait
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)
    await serve(settings, library, stopping)


async def serve(settings: Settings, library: Library, stopping: asyncio.Event) -> None:
    """Run the bot until `stopping` is set; raises as `run_bot`."""
    metrics, jobs, heartbeat = Metrics(), Jobs(), Heartbeat(settings.data)
    async with AsyncExitStack() as stack:
        worker = Worker(library, settings.answer_timeout_s, settings.queue_limit, metrics)
        stack.push_async_callback(worker.close)
        session = PatientSession(heartbeat.beat, metrics, api=_api(settings))
        stack.push_async_callback(session.close)
        bot = _bot(settings, session)
        menus = Menus(settings, worker)
        await _greet(bot, settings, menus)
        state = await open_state(settings)
        stack.push_async_callback(state.close)
        alarms = Alarms(bot, state.store, settings.admins)
        alarms.watch(library)
        dispatcher = build_dispatcher(
            settings, worker, state.store, metrics=metrics, jobs=jobs, alarms=alarms
        )
        dispatcher.update.outer_middleware(menus)
        answering = Answering(bot, dispatcher, state.store, state.inbox, metrics)
        name = stack.enter_context(consumer_name(settings))
        consumers = Consumers(state.inbox, name, answering.answer, metrics)
        intake = Intake(bot, state.inbox, metrics)
        if settings.ops_port:
            health = Health(heartbeat, worker, state.inbox, consumers.idle_s)
            page = ops_server(settings.ops_host, settings.ops_port, health, metrics)
            await stack.enter_async_context(page)
        receiver = (
            Webhook(bot, intake, settings, ALLOWED_UPDATES, session)
            if settings.webhook_url
            else Polling(bot, intake, ALLOWED_UPDATES)
        )
        await resume_jobs(bot, state.store, worker, jobs, alarms)
        await consumers.start()
        try:
            await _first(receiver.run(), consumers.run(), stopping.wait(), _raised(session))
        finally:
            worker.stop()
            await _finish(consumers, jobs)


def build_dispatcher(
    settings: Settings, worker: Worker, store: Store, *, metrics: Metrics, **more: Any
) -> Dispatcher:
    """Return the dispatcher with all handlers; what is given here is handed to them by name."""
    dispatcher = Dispatcher(
        settings=settings,
        worker=worker,
        store=store,
        metrics=metrics,
        desk=Desk(worker, store, settings, metrics),
        ticks=Ticks(store),
        **more,
    )
    PersonsLanguage(Catalogues()).setup(dispatcher)
    asking = Throttling(store, "asking", settings.questions_per_minute)
    tapping = Throttling(
        store, "tapping", settings.questions_per_minute * _TAP_RATE, settings.admins
    )
    typing = Throttling(store, "typing", settings.questions_per_minute * _INLINE_RATE)
    rush = Rush(store, settings.questions_per_second, metrics)
    for observer, rate in (
        (dispatcher.message, asking),
        (dispatcher.edited_message, asking),
        (dispatcher.guest_message, asking),
        (dispatcher.callback_query, tapping),
        (dispatcher.inline_query, typing),
    ):
        observer.middleware(rate)
        observer.middleware(rush)
    dispatcher.include_router(interruption_router())
    dispatcher.include_routers(*routers())
    return dispatcher


def _api(settings: Settings) -> TelegramAPIServer:
    return TelegramAPIServer.from_base(settings.api_url) if settings.api_url else PRODUCTION


def _bot(settings: Settings, session: PatientSession) -> Bot:
    defaults = DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)
    )
    return Bot(settings.token or "", session=session, default=defaults)


async def _greet(bot: Bot, settings: Settings, menus: Menus) -> None:
    """Check the token, and publish the menus."""
    try:
        me = await bot.me()
        await menus.publish(bot)
    except (TelegramUnauthorizedError, TelegramNotFound) as error:
        raise Refused("Telegram refuses BOT_TOKEN; copy it anew from @BotFather") from error
    except TelegramNetworkError as error:
        host = urlsplit(settings.api_url).netloc if settings.api_url else "api.telegram.org"
        raise ServiceError(f"cannot reach {host}; check the network or TELEGRAM_API_URL") from error
    logger.info("running as @%s", me.username)


async def _raised(session: PatientSession) -> None:
    raise await asyncio.shield(session.refused)


async def _first(*ways: Coroutine[Any, Any, object]) -> None:
    """Return when one has ended, and the others have been cancelled; raises what it raised."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancelled(tasks)
    for task in done:
        task.result()


async def _finish(consumers: Consumers, jobs: Jobs) -> None:
    """Let answers and jobs finish, within half a minute altogether."""
    began = time.monotonic()
    left = await consumers.stop(_DRAIN_S)
    cancelled = await jobs.stop(max(1.0, _DRAIN_S - (time.monotonic() - began)))
    if cancelled:
        logger.warning("%d jobs were cancelled", cancelled)
    logger.info("stopped; %d answers left unfinished", left)
