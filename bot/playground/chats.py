"""Chats as they stand: who is in them, what was said, what the bot shows besides.

Pure state; what the bot does to it is in `methods`, what people do to it in `driver`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.bell import Bell
from bot.playground.messages import Message
from bot.playground.retention import Retention, trim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.playground.accounts import Account
    from bot.playground.formatting import Formatted

PRIVATE = "private"
SUPERGROUP = "supergroup"


@dataclass(frozen=True, slots=True)
class ChatAction:
    """What the bot said it was doing, and when (`time.monotonic`)."""

    action: str
    at: float
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A preview of an answer that is still being written."""

    draft_id: int
    content: Formatted
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False, repr=False)
class Chat:
    """A private chat (its id is the person's) or a supergroup (a negative id)."""

    id: int
    type: str
    bot: Account
    title: str | None = None
    members: dict[int, Account] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    topics: dict[int, str] | None = None
    has_bot: bool = True
    blocked: bool = False
    actions: list[ChatAction] = field(default_factory=list)
    # All previews so far, and the one that can be seen now.
    drafts: list[Draft] = field(default_factory=list)
    draft: Draft | None = None
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "default"})
    bell: Bell = field(default_factory=Bell)
    retention: Retention = field(default_factory=Retention)
    _all: dict[int, Message] = field(default_factory=dict)
    bot_spoke_at: float = 0.0
    last_id: int = 0

    def __repr__(self) -> str:
        return f"<Chat {self.id} with {len(self.messages)} messages>"

    @property
    def is_private(self) -> bool:
        """Whether it is a chat of one person with the bot."""
        return self.type == PRIVATE

    @property
    def messages(self) -> list[Message]:
        """What can be seen now, oldest first."""
        return [message for message in self._all.values() if not message.deleted]

    @property
    def from_bot(self) -> list[Message]:
        """Those of `messages` that the bot sent."""
        return [message for message in self.messages if message.sender is self.bot]

    @property
    def keyboard(self) -> list[str]:
        """The labels of the reply keyboard under the input field, row by row."""
        for message in reversed(self.from_bot):
            markup = message.reply_markup or {}
            if "remove_keyboard" in markup:
                return []
            if "keyboard" in markup:
                return [button["text"] for row in markup["keyboard"] for button in row]
        return []

    @property
    def deleted(self) -> list[Message]:
        """What could be seen once."""
        return [message for message in self._all.values() if message.deleted]

    @property
    def first_id(self) -> int:
        """The number of the oldest message that is still known."""
        return next(iter(self._all), self.last_id + 1)

    def find(self, message_id: int) -> Message | None:
        """Return a message that is still there."""
        message = self._all.get(message_id)
        return message if message and not message.deleted else None

    def changed_since(self, ring: int) -> list[Message]:
        """Return what was added, edited or deleted after a ring of the house's bell."""
        return [message for message in self._all.values() if message.changed_at > ring]

    def add(self, sender: Account, content: Formatted, **more: Any) -> Message:
        """Add a message with the next number, and forget the oldest where there are too many."""
        self.last_id += 1
        if sender is self.bot:
            self.bot_spoke_at = time.monotonic()
        message = Message(self, self.last_id, sender, content, **more)
        self._all[message.message_id] = message
        if self.retention.messages and len(self._all) > self.retention.messages:
            self._forget(next(iter(self._all.values())))
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        """Say that a message has changed."""
        message.changed_at = self.bell.ring()

    def act(self, action: ChatAction) -> None:
        """Show what the bot is doing."""
        self.actions.append(action)
        trim(self.actions, self.retention.calls)
        self.bell.ring()

    def preview(self, draft: Draft) -> None:
        """Show a preview, in place of the one before."""
        self.draft = draft
        self.drafts.append(draft)
        trim(self.drafts, self.retention.calls)
        self.bell.ring()

    def _forget(self, message: Message) -> None:
        """Let go of a message; what it replied to would otherwise be kept for ever."""
        del self._all[message.message_id]
        message.reply_to = None
        message.history.clear()

    async def wait_for(
        self, wanted: int | str | Callable[[Message], bool], timeout_s: float = 5.0
    ) -> Message:
        """Wait for the bot: for its n-th message, for a text, or for a message that fits.

        Messages that are there already count, so nothing is missed between two calls.

        Raises:
            TimeoutError: naming what the bot has said instead.

        """

        def found() -> Message | None:
            return next(self._matching(wanted), None)

        try:
            await self.bell.until(lambda: found() is not None, timeout_s)
        except TimeoutError:
            said = [message.text for message in self.from_bot]
            raise TimeoutError(
                f"no such message within {timeout_s} s; the bot said {said}"
            ) from None
        message = found()
        assert message is not None  # noqa: S101 - the bell has just said so
        return message

    def _matching(self, wanted: int | str | Callable[[Message], bool]) -> Iterator[Message]:
        if isinstance(wanted, int):
            return iter(self.from_bot[wanted - 1 : wanted])
        if isinstance(wanted, str):
            return (message for message in self.from_bot if wanted in message.text)
        return filter(wanted, self.from_bot)

    def as_json(self) -> dict[str, Any]:
        """Return a Chat."""
        if self.is_private:
            user = self.members[self.id].as_json()
            kept = {
                key: user[key] for key in ("first_name", "last_name", "username") if key in user
            }
            return {"id": self.id, "type": self.type} | kept
        forum = {"is_forum": True} if self.topics is not None else {}
        return {"id": self.id, "type": self.type, "title": self.title} | forum
