"""Who is an admin: a person whose number is in the settings, speaking for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message
from aiogram.utils.i18n import gettext as _

from bot.telegram.rendering import escaped

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram import Router
    from aiogram.types import Chat, TelegramObject

    from bot.settings import Settings
    from bot.state.protocol import Store

LANGUAGES = "admins"
"""In which language each admin was met last, so that an alarm can speak it."""


class ByAdmin(BaseFilter):
    """Passes what an admin does in the private chat; all else is left to other handlers."""

    async def __call__(self, event: Message | CallbackQuery, settings: Settings) -> bool:
        """Tell whether an admin is behind an event, in private."""
        return is_admin(event, settings) and is_private(event)


class AdminsOnly(BaseMiddleware):
    """Lets admins through to a room's handlers, and tells all others kindly that it is closed."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle an event, or refuse it."""
        if not isinstance(event, Message | CallbackQuery):
            return None
        if not is_admin(event, data["settings"]):
            return await _refuse(event, _("Only admins can do that. Ask one of them."))
        if self._private and not is_private(event):
            return await _refuse(event, _("Please do that in our private chat."))
        await _meet(event, data)
        return await handler(event, data)


async def _meet(event: Message | CallbackQuery, data: dict[str, Any]) -> None:
    """Remember in which language an admin was met."""
    store: Store = data["store"]
    language: str = data["language"]
    number = event.from_user.id if event.from_user else 0
    if await store.get(LANGUAGES, str(number)) != language:
        await store.put(LANGUAGES, str(number), language, owner=number)


def admins_only(router: Router, *, private: bool = True) -> Router:
    """Close a room to everybody else; with `private`, in groups too."""
    router.message.middleware(AdminsOnly(private=private))
    router.callback_query.middleware(AdminsOnly(private=private))
    return router


def is_admin(event: Message | CallbackQuery, settings: Settings) -> bool:
    """Tell whether an admin did this; who speaks as a group or channel could be anyone."""
    if isinstance(event, Message) and event.sender_chat:
        return False
    return event.from_user is not None and event.from_user.id in settings.admins


def is_private(event: Message | CallbackQuery) -> bool:
    """Tell whether this happened in the private chat of a person with the bot."""
    chat: Chat | None = None
    if isinstance(event, Message):
        chat = event.chat
    elif event.message:
        chat = event.message.chat
    return chat is not None and chat.type == ChatType.PRIVATE


async def _refuse(event: Message | CallbackQuery, text: str) -> None:
    if isinstance(event, CallbackQuery):
        await event.answer(text, show_alert=True)
    elif is_private(event):
        await event.answer(escaped(text))
    else:
        to = event.as_reply_parameters(allow_sending_without_reply=True)
        await event.answer(escaped(text), reply_parameters=to)
