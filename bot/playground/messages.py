"""A message as it stands on the screen, and as the Bot API describes it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.rendering import render_html

if TYPE_CHECKING:
    from bot.playground.accounts import Account
    from bot.playground.chats import Chat
    from bot.playground.formatting import Formatted
    from bot.playground.tags import Entity


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """One message, with everything it was before."""

    chat: Chat
    message_id: int
    sender: Account
    content: Formatted
    date: int = field(default_factory=lambda: int(time.time()))
    reply_markup: dict[str, Any] | None = None
    reply_to: Message | None = None
    quote: dict[str, Any] | None = None
    thread_id: int | None = None
    document: dict[str, Any] | None = None
    link_preview: dict[str, Any] | None = None
    via_bot: Account | None = None
    inline_message_id: str | None = None
    guest_query_id: str | None = None
    guest_caller: Account | None = None
    service: dict[str, Any] = field(default_factory=dict)
    reactions: list[dict[str, Any]] = field(default_factory=list)
    # The emoji of each person, by the person's number; `reactions` are the bot's.
    reacted: dict[int, str] = field(default_factory=dict)
    history: list[Formatted] = field(default_factory=list)
    edit_count: int = 0
    edit_date: int | None = None
    deleted: bool = False
    changed_at: int = 0

    def __repr__(self) -> str:
        return f"<Message {self.message_id} of {self.sender.first_name}: {self.html!r}>"

    @property
    def text(self) -> str:
        """The text, or a document's caption."""
        return self.content.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities of `text`."""
        return self.content.entities

    @property
    def html(self) -> str:
        """The text with its formatting, as HTML."""
        return render_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of an inline keyboard; none if there is no such keyboard."""
        rows: list[list[dict[str, Any]]] = (self.reply_markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """What is written on the inline buttons, row by row."""
        return [button["text"] for row in self.buttons for button in row]

    def button(self, wanted: str) -> dict[str, Any]:
        """Return the inline button with this label or this callback data."""
        for row in self.buttons:
            for button in row:
                if wanted in {button["text"], button.get("callback_data")}:
                    return button
        raise ValueError(f"no button {wanted!r}; there are {self.labels}")

    def edit(self, content: Formatted, reply_markup: dict[str, Any] | None) -> None:
        """Change what the message says; the former text goes to `history`."""
        if content != self.content:
            self.history.append(self.content)
        self.content, self.reply_markup = content, reply_markup
        self.edit_count += 1
        self.edit_date = int(time.time())
        self.chat.touch(self)

    def delete(self) -> None:
        """Take it off the screen."""
        self.deleted = True
        self.chat.touch(self)

    def as_json(self, *, shallow: bool = False) -> dict[str, Any]:
        """Return a Message; a shallow one names no message it replies to."""
        json: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
        }
        json |= self.service | self._text_json() | self._context_json()
        if self.reply_to and not shallow:
            json["reply_to_message"] = self.reply_to.as_json(shallow=True)
        return json

    def _text_json(self) -> dict[str, Any]:
        text, entities = ("caption", "caption_entities") if self.document else ("text", "entities")
        json: dict[str, Any] = {"document": self.document} if self.document else {}
        if self.text:
            json[text] = self.text
        if self.entities:
            json[entities] = list(self.entities)
        return json

    def _context_json(self) -> dict[str, Any]:
        optional = {
            "reply_markup": self.reply_markup if self.buttons else None,
            "quote": self.quote,
            "message_thread_id": self.thread_id,
            "is_topic_message": True if self.thread_id else None,
            "link_preview_options": self.link_preview,
            "via_bot": self.via_bot.as_json() if self.via_bot else None,
            "guest_query_id": self.guest_query_id,
            "guest_bot_caller_user": self.guest_caller.as_json() if self.guest_caller else None,
            "edit_date": self.edit_date,
        }
        return {key: value for key, value in optional.items() if value is not None}
