"""Finds what Telegram marks up by itself: commands, mentions, hashtags, links, addresses.

A simplification of Telegram's own search, exact for what bots read: commands and mentions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground import utf16

if TYPE_CHECKING:
    from bot.playground.tags import Entity

# Ordered: where two kinds overlap, the earlier one wins.
_PATTERNS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)),
    ("url", re.compile(r"(?<![\w@])(?:https?|tg|ton)://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")),
    (
        "url",
        re.compile(
            r"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|de|eu|info|app|dev)\b"
            r"(?:/[^\s<>\"']*[^\s<>\"'.,;:!?)\]])?",
            re.IGNORECASE,
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z0-9]{1,8}\b(?<!\$\d)")),
)


def detect(text: str) -> list[Entity]:
    """Return the entities Telegram finds in plain text, ordered by offset."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= other or start >= past for other, past, _ in found):
                found.append((start, end, kind))
    return [
        {
            "type": kind,
            "offset": utf16.length(text[:start]),
            "length": utf16.length(text[start:end]),
        }
        for start, end, kind in sorted(found)
    ]
