"""The inbox in an SQLite file, in the order of each line.

Whatever `receive`, `mark` and `finish` returned from is on the disk, synchronised: it outlives a
killed process and a power loss. Writes that come together share one synchronisation. Leases go by
the wall clock, because other processes share the file; a clock that jumps ahead ends them early.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.state.bell import Bell
from bot.state.gathering import Gathering
from bot.state.handed import Handed
from bot.state.protocol import Claim, Inbox, Stage
from bot.state.sqlite import Database
from bot.state.tidying import Tidying

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.state.protocol import Arrival

REMEMBERED_S = 86_400.0
_BATCH = 500
_POLL_S = 0.5

_RECEIVE = """
INSERT INTO updates (update_id, received_at, line, payload)
SELECT json_extract(value, '$[0]'), ?2, json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?1) WHERE true
ON CONFLICT DO NOTHING RETURNING update_id
"""
# what nobody holds any more waits behind what came earlier but was delivered later
_GIVE_WAY = """
UPDATE updates SET held_until = NULL, consumer = NULL
WHERE held_until <= ?1 AND EXISTS (
    SELECT 1 FROM updates AS earlier
    WHERE earlier.line = updates.line AND earlier.update_id < updates.update_id
)
"""
_CLAIM = """
UPDATE updates SET consumer = ?1, held_until = ?3, attempts = attempts + 1
WHERE update_id IN (
    SELECT update_id FROM updates INDEXED BY heads_by_age
    WHERE held_until IS NOT NULL AND held_until <= ?2 ORDER BY update_id LIMIT ?4
) RETURNING update_id, line, payload, stage, attempts
"""
_RENEW = """
UPDATE updates SET held_until = ?3
WHERE update_id IN (SELECT value FROM json_each(?1)) AND consumer = ?2 AND held_until IS NOT NULL
"""
_MARK = """
UPDATE updates SET stage = news.stage
FROM (SELECT CAST(key AS INTEGER) AS id, value AS stage FROM json_each(?1)) AS news
WHERE update_id = news.id AND line IS NOT NULL
"""
_FINISH = """
UPDATE updates SET
    finished_at = ?2, line = NULL, payload = NULL, consumer = NULL, held_until = NULL
WHERE update_id IN (SELECT value FROM json_each(?1)) AND line IS NOT NULL
"""
_RELEASE = """
UPDATE updates SET held_until = 0, consumer = NULL
WHERE held_until > ?2 AND consumer = ?1 RETURNING 1
"""
_WAITING = "SELECT count(*) FROM updates WHERE line IS NOT NULL"
_CLAIMABLE = "SELECT EXISTS (SELECT 1 FROM updates WHERE held_until <= ?1)"
_TIDY = """
DELETE FROM updates WHERE update_id IN (
    SELECT update_id FROM updates WHERE finished_at <= ?1 LIMIT ?2
) RETURNING 1
"""


class SqliteInbox(Inbox):
    """Updates between their arrival and their answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bell = Bell()
        self._handed = Handed()
        self._receiving = Gathering(self._received)
        self._marking = Gathering(self._marked)
        self._finishing = Gathering(self._finished)
        self._tidying = Tidying(self.tidy)

    @classmethod
    async def open(cls, path: Path) -> SqliteInbox:
        """Return the inbox in a file, which is made where there is none.

        Raises:
            StateError: The file cannot be used.
        """
        return cls(await Database.open(path, durable=True))

    @override
    async def receive(self, arrivals: Sequence[Arrival]) -> int:
        return sum(await self._receiving.bring(arrivals))

    @override
    async def claim(self, consumer: str, limit: int, lease_s: float) -> list[Claim]:
        if limit < 1:
            return []
        now = time.time()
        await self._database.rows(_GIVE_WAY, now)
        rows = await self._database.rows(_CLAIM, consumer, now, now + lease_s, limit)
        claims = [
            Claim(update_id, line, json.loads(payload), Stage(stage), attempts)
            for update_id, line, payload, stage, attempts in sorted(rows)
        ]
        self._handed.add(consumer, claims)
        return claims

    @override
    async def renew(self, consumer: str, lease_s: float) -> None:
        ids = json.dumps(self._handed.to(consumer))
        await self._database.rows(_RENEW, ids, consumer, time.time() + lease_s)

    @override
    async def mark(self, update_id: int, stage: Stage) -> None:
        await self._marking.bring([(update_id, stage)])

    @override
    async def finish(self, update_id: int) -> None:
        await self._finishing.bring([update_id])

    @override
    async def release(self, consumer: str) -> int:
        self._handed.drop(consumer)
        rows = await self._database.rows(_RELEASE, consumer, time.time())
        self._bell.ring()
        return len(rows)

    @override
    async def waiting(self) -> int:
        return int((await self._database.rows(_WAITING))[0][0])

    @override
    async def changed(self, timeout_s: float) -> None:
        end = asyncio.get_running_loop().time() + timeout_s
        while True:
            heard = self._bell.listen()
            if (await self._database.rows(_CLAIMABLE, time.time()))[0][0]:
                return
            left_s = end - asyncio.get_running_loop().time()
            if left_s <= 0:
                return
            await heard(min(left_s, _POLL_S))

    async def tidy(self) -> None:
        """Delete the numbers of what was finished a day ago, in small steps."""
        while await self._database.rows(_TIDY, time.time() - REMEMBERED_S, _BATCH):
            pass
        await self._database.scrub()

    @override
    async def close(self) -> None:
        for gathering in (self._receiving, self._marking, self._finishing):
            await gathering.drain()
        await self._tidying.stop()
        await self._database.close()

    async def _received(self, arrivals: list[Arrival]) -> list[bool]:
        given = [[one.update_id, one.line, json.dumps(one.payload)] for one in arrivals]
        rows = await self._database.rows(_RECEIVE, json.dumps(given), time.time())
        self._bell.ring()
        new = Counter(update_id for (update_id,) in rows)
        # Of two deliveries in one batch, one is the new one.
        return [new.pop(one.update_id, 0) > 0 for one in arrivals]

    async def _marked(self, stages: list[tuple[int, Stage]]) -> list[None]:
        await self._database.rows(_MARK, json.dumps(dict(stages)))
        return [None] * len(stages)

    async def _finished(self, update_ids: list[int]) -> list[None]:
        await self._database.rows(_FINISH, json.dumps(update_ids), time.time())
        self._handed.discard(update_ids)
        self._bell.ring()
        return [None] * len(update_ids)
