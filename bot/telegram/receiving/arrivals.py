"""Updates as Telegram sends them → arrivals for the inbox; what cannot be read is left out."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.state.protocol import Arrival, Claim

if TYPE_CHECKING:
    from aiogram import Bot

logger = logging.getLogger(__name__)

_PLACES = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """An update as it lies in the inbox, `received_s` since the epoch."""

    kind: str
    received_s: float
    raw: dict[str, Any]

    def decoded(self, bot: Bot) -> Update:
        """Return the update, mounted on a bot."""
        return Update.model_validate(self.raw, context={"bot": bot})


def arrival_of(bot: Bot, raw: Any) -> Arrival | None:
    """Return an update that can be handled; `None`, and a line in the log, for another."""
    number = number_of(raw)
    try:
        update = Update.model_validate(raw, context={"bot": bot})
        kind = update.event_type
    except ValidationError as error:
        # places only: the error itself quotes what people wrote
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        places = ", ".join(".".join(map(str, each["loc"])) for each in wrong[:_PLACES])
        logger.error("left out update %s: it cannot be decoded (%s)", number, places)  # noqa: TRY400
        return None
    except UpdateTypeLookupError:
        logger.warning("left out update %s: it is of a kind that is not known here", number)
        return None
    payload = {"kind": kind, "received_s": time.time(), "update": raw}
    return Arrival(update.update_id, _line(update), payload)


def number_of(raw: Any) -> int | None:
    """Return the number of an update that need not be one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) else None


def kept(claim: Claim) -> Kept:
    """Return what `arrival_of` put into a claim."""
    payload = claim.payload
    return Kept(payload["kind"], payload["received_s"], payload["update"])


def _line(update: Update) -> str:
    """Return the line that an update waits in; inline queries wait behind no chat."""
    event = update.event
    if update.callback_query:
        event = update.callback_query.message or event
    chat = getattr(event, "chat", None)
    if chat:
        return f"chat {chat.id}"
    person = getattr(event, "from_user", None)
    if person is None:
        return f"update {update.update_id}"
    whole = update.inline_query or update.chosen_inline_result
    return f"{'inline' if whole else 'person'} {person.id}"
