"""How much a server remembers: everything in a test, a bounded amount where it runs for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import MutableMapping, MutableSequence


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept at most; None keeps all."""

    messages: int | None = None
    """In each chat."""
    calls: int | None = None
    """Requests in the log, and as many previews, actions and inline messages."""
    file_bytes: int | None = None

    @classmethod
    def long(cls) -> Self:
        """Return what a server keeps that runs for days."""
        return cls(messages=400, calls=2_000, file_bytes=200_000_000)


def trim(kept: MutableSequence[Any] | MutableMapping[Any, Any], most: int | None) -> None:
    """Forget the oldest of a list or a mapping until at most `most` are left."""
    excess = len(kept) - most if most is not None else 0
    if excess <= 0:
        return
    for old in [0] * excess if hasattr(kept, "append") else list(kept)[:excess]:
        del kept[old]
