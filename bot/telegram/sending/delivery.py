"""How far the answer to an update has got, noted in the inbox around each message.

A process can be killed between a message's way out and Telegram's word that it arrived. What is
noted here tells the next process which updates to handle anew, and of which it cannot know.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramNetworkError

from bot.state.errors import StateError
from bot.state.protocol import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.state.protocol import Inbox

logger = logging.getLogger(__name__)


class NotDelivered(TelegramNetworkError):
    """A message did not arrive, or may have arrived without our knowing; it is not sent again."""


class Delivery:
    """The messages that one update has caused so far.

    `owed` tells that the person has got nothing for certain, and must be asked.
    """

    def __init__(self, inbox: Inbox, update_id: int, stage: Stage = Stage.NEW) -> None:
        self._inbox = inbox
        self._update_id = update_id
        self.stage = stage
        self._failed = False

    @property
    def owed(self) -> bool:
        """Whether a message failed and none has arrived."""
        return self._failed and self.stage is not Stage.SENT

    async def begins(self) -> None:
        """Note that a message is about to be sent.

        Raises:
            StateError: That cannot be noted, so it must not be sent.
        """
        if self.stage is Stage.NEW:
            await self._inbox.mark(self._update_id, Stage.SENDING)
            self.stage = Stage.SENDING

    async def arrived(self) -> None:
        """Note that a message has arrived."""
        if self.stage is not Stage.SENT:
            self.stage = Stage.SENT
            await self._noted()

    async def refused(self) -> None:
        """Note that a message has certainly not arrived."""
        if self.stage is Stage.SENDING:
            self.stage = Stage.NEW
            await self._noted()

    def failed(self) -> None:
        """Note that a message will not be sent again, whether it arrived or not."""
        self._failed = True

    async def _noted(self) -> None:
        try:
            await self._inbox.mark(self._update_id, self.stage)
        except StateError:
            # what is written says "sending": after a kill the person would be asked, no more
            logger.warning("how far update %d got could not be noted", self._update_id)


_current: ContextVar[Delivery | None] = ContextVar("delivery", default=None)


def current_delivery() -> Delivery | None:
    """Return the delivery of the update that is being handled, `None` outside of one."""
    return _current.get()


@contextmanager
def delivering(delivery: Delivery | None) -> Iterator[None]:
    """Let messages sent in this context count as the answer to an update, or to none."""
    token = _current.set(delivery)
    try:
        yield
    finally:
        _current.reset(token)
