"""Keeps one person from asking faster than is fair; says so once, kindly."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineQuery, Message, User
from aiogram.utils.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram.types import TelegramObject

_WINDOW_S = 60.0
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Window:
    opened_s: float
    count: int = 0
    told: bool = False


class Throttling(BaseMiddleware):
    """Lets through so many updates per person and minute; the first one too many is answered."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._windows: dict[int, _Window] = {}

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Hand the event on, or drop it and say why, once a window."""
        user: User | None = data.get("event_from_user")
        if user is None:
            return await handler(event, data)
        window = self._window(user.id)
        window.count += 1
        if window.count <= self._per_minute:
            return await handler(event, data)
        # noted before anything is awaited: the next ones of a flood are here already
        told, window.told = window.told, True
        if isinstance(event, CallbackQuery):
            await event.answer(None if told else _too_fast())
        elif isinstance(event, Message) and not told:
            await event.answer(_too_fast())
        elif isinstance(event, InlineQuery):
            await event.answer([], cache_time=1, is_personal=True)
        return None

    def _window(self, person: int) -> _Window:
        now = self._clock()
        window = self._windows.get(person)
        if window is None or now - window.opened_s >= _WINDOW_S:
            self._windows.pop(person, None)
            if len(self._windows) >= _REMEMBERED:
                self._windows.pop(next(iter(self._windows)))
            window = self._windows[person] = _Window(now)
        return window


def _too_fast() -> str:
    return _("That is faster than I can read. Please ask again in a minute.")
