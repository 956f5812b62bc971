"""Reads Telegram's HTML into text and entities, refusing what Telegram refuses.

Follows the published parser of Telegram's own library (td, `MessageEntity.cpp`): its tags, its
leniency towards bare `&` and `>`, its error texts with byte offsets in the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Never

from bot.playground import utf16
from bot.playground.errors import bad_request
from bot.playground.tags import TAGS, Entity, entity_of

# Which of two entities in the same place encloses the other: the one of lower rank.
RANKS = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
MIDDLE_RANK = 50

_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,9})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_LAST_CHARACTER = 0x10FFFF


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    start: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text of `source` and its entities, ordered by offset, the longer first.

    Raises:
        ApiError: 400 "can't parse entities: …" as Telegram words it.

    """
    return _Parser(source).parse()


def place(entity: Entity) -> tuple[int, int, int]:
    """Return what entities are ordered by: where they begin, the outermost first."""
    return entity["offset"], -entity["length"], RANKS.get(entity["type"], MIDDLE_RANK)


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source[self._at] != "<":
                self._emit(self._character())
            elif self._source.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return "".join(self._text), sorted(self._entities, key=place)

    def _character(self) -> str:
        """Take one character, written out or as a reference; unknown references stay text."""
        match = _CHARACTER.match(self._source, self._at)
        code = _code_point(match) if match else None
        if match and code:
            self._at = match.end()
            return chr(code)
        self._at += 1
        return self._source[self._at - 1]

    def _emit(self, character: str) -> None:
        self._text.append(character)
        self._offset += utf16.units(character)

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._take(_TAG_NAME).lower()
        if self._ended():
            self._refuse("Unclosed start tag", begin)
        if name not in TAGS:
            self._refuse(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_OpenTag(name, attributes, self._offset, len(self._text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found = {}
        self._take(_SPACE)
        while self._peek() != ">":
            if self._ended():
                self._refuse("Unclosed start tag", begin)
            name = self._take(_ATTRIBUTE_NAME)
            if not name:
                self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
            self._take(_SPACE)
            found[name] = self._attribute_value(tag, name, begin)
            self._take(_SPACE)
        self._at += 1
        return found

    def _attribute_value(self, tag: str, name: str, begin: int) -> str:
        if self._peek() != "=":
            # The one attribute that Telegram takes without a value.
            if (tag, name) == ("blockquote", "expandable"):
                return ""
            self._refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
            )
        self._at += 1
        self._take(_SPACE)
        if self._ended():
            self._refuse(f'Unclosed start tag "{tag}"', begin)
        quote = self._peek()
        return self._quoted(quote, begin) if quote in {'"', "'"} else self._token()

    def _quoted(self, quote: str, begin: int) -> str:
        self._at += 1
        value = ""
        while self._peek() != quote:
            if self._ended():
                self._refuse("Unclosed start tag", begin)
            value += self._character()
        self._at += 1
        return value

    def _token(self) -> str:
        begin = self._at
        token = self._take(_TOKEN).lower()
        if self._peek() not in {">", " ", "\n", "\t"}:
            self._refuse("Unexpected end of name token", begin)
        return token

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            self._refuse("Unexpected end tag", begin)
        self._at += 2
        name = self._take(_TAG_NAME).lower()
        self._take(_SPACE)
        if self._peek() != ">":
            self._refuse("Unclosed end tag", begin)
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            expected = f'expected "</{tag.name}>", found "</{name}>"'
            self._refuse("Unmatched end tag", begin, f", {expected}")
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        size = self._offset - tag.offset
        entity = entity_of(tag.name, tag.attributes, "".join(self._text[tag.start :]))
        if entity is None:
            return
        entity |= {"offset": tag.offset, "length": size}
        inner = self._entities[-1] if self._entities else {}
        same_place = (inner.get("offset"), inner.get("length")) == (tag.offset, size)
        # <pre><code class="language-x"> is one block of code in a language.
        if same_place and {tag.name, inner["type"]} == {"pre", "code"}:
            language = inner.pop("language", None) or entity.get("language")
            inner["type"] = "pre"
            if language:
                inner["language"] = language
        else:
            self._entities.append(entity)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        taken = match.group() if match else ""
        self._at += len(taken)
        return taken

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _ended(self) -> bool:
        return self._at >= len(self._source)

    def _refuse(self, reason: str, at: int | None = None, more: str = "") -> Never:
        where = ""
        if at is not None:
            where = f" at byte offset {len(self._source[:at].encode())}"
        raise bad_request(f"can't parse entities: {reason}{where}{more}")


def _code_point(match: re.Match[str]) -> int | None:
    hexadecimal, decimal, named = match.groups()
    if named:
        return ord(_NAMED[named])
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return code if 0 < code < _LAST_CHARACTER else None
