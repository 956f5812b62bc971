"""What the bot does on each kind of update; `routers` gives all of it, in the order of asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.telegram.handlers import (
    admin,
    answers,
    commands,
    debates,
    failures,
    guests,
    guides,
    inline,
    interviews,
    leftovers,
    privacy,
    questions,
)

if TYPE_CHECKING:
    from aiogram import Router

_ROOMS = (
    admin,
    commands,
    privacy,
    debates,
    guides,
    interviews,
    answers,
    questions,
    inline,
    guests,
    leftovers,
    failures,
)


def routers() -> list[Router]:
    """Return the routers, free to be included in a new dispatcher."""
    for room in _ROOMS:
        room.router._parent_router = None  # noqa: SLF001 - a second dispatcher in one process
    return [room.router for room in _ROOMS]
