"""Handles one update, as far as an earlier process has not done so already."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bot.ops.logs import logged_about
from bot.state.errors import StateError
from bot.state.protocol import Stage
from bot.statistics import Outcome
from bot.telegram.receiving.arrivals import kept
from bot.telegram.receiving.interruption import Interruptions
from bot.telegram.sending.delivery import Delivery, NotDelivered, delivering

if TYPE_CHECKING:
    from aiogram import Bot, Dispatcher
    from aiogram.types import Update

    from bot.ops.metrics import Metrics
    from bot.state.protocol import Claim, Inbox, Store

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_FAREWELLS = 3


class Answering:
    """Feeds updates to the handlers, neither twice nor never."""

    def __init__(
        self, bot: Bot, dispatcher: Dispatcher, store: Store, inbox: Inbox, metrics: Metrics
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._metrics = metrics
        self._interruptions = Interruptions(store, metrics)

    async def answer(self, claim: Claim) -> None:
        """Handle an update.

        Raises:
            StateError: The bot's memory fails, and nothing was sent yet.
        """
        update = kept(claim)
        with logged_about(claim.update_id, update.kind):
            if claim.stage is Stage.SENT:
                return
            try:
                decoded = update.decoded(self._bot)
            except ValidationError:
                logger.error("update %d can no longer be decoded", claim.update_id)  # noqa: TRY400
                return
            if claim.stage is Stage.SENDING:
                await self._interruptions.ask(decoded, update)
            elif claim.attempts > _ATTEMPTS:
                await self._give_up(claim, decoded)
            else:
                await self._handle(claim, decoded)

    async def _handle(self, claim: Claim, update: Update) -> None:
        delivery = Delivery(self._inbox, claim.update_id)
        with delivering(delivery):
            try:
                await self._dispatcher.feed_update(self._bot, update)
            except NotDelivered:
                logger.warning("an answer was not delivered")
            except StateError:
                if delivery.stage is Stage.NEW and not delivery.owed:
                    raise
                logger.exception("update %d failed", claim.update_id)
        if delivery.owed:
            await self._interruptions.ask(update, kept(claim))

    async def _give_up(self, claim: Claim, update: Update) -> None:
        """Stop handling what has ended several processes already, and say so."""
        logger.error("update %d ended %d processes, left out", claim.update_id, claim.attempts - 1)
        self._metrics.answered(Outcome.FAILED)
        if claim.attempts <= _ATTEMPTS + _FAREWELLS:
            await self._interruptions.apologise(update)
