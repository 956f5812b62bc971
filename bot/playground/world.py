"""Everything the server knows: the bot, people, chats, files, and what waits for an answer."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.bell import Bell
from bot.playground.errors import bad_request, forbidden, query_expired
from bot.playground.files import Files
from bot.playground.floods import Floods, Limits
from bot.playground.profile import Profile
from bot.playground.retention import Retention
from bot.playground.updates import UpdateQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.accounts import Account
    from bot.playground.chats import Chat
    from bot.playground.inline_cache import InlineCache
    from bot.playground.messages import Message


@dataclass(frozen=True, slots=True)
class Query:
    """A question that the bot must answer soon: a tap, an inline query, a guest's message."""

    id: str
    kind: str
    expires_at: float
    answer: asyncio.Future[Any]
    asker: Account
    context: Any = None


class World:
    """The state behind all methods and people."""

    def __init__(
        self,
        bot: Account,
        limits: Limits,
        *,
        privacy_mode: bool = True,
        clock: Callable[[], float] = time.monotonic,
        retention: Retention | None = None,
        first_id: int | None = None,
    ) -> None:
        self.bot = bot
        self.limits = limits
        self.privacy_mode = privacy_mode
        self.clock = clock
        self.retention = retention or Retention()
        # Rings with every change anywhere.
        self.bell = Bell()
        # What messages and updates are counted from; a server that follows another one on the
        # same memory of a bot must not use numbers again.
        self.first_id = first_id
        self.updates = UpdateQueue(first_id) if first_id else UpdateQueue()
        self.webhook_url = ""
        self.floods = Floods(limits, clock)
        self.profile = Profile(bot.first_name)
        self.files = Files(self.retention.file_bytes)
        self.people: dict[int, Account] = {}
        self.chats: dict[int, Chat] = {}
        self.inline_messages: dict[str, Message] = {}
        self.inline_cache: InlineCache | None = None
        self._queries: dict[tuple[str, str], Query] = {}

    def find_chat(self, chat_id: int | str) -> Chat:
        """Return a chat the bot may look at.

        Raises:
            ApiError: 400 "chat not found".

        """
        if not chat_id:
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            chat = next((one for one in self.chats.values() if _has_name(one, chat_id)), None)
        else:
            chat = self.chats.get(chat_id)
        if chat is None:
            if chat_id in self.people:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """Return a chat the bot may write to.

        Raises:
            ApiError: 400 where there is no such chat, 403 where the bot is not welcome.

        """
        chat = self.find_chat(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.has_bot:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def ask(self, kind: str, asker: Account, lifetime_s: float, context: Any = None) -> Query:
        """Open a question of `asker` to the bot."""
        answer = asyncio.get_running_loop().create_future()
        expires_at = self.clock() + lifetime_s
        query = Query(secrets.token_hex(8), kind, expires_at, answer, asker, context)
        now = self.clock()
        self._queries = {key: one for key, one in self._queries.items() if one.expires_at >= now}
        self._queries[kind, query.id] = query
        return query

    def settle(self, kind: str, query_id: str, answer: object) -> Query:
        """Answer a question, once and in time.

        Raises:
            ApiError: 400 where it is unknown, answered or too old.

        """
        query = self._queries.pop((kind, query_id), None)
        if query is None or query.answer.done() or self.clock() > query.expires_at:
            raise query_expired()
        query.answer.set_result(answer)
        return query


@dataclass(slots=True)
class Upload:
    """A file that came along with a request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(slots=True)
class Call:
    """One checked call of a method."""

    params: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)


def _has_name(chat: Chat, name: str) -> bool:
    username = chat.members[chat.id].username if chat.is_private else None
    return bool(username) and f"@{username}".lower() == name.lower()
