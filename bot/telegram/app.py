"""Puts the bot together, runs it by long polling, and lets it finish when it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramNetworkError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import LinkPreviewOptions

from bot.errors import Refused, ServiceError
from bot.heartbeat import Heartbeat
from bot.redaction import hide_in_logs
from bot.telegram.handlers import admin, commands, failures, inline, questions
from bot.telegram.i18n import Catalogues, PersonsLanguage
from bot.telegram.inflight import InFlight
from bot.telegram.menu import publish_menus
from bot.telegram.session import PatientSession
from bot.telegram.throttling import Throttling
from bot.worker import Worker

if TYPE_CHECKING:
    from bot.library import Library
    from bot.settings import Settings

logger = logging.getLogger(__name__)

_UPDATES = ["message", "callback_query", "inline_query"]
_INLINE_RATE = 4
"""Inline queries come with every few letters typed: so many times the rate of questions."""
_DRAIN_S = 30.0


def run_bot(settings: Settings, library: Library) -> int:
    """Run the bot until it is told to stop, and return 0.

    Raises:
        Refused: Telegram will not have this token, or another instance uses it.
        ServiceError: Telegram cannot be reached.
    """
    hide_in_logs(settings.token or "")
    asyncio.run(_serve(settings, library))
    return 0


async def _serve(settings: Settings, library: Library) -> None:
    worker = Worker(library, settings.answer_timeout_s)
    api = TelegramAPIServer.from_base(settings.api_url) if settings.api_url else PRODUCTION
    session = PatientSession(Heartbeat(settings.data).beat, api=api)
    defaults = DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)
    )
    bot = Bot(settings.token or "", session=session, default=defaults)
    in_flight = InFlight()
    try:
        await _greet(bot, settings)
        dispatcher = build_dispatcher(settings, worker, in_flight)
        watch = asyncio.create_task(_stop_when_refused(dispatcher, session))
        await dispatcher.start_polling(bot, allowed_updates=_UPDATES, close_bot_session=False)
        watch.cancel()
        worker.stop()
        left = await in_flight.drain(_DRAIN_S)
        logger.info("stopped; %d answers left unfinished", left)
        if session.refused.done():
            raise session.refused.result()
    finally:
        await worker.close()
        await bot.session.close()


def build_dispatcher(settings: Settings, worker: Worker, in_flight: InFlight) -> Dispatcher:
    """Return the dispatcher with all handlers; `worker` and `settings` are handed to them."""
    dispatcher = Dispatcher(worker=worker, settings=settings)
    dispatcher.update.outer_middleware(in_flight)
    PersonsLanguage(Catalogues()).setup(dispatcher)
    asking = Throttling(settings.questions_per_minute)
    dispatcher.message.middleware(asking)
    dispatcher.callback_query.middleware(asking)
    dispatcher.inline_query.middleware(Throttling(settings.questions_per_minute * _INLINE_RATE))
    for room in (commands, admin, questions, inline, failures):
        room.router._parent_router = None  # noqa: SLF001 - a second dispatcher in one process
        dispatcher.include_router(room.router)
    return dispatcher


async def _greet(bot: Bot, settings: Settings) -> None:
    """Check the token, leave webhook mode, and publish the menus."""
    try:
        me = await bot.get_me()
        await bot.delete_webhook()
        await publish_menus(bot, sorted(settings.admins))
    except (TelegramUnauthorizedError, TelegramNotFound) as error:
        raise Refused("Telegram refuses BOT_TOKEN; copy it anew from @BotFather") from error
    except TelegramNetworkError as error:
        host = urlsplit(settings.api_url).netloc if settings.api_url else "api.telegram.org"
        raise ServiceError(f"cannot reach {host}; check the network or TELEGRAM_API_URL") from error
    logger.info("running as @%s", me.username)


async def _stop_when_refused(dispatcher: Dispatcher, session: PatientSession) -> None:
    await asyncio.shield(session.refused)
    with suppress(RuntimeError):
        await dispatcher.stop_polling()
