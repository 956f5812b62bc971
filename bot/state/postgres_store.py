"""The store in PostgreSQL, shared by several replicas of the bot; all by the server's clock.

Deleted rows can be seen by nobody; their bytes stay in the server's files until it reuses the
space, in its write-ahead log until that is recycled, and in backups. Where the connection breaks,
`count`, `hit` and `remove` are not done again: their error says so, nothing happens twice.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.state.protocol import Store
from bot.state.tidying import Tidying
from bot.state.values import checked_lifetime, end_of_prefix, packed

if TYPE_CHECKING:
    from bot.state.postgres import Database
    from bot.state.protocol import Json

_BATCH = 500
_LONGEST_S = 1e10
"""Three centuries: intervals have an end."""

_GET = """
SELECT value FROM bot_entries
WHERE space = %s AND key = %s AND (expires_at IS NULL OR expires_at > now())
"""
_PUT = """
INSERT INTO bot_entries (space, key, value, owner, expires_at, once)
VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s), NULL)
ON CONFLICT (space, key) DO UPDATE SET
    value = excluded.value, owner = excluded.owner, expires_at = excluded.expires_at, once = NULL
"""
_ADD = """
INSERT INTO bot_entries AS known (space, key, value, owner, expires_at, once)
VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s), %s)
ON CONFLICT (space, key) DO UPDATE SET
    value = excluded.value, owner = excluded.owner, expires_at = excluded.expires_at,
    once = excluded.once
WHERE known.expires_at <= now() OR known.once = excluded.once RETURNING 1
"""
_REMOVE = """
DELETE FROM bot_entries WHERE space = %s AND key = %s
RETURNING expires_at IS NULL OR expires_at > now()
"""
_ENTRIES = """
SELECT key, value FROM bot_entries
WHERE space = %s AND key >= %s AND (%s::bytea IS NULL OR key < %s::bytea)
AND (expires_at IS NULL OR expires_at > now()) ORDER BY key
"""
_COUNT = """
INSERT INTO bot_counters AS known (space, key, number) VALUES (%s, %s, %s)
ON CONFLICT (space, key) DO UPDATE SET number = known.number + excluded.number RETURNING number
"""
_COUNTS = """
SELECT key, number FROM bot_counters
WHERE space = %s AND key >= %s AND (%s::bytea IS NULL OR key < %s::bytea) ORDER BY key
"""
_HIT = """
INSERT INTO bot_hits AS known (key, hits, ends_at)
VALUES (%s, 1, now() + make_interval(secs => %s))
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN known.ends_at > now() THEN known.hits + 1 ELSE 1 END,
    ends_at = CASE WHEN known.ends_at > now() THEN known.ends_at ELSE excluded.ends_at END
RETURNING hits
"""
_FORGET = """
DELETE FROM bot_entries WHERE owner = %s RETURNING expires_at IS NULL OR expires_at > now()
"""
_TIDY = """
DELETE FROM bot_entries USING (
    SELECT space, key FROM bot_entries WHERE expires_at <= now() LIMIT %s FOR UPDATE SKIP LOCKED
) AS due
WHERE bot_entries.space = due.space AND bot_entries.key = due.key RETURNING 1
"""
_TIDY_HITS = """
DELETE FROM bot_hits USING (
    SELECT key FROM bot_hits WHERE ends_at <= now() LIMIT %s FOR UPDATE SKIP LOCKED
) AS due
WHERE bot_hits.key = due.key RETURNING 1
"""


class PostgresStore(Store):
    """Values, counters and windows, all on the server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tidying = Tidying(self.tidy)

    @override
    async def get(self, space: str, key: str) -> Json:
        rows = await self._database.rows(_GET, space, key.encode())
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
        row = (space, key.encode(), packed(value), owner, _seconds(lifetime_s))
        await self._database.rows(_PUT, *row)

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
        row = (space, key.encode(), packed(value), owner, _seconds(lifetime_s))
        # Run again after a broken connection, the statement knows its own work by this.
        return bool(await self._database.rows(_ADD, *row, uuid.uuid4()))

    @override
    async def remove(self, space: str, key: str) -> bool:
        rows = await self._database.rows(_REMOVE, space, key.encode(), repeatable=False)
        return any(alive for (alive,) in rows)

    @override
    async def entries(self, space: str, prefix: str = "") -> list[tuple[str, Json]]:
        rows = await self._database.rows(_ENTRIES, space, *_range(prefix))
        return [(key.decode(), json.loads(value)) for key, value in rows]

    @override
    async def count(self, space: str, key: str, by: int = 1) -> int:
        rows = await self._database.rows(_COUNT, space, key.encode(), by, repeatable=False)
        return int(rows[0][0])

    @override
    async def counts(self, space: str, prefix: str = "") -> dict[str, int]:
        rows = await self._database.rows(_COUNTS, space, *_range(prefix))
        return {key.decode(): number for key, number in rows}

    @override
    async def hit(self, key: str, window_s: float) -> int:
        row = (key.encode(), _seconds(window_s))
        return int((await self._database.rows(_HIT, *row, repeatable=False))[0][0])

    @override
    async def forget(self, owner: int) -> int:
        return sum(alive for (alive,) in await self._database.rows(_FORGET, owner))

    async def tidy(self) -> None:
        """Delete what has expired, in small steps that hold nobody up."""
        for statement in (_TIDY, _TIDY_HITS):
            while len(await self._database.rows(statement, _BATCH)) == _BATCH:
                pass

    @override
    async def close(self) -> None:
        await self._tidying.stop()
        await self._database.close()


def _seconds(lifetime_s: float | None) -> float | None:
    return None if lifetime_s is None else min(checked_lifetime(lifetime_s), _LONGEST_S)


def _range(prefix: str) -> tuple[bytes, bytes | None, bytes | None]:
    """Return the first key and, twice, the first key after all that begin with `prefix`."""
    end = end_of_prefix(prefix)
    after = None if end is None else end.encode()
    return prefix.encode(), after, after
