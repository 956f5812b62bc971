"""Spans without a confirmed side, one at a time: an admin says which side, and can take it back."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware, F, Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.i18n import gettext as _

from bot.keeping.reviewing import decide, take_back
from bot.telegram.addressing import command
from bot.telegram.editing import edit_tapped
from bot.telegram.handlers.admin.access import admins_only
from bot.telegram.handlers.admin.buttons import Judge
from bot.telegram.handlers.admin.review_state import Queue
from bot.telegram.handlers.admin.review_views import Move, next_view, reported_view, span_view
from index.debates.review import DECISIONS
from index.errors import CorpusError, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram import Bot
    from aiogram.types import TelegramObject

    from bot.settings import Settings
    from bot.state.protocol import Store
    from bot.worker import Worker

logger = logging.getLogger(__name__)
router = admins_only(Router(name="review"))

_TOAST_LENGTH = 200


class WithQueue(BaseMiddleware):
    """Hands `queue`, what waits for this admin, to the handlers; without an index, says so."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Look at what waits, then handle the event."""
        if not isinstance(event, Message | CallbackQuery) or event.from_user is None:
            return None
        number, language = event.from_user.id, data["language"]
        try:
            data["queue"] = await Queue.of(data["worker"], data["store"], number, language)
        except SnapshotError:
            return await event.answer(_("There is no index yet; /reindex builds it."))
        return await handler(event, data)


class Foreseen(BaseMiddleware):
    """Says why a decision could not be kept or taken back; nothing has changed then."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle a tap, and answer with the reason where the corpus refuses."""
        try:
            return await handler(event, data)
        except CorpusError as error:
            reason = str(error)
        except TimeoutError:  # an OSError, too, but none of the corpus
            raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
        logger.warning("a decision could not be kept: %s", reason)
        text = _("The corpus cannot be changed: {reason}. Nothing has changed.")
        if isinstance(event, CallbackQuery):
            await event.answer(text.format(reason=reason)[:_TOAST_LENGTH], show_alert=True)
        return None


for observer in (router.message, router.callback_query):
    observer.middleware(WithQueue())
router.callback_query.middleware(Foreseen())


@router.message(command("review"))
async def on_review(message: Message, queue: Queue) -> None:
    """Show the span of which the model is the least certain."""
    shown = next_view(queue)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Judge.filter(F.choice.in_(DECISIONS)))
async def on_decision(
    query: CallbackQuery,
    callback_data: Judge,
    bot: Bot,
    queue: Queue,
    worker: Worker,
    store: Store,
    settings: Settings,
) -> None:
    """Keep a decision, and show the next span."""
    span, made, toast = queue.find(callback_data.span), None, None
    who, now = str(query.from_user.id), datetime.now(UTC)
    if span:
        made = await asyncio.to_thread(
            decide, settings.corpus, span, callback_data.choice, who, now
        )
    if made:
        await queue.having(made).keep(store)
        logger.info("a span of %s was decided on", made.debate)
    else:
        toast = _("That one does not wait any more: it was decided on, or the index is new.")
    again = await Queue.of(worker, store, query.from_user.id, queue.language)
    await edit_tapped(query, bot, next_view(again))
    await query.answer(toast)


@router.callback_query(Judge.filter(F.choice == Move.UNDO))
async def on_undo(
    query: CallbackQuery, bot: Bot, queue: Queue, worker: Worker, store: Store, settings: Settings
) -> None:
    """Take the latest decision back, and show its span again."""
    if not queue.made:
        await query.answer(_("There is nothing to take back."))
        return
    last = queue.made[-1]
    debate = queue.debate(last.debate)
    undone = await asyncio.to_thread(take_back, settings.corpus, queue.snapshot, debate, last)
    await queue.without_last().keep(store)
    again = await Queue.of(worker, store, query.from_user.id, queue.language)
    span = again.span_of(last)
    await edit_tapped(query, bot, span_view(again, span) if span else next_view(again))
    await query.answer(None if undone else _("Somebody has changed that since; their word stays."))


@router.callback_query(Judge.filter(F.choice == Move.REPORTED))
async def on_reported(query: CallbackQuery, callback_data: Judge, bot: Bot, queue: Queue) -> None:
    """Ask which side's view is reported."""
    span = queue.find(callback_data.span)
    await edit_tapped(query, bot, reported_view(queue, span) if span else next_view(queue))
    await query.answer()


@router.callback_query(Judge.filter(F.choice == Move.BACK))
async def on_back(query: CallbackQuery, callback_data: Judge, bot: Bot, queue: Queue) -> None:
    """Show a span with all choices again."""
    span = queue.find(callback_data.span)
    await edit_tapped(query, bot, span_view(queue, span) if span else next_view(queue))
    await query.answer()


@router.callback_query(Judge.filter(F.choice.in_((Move.SKIP, Move.AGAIN))))
async def on_skip(
    query: CallbackQuery, callback_data: Judge, bot: Bot, queue: Queue, store: Store
) -> None:
    """Leave a span for later, or come back to those that were left."""
    skip = callback_data.choice == Move.SKIP
    after = queue.skipping(callback_data.span) if skip else queue.without_skips()
    await after.keep(store)
    await edit_tapped(query, bot, next_view(after))
    await query.answer()


@router.callback_query(Judge.filter())
async def on_nonsense(query: CallbackQuery) -> None:
    """Answer a button that is none of ours."""
    await query.answer(_("I do not know this button."))
