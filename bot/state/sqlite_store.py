"""The store in an SQLite file: the embedded default, where one machine runs the bot.

What is deleted is overwritten with zeros. A killed process loses nothing; a power loss may take
the last moments of what was stored with it, never the whole.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.state.protocol import Store
from bot.state.sqlite import Database
from bot.state.tidying import Tidying
from bot.state.values import checked_lifetime, end_of_prefix, packed
from bot.state.windows import Windows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.state.protocol import Json

_BATCH = 500

_GET = """
SELECT value FROM entries
WHERE space = ?1 AND key = ?2 AND (expires_at IS NULL OR expires_at > ?3)
"""
_PUT = """
INSERT INTO entries (space, key, value, owner, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET
    value = excluded.value, owner = excluded.owner, expires_at = excluded.expires_at
"""
_ADD = """
INSERT INTO entries (space, key, value, owner, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET
    value = excluded.value, owner = excluded.owner, expires_at = excluded.expires_at
WHERE entries.expires_at <= ?6 RETURNING 1
"""
# What is alive is seen in Python: in SQLite 3.40, RETURNING takes `IS NULL` for false.
_REMOVE = "DELETE FROM entries WHERE space = ?1 AND key = ?2 RETURNING expires_at"
_ENTRIES = """
SELECT key, value FROM entries
WHERE space = ?1 AND key >= ?2 AND (?3 IS NULL OR key < ?3)
AND (expires_at IS NULL OR expires_at > ?4) ORDER BY key
"""
_COUNT = """
INSERT INTO counters (space, key, number) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET number = number + excluded.number RETURNING number
"""
_COUNTS = """
SELECT key, number FROM counters
WHERE space = ?1 AND key >= ?2 AND (?3 IS NULL OR key < ?3) ORDER BY key
"""
_FORGET = "DELETE FROM entries WHERE owner = ?1 RETURNING expires_at"
_TIDY = """
DELETE FROM entries WHERE (space, key) IN (
    SELECT space, key FROM entries WHERE expires_at <= ?1 LIMIT ?2
) RETURNING 1
"""


class SqliteStore(Store):
    """Values, counters and windows; windows live in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._windows = Windows()
        self._tidying = Tidying(self.tidy)

    @classmethod
    async def open(cls, path: Path) -> SqliteStore:
        """Return the store in a file, which is made where there is none.

        Raises:
            StateError: The file cannot be used.
        """
        return cls(await Database.open(path, durable=False))

    @override
    async def get(self, space: str, key: str) -> Json:
        rows = await self._database.rows(_GET, space, key, time.time())
        value: Json = json.loads(rows[0][0]) if rows else None
        return value

    @override
    async def put(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> None:
        end = _end(lifetime_s)
        await self._database.rows(_PUT, space, key, packed(value), owner, end)

    @override
    async def add(
        self,
        space: str,
        key: str,
        value: Json,
        *,
        owner: int | None = None,
        lifetime_s: float | None = None,
    ) -> bool:
        end = _end(lifetime_s)
        row = (space, key, packed(value), owner, end)
        return bool(await self._database.rows(_ADD, *row, time.time()))

    @override
    async def remove(self, space: str, key: str) -> bool:
        rows = await self._database.rows(_REMOVE, space, key)
        return _alive(rows) > 0

    @override
    async def entries(self, space: str, prefix: str = "") -> list[tuple[str, Json]]:
        end = end_of_prefix(prefix)
        rows = await self._database.rows(_ENTRIES, space, prefix, end, time.time())
        return [(key, json.loads(value)) for key, value in rows]

    @override
    async def count(self, space: str, key: str, by: int = 1) -> int:
        rows = await self._database.rows(_COUNT, space, key, by)
        return int(rows[0][0])

    @override
    async def counts(self, space: str, prefix: str = "") -> dict[str, int]:
        rows = await self._database.rows(_COUNTS, space, prefix, end_of_prefix(prefix))
        return dict(rows)

    @override
    async def hit(self, key: str, window_s: float) -> int:
        return self._windows.hit(key, window_s)

    @override
    async def forget(self, owner: int) -> int:
        rows = await self._database.rows(_FORGET, owner)
        await self._database.scrub()
        return _alive(rows)

    async def tidy(self) -> None:
        """Delete what has expired, in small steps that hold nobody up."""
        while await self._database.rows(_TIDY, time.time(), _BATCH):
            pass
        await self._database.scrub()

    @override
    async def close(self) -> None:
        await self._tidying.stop()
        await self._database.close()


def _end(lifetime_s: float | None) -> float | None:
    return None if lifetime_s is None else time.time() + checked_lifetime(lifetime_s)


def _alive(rows: list[tuple[float | None]]) -> int:
    """Return how many of the rows, each the end of an entry, have not expired."""
    now = time.time()
    return sum(end is None or end > now for (end,) in rows)
