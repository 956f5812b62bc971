"""Writes text and entities back as HTML, the way a person's screen is best quoted in a test."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.playground import utf16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.tags import Entity

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def render_html(text: str, entities: Sequence[Entity]) -> str:
    """Return HTML that `parse_html` reads back; entities found by Telegram itself add no tag."""
    tagged = [entity for entity in entities if _start_tag(entity)]
    edges = {0, utf16.length(text)}
    for entity in tagged:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    written: list[str] = []
    opened: list[Entity] = []
    marks = sorted(edges)
    for here, after in zip(marks, [*marks[1:], marks[-1]], strict=True):
        _close_ended(written, opened, here)
        for entity in tagged:
            if entity["offset"] == here:
                opened.append(entity)
                written.append(_start_tag(entity))
        written.append(escape(utf16.cut(text, here, after - here), quote=False))
    return "".join(written)


def _close_ended(written: list[str], opened: list[Entity], here: int) -> None:
    """Close what ends here; what was opened later but goes on is closed and opened again."""
    ended = [entity for entity in opened if entity["offset"] + entity["length"] <= here]
    if not ended:
        return
    depth = opened.index(ended[0])
    going_on = [entity for entity in opened[depth:] if entity not in ended]
    written.extend(_end_tag(entity) for entity in reversed(opened[depth:]))
    written.extend(_start_tag(entity) for entity in going_on)
    opened[depth:] = going_on


def _start_tag(entity: Entity) -> str:
    match entity["type"]:
        case "text_link":
            return f'<a href="{escape(entity["url"])}">'
        case "text_mention":
            return f'<a href="tg://user?id={entity["user"]["id"]}">'
        case "custom_emoji":
            return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">'
        case "expandable_blockquote":
            return "<blockquote expandable>"
        case "pre" if "language" in entity:
            return f'<pre><code class="language-{escape(entity["language"])}">'
        case kind:
            return f"<{_TAGS[kind]}>" if kind in _TAGS else ""


def _end_tag(entity: Entity) -> str:
    match entity["type"]:
        case "text_link" | "text_mention":
            return "</a>"
        case "custom_emoji":
            return "</tg-emoji>"
        case "expandable_blockquote":
            return "</blockquote>"
        case "pre" if "language" in entity:
            return "</code></pre>"
        case kind:
            return f"</{_TAGS[kind]}>"
