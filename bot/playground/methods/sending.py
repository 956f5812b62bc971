"""What all sending has in common: the chat, its topic, the reply and its quote, the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground import utf16
from bot.playground.errors import bad_request
from bot.playground.formatting import Formatted, format_text

if TYPE_CHECKING:
    from bot.playground.chats import Chat
    from bot.playground.messages import Message
    from bot.playground.world import Call, World

MAX_QUOTE = 1024


def post(world: World, call: Call, content: Formatted, **more: Any) -> Message:
    """Add the bot's message to the chat the call names, and return it.

    Raises:
        ApiError: 400 or 403 where chat, topic, reply or quote are wrong, 429 in a flood.

    """
    params = call.params
    chat = world.open_chat(params["chat_id"])
    thread_id = thread_of(chat, params)
    reply_to, quote = _reply(chat, params)
    if thread_id is None and reply_to:
        # A reply goes to the topic of what it replies to.
        thread_id = reply_to.thread_id
    world.floods.count(chat.id, group=not chat.is_private)
    chat.draft = None
    return chat.add(
        world.bot,
        content,
        thread_id=thread_id,
        reply_to=reply_to,
        quote=quote,
        reply_markup=params.get("reply_markup"),
        link_preview=params.get("link_preview_options"),
        **more,
    )


def thread_of(chat: Chat, params: dict[str, Any]) -> int | None:
    """Return the topic that is written to; None for the general one.

    Raises:
        ApiError: 400 where the chat has no such topic.

    """
    thread_id = params.get("message_thread_id")
    if thread_id is not None and thread_id not in (chat.topics or {}):
        raise bad_request("message thread not found")
    return thread_id if isinstance(thread_id, int) else None


def _reply(chat: Chat, params: dict[str, Any]) -> tuple[Message | None, dict[str, Any] | None]:
    reply = params.get("reply_parameters")
    if not reply:
        return None, None
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad_request("replies to other chats are not supported here")
    if "message_id" not in reply:
        raise bad_request("message identifier is not specified")
    message = chat.find(reply["message_id"])
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    return message, _quote(message, reply)


def _quote(message: Message, reply: dict[str, Any]) -> dict[str, Any] | None:
    """Find the quote in the message: an exact part of it, formatting included."""
    if not reply.get("quote"):
        return None
    quote = format_text(
        reply["quote"], reply.get("quote_parse_mode"), reply.get("quote_entities"), detected=False
    )
    if not 0 < utf16.length(quote.text) <= MAX_QUOTE:
        raise bad_request("QUOTE_TEXT_INVALID")
    at = _nearest(message.text, quote.text, reply.get("quote_position", 0))
    if at is None:
        raise bad_request("QUOTE_TEXT_INVALID")
    found = {"text": quote.text, "position": utf16.length(message.text[:at]), "is_manual": True}
    return found | ({"entities": list(quote.entities)} if quote.entities else {})


def _nearest(text: str, part: str, position: int) -> int | None:
    """Return where `part` begins in `text`, the place nearest to a UTF-16 position."""
    places = [at for at in range(len(text)) if text.startswith(part, at)]
    return min(places, key=lambda at: abs(utf16.length(text[:at]) - position), default=None)
