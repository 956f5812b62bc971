"""What happens if a request is made twice: the reason to repeat it, or not to."""

from __future__ import annotations

from enum import Enum


class Effect(Enum):
    """What a method does to what people see."""

    WATCHING = "watching"
    """Asked again and again anyhow, in a rhythm of its own."""
    FLEETING = "fleeting"
    """Gone in a moment: nobody misses one that failed."""
    REPEATABLE = "repeatable"
    """Twice is as good as once: a change, or an answer that Telegram takes only once."""
    ONCE = "once"
    """Twice would be seen: a message."""


_WATCHING = frozenset({"getUpdates", "getWebhookInfo"})
_FLEETING = frozenset({"sendChatAction", "sendMessageDraft", "sendRichMessageDraft"})
_REPEATABLE = ("get", "set", "edit", "delete", "answer", "pin", "unpin", "leave")


def effect_of(method: str) -> Effect:
    """Return the effect of a method of the Bot API; of an unknown one, the most careful."""
    if method in _WATCHING:
        return Effect.WATCHING
    if method in _FLEETING:
        return Effect.FLEETING
    return Effect.REPEATABLE if method.startswith(_REPEATABLE) else Effect.ONCE
