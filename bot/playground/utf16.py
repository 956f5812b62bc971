"""Offsets as Telegram counts them: in UTF-16 code units, where most emoji take two.

Source: https://core.telegram.org/api/entities#entity-length
"""

from __future__ import annotations

FIRST_ASTRAL = 0x10000


def units(character: str) -> int:
    """Return how many code units one character takes: 1 or 2."""
    return 1 + (ord(character) >= FIRST_ASTRAL)


def length(text: str) -> int:
    """Return the length of `text` in code units."""
    return sum(map(units, text))


def cut(text: str, offset: int, size: int) -> str:
    """Return `size` code units of `text` from `offset`; half a surrogate pair is replaced."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + size)].decode("utf-16-le", "replace")


def boundaries(text: str) -> frozenset[int]:
    """Return the offsets at which a character of `text` begins or the text ends."""
    offset, found = 0, {0}
    for character in text:
        offset += units(character)
        found.add(offset)
    return frozenset(found)
