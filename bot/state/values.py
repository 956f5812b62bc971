"""What every store does with values and keys, whatever keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.state.protocol import Json

_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def packed(value: Json) -> str:
    """Return a value as JSON in ASCII, so that even half a surrogate pair comes back as it was.

    Raises:
        ValueError: A number is infinite or none.
        TypeError: It is no JSON.
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def checked_lifetime(lifetime_s: float) -> float:
    """Return a lifetime that is one.

    Raises:
        ValueError: It is not above 0.
    """
    if not lifetime_s > 0:
        raise ValueError(f"a lifetime must be above 0 seconds, not {lifetime_s}")
    return lifetime_s


def end_of_prefix(prefix: str) -> str | None:
    """Return the first text after all that begin with `prefix`; `None` where none comes after.

    Texts are ordered by code points, as UTF-8 bytes are.
    """
    head = prefix.rstrip(chr(_LAST))
    if not head:
        return None
    following = ord(head[-1]) + 1
    if following in _SURROGATES:
        following = _SURROGATES.stop
    return head[:-1] + chr(following)
