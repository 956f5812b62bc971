"""Rebuilding the index, by command in any chat, or where it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import Message

from bot.telegram.addressing import command
from bot.telegram.handlers.admin.access import admins_only
from bot.telegram.handlers.admin.buttons import Rebuild
from bot.telegram.handlers.admin.rebuilding import Rebuilding

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery

    from bot.state.protocol import Store
    from bot.telegram.handlers.admin.alarms import Alarms
    from bot.telegram.receiving.jobs import Jobs
    from bot.worker import Worker

router = admins_only(Router(name="reindex"), private=False)


@router.message(command("reindex"))
async def on_reindex(
    message: Message,
    bot: Bot,
    worker: Worker,
    store: Store,
    jobs: Jobs,
    language: str,
    alarms: Alarms | None = None,
) -> None:
    """Build the index anew; the chat goes on meanwhile."""
    request = f"{message.chat.id}:{message.message_id}"
    await Rebuilding(bot, store, worker, jobs, alarms).begin(request, message, language)


@router.callback_query(Rebuild.filter())
async def on_rebuild(
    query: CallbackQuery,
    bot: Bot,
    worker: Worker,
    store: Store,
    jobs: Jobs,
    language: str,
    alarms: Alarms | None = None,
) -> None:
    """Build the index anew where that was offered."""
    await query.answer()
    if isinstance(query.message, Message):
        request = f"query:{query.id}"
        await Rebuilding(bot, store, worker, jobs, alarms).begin(request, query.message, language)


async def resume_jobs(
    bot: Bot, store: Store, worker: Worker, jobs: Jobs, alarms: Alarms | None = None
) -> int:
    """Go on with rebuilds that a former process was killed in; return how many those are.

    Call it once at the start. Their messages are edited to say so.
    """
    return await Rebuilding(bot, store, worker, jobs, alarms).resume()
