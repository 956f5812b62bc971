"""The faults that are injected: what they are called, where they strike, and how often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground import faults
from bot.playground.faults import Fault, Faults, Moment

if TYPE_CHECKING:
    from bot.playground import BotApiServer

SENDING = "sendMessage"
POLLING = "getUpdates"
FAULTS = {
    "429": faults.rate_limited(1),
    "500": faults.server_error(500),
    "502": faults.server_error(502),
    "400": faults.refused(),
    "delay of 1 s": faults.delayed(1.0),
    "dropped before": faults.dropped(Moment.BEFORE),
    "dropped after": faults.dropped(Moment.AFTER),
    "malformed body": faults.malformed(),
}
_GARBAGE: tuple[dict[str, Any], ...] = (
    {"message": "no message"},
    {"message": {"message_id": "x", "date": None, "chat": {"id": []}}},
    {"message": {}},
    {"callback_query": {"id": 5, "from": {}, "data": "a" * 5_000}},
    {"inline_query": None},
    {"something_new": {"from_the": "future"}},
    {},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": 7}},
    {"edited_message": [[[[[[]]]]]]},
)
"""Nobody can decode these, or nobody here knows what to do with them."""


class Sprinkled(Faults):
    """Lets calls of one method fail at random, with a seed, until enough have failed."""

    def __init__(self, fault: Fault, method: str, times: int, share: float) -> None:
        super().__init__()
        self._fault = fault
        self._method = method
        self._left = times
        self._share = share
        self._chance = random.Random(times)  # noqa: S311 - no secret
        self.struck = 0

    @property
    def over(self) -> bool:
        """Whether enough have failed."""
        return self._left == 0

    def next_for(self, method: str) -> Fault:
        """Take the fault that this call meets; the empty one for most."""
        if method != self._method or self.over or self._chance.random() > self._share:
            return Fault()
        self._left -= 1
        self.struck += 1
        return self._fault


@dataclass(slots=True)
class Garbage:
    """Updates that cannot be handled, between others that can."""

    server: BotApiServer
    left: int
    struck: int = 0

    @property
    def over(self) -> bool:
        """Whether enough have been queued."""
        return self.left == 0

    def strike(self) -> None:
        """Queue one."""
        self.server.queue_raw(dict(_GARBAGE[self.struck % len(_GARBAGE)]))
        self.struck += 1
        self.left -= 1
