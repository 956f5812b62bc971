"""Turns what a bot sends as text into what people see: text and settled entities.

The one place where parse modes, explicit entities, trimming and the limits "after entities
parsing" come together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.playground import utf16
from bot.playground.detection import detect
from bot.playground.entities import parse_html, place
from bot.playground.errors import bad_request
from bot.playground.tags import checked_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.playground.tags import Entity

MAX_TEXT = 4096
MAX_CAPTION = 1024

_EMPHASIS = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_CODE = frozenset({"code", "pre"})
_QUOTE = frozenset({"blockquote", "expandable_blockquote"})


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text with entities in UTF-16 offsets, ordered by offset, the longer first."""

    text: str
    entities: tuple[Entity, ...] = ()


def format_text(
    text: str,
    parse_mode: str | None = None,
    entities: Sequence[Entity] | None = None,
    *,
    detected: bool = True,
) -> Formatted:
    """Return text and entities after parsing, trimming and settling.

    `detected=False` leaves out what Telegram would mark up by itself.

    Raises:
        ApiError: 400 where Telegram cannot parse the entities.

    """
    text = _cleaned(text)
    if parse_mode:
        if entities:
            # Telegram would ignore the entities in silence; in a bot that is always a mistake.
            raise bad_request("entities and parse_mode exclude each other")
        text, found = _parse(text, parse_mode)
    else:
        found = [kept for entity in entities or () if (kept := _checked(entity))]
        _check_places(text, found)
    text, found = _trimmed(text, found)
    settled = _settled(text, found)
    if detected:
        settled += [new for new in detect(text) if not _taken(new, settled)]
    return Formatted(text, tuple(sorted(settled, key=place)))


def message_text(params: dict[str, Any], key: str = "text") -> Formatted:
    """Return the formatted text of a message, 1-4096 UTF-16 units."""
    text = format_text(params.get(key, ""), params.get("parse_mode"), params.get("entities"))
    if not text.text:
        raise bad_request("message text is empty")
    if utf16.length(text.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text


def caption(params: dict[str, Any]) -> Formatted:
    """Return the formatted caption of a file, at most 1024 UTF-16 units."""
    formatted = format_text(
        params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities")
    )
    if utf16.length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _cleaned(text: str) -> str:
    """Telegram shows control characters as spaces and knows one kind of line end."""
    text = text.replace("\r", "")
    return "".join(
        " " if character < " " and character != "\n" else character for character in text
    )


def _parse(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    match parse_mode.lower():
        case "html":
            return parse_html(text)
        case "markdown" | "markdownv2":
            raise bad_request(f"parse_mode {parse_mode} is not supported here")
        case _:
            raise bad_request("unsupported parse_mode")


def _checked(entity: Entity) -> Entity | None:
    """Return an entity as Telegram keeps it: a link to no proper address is dropped silently."""
    if entity["type"] != "text_link":
        return dict(entity)
    url = checked_url(entity["url"])
    return entity | {"url": url} if url else None


def _check_places(text: str, entities: Iterable[Entity]) -> None:
    end, boundaries = utf16.length(text), utf16.boundaries(text)
    for entity in entities:
        first, past = entity["offset"], entity["offset"] + entity["length"]
        if first < 0 or entity["length"] <= 0:
            raise bad_request("entity has an incorrect offset or length")
        begins = f"entity beginning at UTF-16 offset {first}"
        if past > end:
            raise bad_request(f"{begins} ends after the end of the text at UTF-16 offset {end}")
        if first not in boundaries:
            raise bad_request(f"{begins} begins in a middle of a UTF-16 symbol")
        if past not in boundaries:
            raise bad_request(f"{begins} ends in a middle of a UTF-16 symbol")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    kept = text.strip()
    removed = utf16.length(text[: len(text) - len(text.lstrip())])
    end = utf16.length(kept)
    moved = []
    for entity in entities:
        first = min(max(entity["offset"] - removed, 0), end)
        past = min(max(entity["offset"] + entity["length"] - removed, 0), end)
        moved.append(entity | {"offset": first, "length": past - first})
    return kept, moved


def _settled(text: str, entities: list[Entity]) -> list[Entity]:
    """Apply Telegram's rules of nesting and drop what marks up nothing."""
    code = _of(_CODE, entities)
    emphases = _of(_EMPHASIS, entities)
    settled = [piece for entity in _merged(emphases) for piece in _without(entity, code)]
    for entity in sorted(entities, key=place):
        if entity["type"] in _QUOTE:
            settled += [] if _within(entity, settled, _QUOTE) else [entity]
        elif entity["type"] not in _EMPHASIS and not _within(entity, settled, _CODE):
            settled.append(entity)
    return [
        entity for entity in settled if utf16.cut(text, entity["offset"], entity["length"]).strip()
    ]


def _of(kinds: frozenset[str], entities: Iterable[Entity]) -> list[Entity]:
    return [entity for entity in entities if entity["type"] in kinds]


def _merged(emphases: list[Entity]) -> list[Entity]:
    """Join emphases of one kind that overlap or touch."""
    merged: list[Entity] = []
    for entity in sorted(emphases, key=lambda one: (one["type"], one["offset"])):
        last = merged[-1] if merged else None
        end = last["offset"] + last["length"] if last else 0
        if last and last["type"] == entity["type"] and entity["offset"] <= end:
            past = max(end, entity["offset"] + entity["length"])
            merged[-1] = last | {"length": past - last["offset"]}
        else:
            merged.append(entity)
    return merged


def _without(entity: Entity, holes: list[Entity]) -> list[Entity]:
    """Cut the holes out of an entity: nothing is bold inside code."""
    first, past = entity["offset"], entity["offset"] + entity["length"]
    edges = [first]
    for hole in sorted(holes, key=place):
        start, end = hole["offset"], hole["offset"] + hole["length"]
        if start < past and end > first:
            edges += [max(start, first), min(end, past)]
    edges.append(past)
    pieces = list(pairwise(edges))[::2]
    return [
        entity | {"offset": start, "length": end - start} for start, end in pieces if start < end
    ]


def _within(entity: Entity, others: Iterable[Entity], kinds: frozenset[str]) -> bool:
    return any(other["type"] in kinds and _overlap(entity, other) for other in others)


def _taken(new: Entity, settled: Iterable[Entity]) -> bool:
    """Nothing is detected inside code, links and the like; emphasis does not matter."""
    transparent = _EMPHASIS | _QUOTE
    return any(_overlap(new, other) for other in settled if other["type"] not in transparent)


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
