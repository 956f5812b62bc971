"""Files that admins have sent and that wait for a title or an author; the store remembers them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.keeping.adding import Received
    from bot.state.protocol import Json, Store

SPACE = "uploads"
_LIFETIME_S = 7 * 86_400.0
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that can be read, what is known of it, and what is still to be asked, in order.

    `file` is its name among the waiting ones, `called` what its sender called it, `heard` the
    number of the message that answered last: one that is handled anew must not answer twice.
    """

    key: str
    file: str
    called: str
    title: str | None
    author: str | None
    asks: tuple[str, ...]
    passages: int
    since: float = field(default_factory=time.time)
    heard: int = 0

    @classmethod
    def of(cls, received: Received, called: str) -> WaitingFile:
        """Return a file as it came: what it does not tell is to be asked."""
        known = {"title": received.title, "author": received.author}
        return cls(
            received.digest[:_KEY_LENGTH],
            received.file,
            called,
            received.title,
            received.author,
            tuple(name for name, value in known.items() if value is None),
            received.passages,
        )

    def answered(self, text: str | None, message: int = 0) -> WaitingFile:
        """Return the file with the first question answered, or with `None` skipped."""
        asked, *left = self.asks
        after = replace(self, asks=tuple(left), heard=message)
        if text is None:
            return after
        return replace(after, title=text) if asked == "title" else replace(after, author=text)


def asked_about(files: Iterable[WaitingFile]) -> WaitingFile | None:
    """Return the file that something is asked about, of files in their order."""
    return next((file for file in files if file.asks), None)


class WaitingFiles:
    """The waiting files of one admin, the oldest first."""

    def __init__(self, store: Store, admin: int) -> None:
        self._store = store
        self._admin = admin

    async def all(self) -> list[WaitingFile]:
        """Return them in the order in which they came."""
        entries = await self._store.entries(SPACE, f"{self._admin}:")
        files = [file for _key, value in entries if (file := _file(value))]
        return sorted(files, key=lambda file: file.since)

    async def keep(self, file: WaitingFile) -> None:
        """Remember a file, in place of what was known of it."""
        await self._store.put(
            SPACE,
            f"{self._admin}:{file.key}",
            asdict(file) | {"asks": list(file.asks)},
            owner=self._admin,
            lifetime_s=_LIFETIME_S,
        )

    async def drop(self, file: WaitingFile) -> None:
        """Forget a file."""
        await self._store.remove(SPACE, f"{self._admin}:{file.key}")


def _file(value: Json) -> WaitingFile | None:
    """Return a remembered file, `None` where the memory makes no sense."""
    try:
        if isinstance(value, dict):
            return WaitingFile(**{**value, "asks": tuple(value["asks"])})
    except (KeyError, TypeError):
        pass
    return None
