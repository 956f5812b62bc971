"""What each HTML tag means in Telegram, and which links it keeps.

Source: https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

Entity = dict[str, Any]

# Entity type by tag; the tags missing here are built by `entity_of` from their attributes.
SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "pre": "pre",
}
TAGS = SIMPLE.keys() | {"a", "code", "blockquote", "tg-emoji", "tg-time"}


def entity_of(tag: str, attributes: dict[str, str], inner: str) -> Entity | None:
    """Return the entity of a tag, still without its place, or None where there is none."""
    match tag:
        case "a":
            url = checked_url(attributes.get("href") or inner)
            return {"type": "text_link", "url": url} if url else None
        case "code":
            kind, _, language = attributes.get("class", "").partition("-")
            return {"type": "code"} | ({"language": language} if kind == "language" else {})
        case "blockquote":
            expandable = "expandable" in attributes
            return {"type": "expandable_blockquote" if expandable else "blockquote"}
        case "tg-emoji":
            return _custom_emoji(attributes)
        case "tg-time":
            return _date_time(attributes)
    return {"type": SIMPLE[tag]}


def _custom_emoji(attributes: dict[str, str]) -> Entity | None:
    emoji = attributes.get("emoji-id")
    return {"type": "custom_emoji", "custom_emoji_id": emoji} if emoji else None


def _date_time(attributes: dict[str, str]) -> Entity | None:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        return None
    entity: Entity = {"type": "date_time", "unix_time": int(unix)}
    if attributes.get("format"):
        entity["date_time_format"] = attributes["format"]
    return entity


def checked_url(url: str) -> str | None:
    """Return a link as Telegram keeps it, or None where it drops the link silently."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "ton", "tg"} or not parts.netloc:
        return None
    if parts.scheme in {"http", "https"} and "." not in parts.netloc:
        return None
    path = parts.path or ("/" if parts.scheme != "tg" else "")
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=path))
