"""What a client makes of what a person types, and refuses before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground import utf16
from bot.playground.formatting import MAX_CAPTION, MAX_TEXT, Formatted, format_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.accounts import Account
    from bot.playground.messages import Message
    from bot.playground.tags import Entity


def typed(text: str, entities: Sequence[Entity] = ()) -> Formatted:
    """Return a message's content.

    Raises:
        ValueError: there is nothing in it, or a client would send it in pieces.

    """
    if not 0 < utf16.length(text.strip()) <= MAX_TEXT:
        raise ValueError(f"a message has 1-{MAX_TEXT} UTF-16 units, not {utf16.length(text)}")
    return format_text(text, entities=entities)


def captioned(text: str) -> Formatted:
    """Return a file's caption.

    Raises:
        ValueError: it is too long.

    """
    if utf16.length(text) > MAX_CAPTION:
        raise ValueError(f"a caption has up to {MAX_CAPTION} UTF-16 units")
    return format_text(text)


def quoted(message: Message | None, quote: str) -> dict[str, Any]:
    """Return a TextQuote: a part of the message that is replied to.

    Raises:
        ValueError: it is no part of it.

    """
    at = message.text.find(quote) if message else -1
    if message is None or at < 0:
        raise ValueError("a quote must be a part of the message that is replied to")
    return {"text": quote, "position": utf16.length(message.text[:at]), "is_manual": True}


def mentions(content: Formatted, account: Account) -> bool:
    """Tell whether a text names an account with its @."""
    name = f"@{account.username}".lower()
    return any(
        utf16.cut(content.text, entity["offset"], entity["length"]).lower() == name
        for entity in content.entities
        if entity["type"] == "mention"
    )
