"""The inbox in PostgreSQL, shared by several replicas of the bot, in the order of each line.

Leases go by the server's clock. Steps that a broken connection makes run twice change nothing the
second time; a claim that never came back ends with its lease.

Each step locks the rows of the lines that it touches, in their order, before it looks at their
updates: as each statement sees what was committed before it, the next one sees all.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from bot.state.bell import Bell
from bot.state.gathering import Gathering
from bot.state.handed import Handed
from bot.state.postgres import fetched
from bot.state.postgres_ringing import Ringing
from bot.state.protocol import Claim, Inbox, Stage
from bot.state.tidying import Tidying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.state.postgres import Connection, Database
    from bot.state.protocol import Arrival

REMEMBERED_S = 86_400.0
_BATCH = 500
_POLL_S = 0.5

_RECEIVE = """
WITH given AS (
    SELECT DISTINCT ON (update_id) update_id, line, payload
    FROM unnest(%s::bigint[], %s::bytea[], %s::text[]) AS given (update_id, line, payload)
    ORDER BY update_id
), new AS (
    INSERT INTO bot_updates (update_id, line, payload) SELECT update_id, line, payload FROM given
    ON CONFLICT DO NOTHING RETURNING update_id, line
), heads AS (
    INSERT INTO bot_lines AS known (line, head)
    SELECT line, min(update_id) FROM new GROUP BY line ORDER BY line
    ON CONFLICT (line) DO UPDATE
    SET head = excluded.head, consumer = NULL, held_until = 'epoch'
    WHERE known.held_until <= now() AND excluded.head < known.head
    RETURNING line
)
SELECT array(SELECT update_id FROM new), (SELECT count(pg_notify('bot_inbox', '')) FROM heads)
"""
# what nobody holds any more waits behind what came earlier but was delivered later
_BEHIND = """
SELECT line FROM bot_lines WHERE held_until <= now() AND EXISTS (
    SELECT FROM bot_updates AS earlier
    WHERE earlier.line = bot_lines.line AND earlier.update_id < bot_lines.head
) ORDER BY line FOR UPDATE SKIP LOCKED
"""
_GIVE_WAY = """
UPDATE bot_lines SET consumer = NULL, held_until = 'epoch', head = (
    SELECT min(update_id) FROM bot_updates WHERE bot_updates.line = bot_lines.line
) WHERE line = ANY (%s::bytea[])
"""
_HOLD = """
WITH free AS (
    SELECT line FROM bot_lines WHERE held_until <= now()
    ORDER BY head LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE bot_lines SET consumer = %s, held_until = now() + make_interval(secs => %s)
FROM free WHERE bot_lines.line = free.line RETURNING head
"""
_BEGIN = """
UPDATE bot_updates SET attempts = attempts + 1 WHERE update_id = ANY (%s::bigint[])
RETURNING update_id, line, payload, stage, attempts
"""
_RENEW = """
WITH theirs AS (
    SELECT line FROM bot_lines WHERE consumer = %s AND head = ANY (%s::bigint[])
    ORDER BY line FOR UPDATE
)
UPDATE bot_lines SET held_until = now() + make_interval(secs => %s)
FROM theirs WHERE bot_lines.line = theirs.line
"""
_MARK = """
UPDATE bot_updates SET stage = news.stage
FROM unnest(%s::bigint[], %s::smallint[]) AS news (update_id, stage)
WHERE bot_updates.update_id = news.update_id AND line IS NOT NULL
"""
_LOCK = """
SELECT FROM bot_lines WHERE line IN (
    SELECT line FROM bot_updates WHERE update_id = ANY (%s::bigint[]) AND line IS NOT NULL
) ORDER BY line FOR UPDATE
"""
_FINISH = """
UPDATE bot_updates SET line = NULL, payload = NULL, finished_at = now()
WHERE update_id = ANY (%s::bigint[]) AND line IS NOT NULL
"""
_EMPTY = """
DELETE FROM bot_lines WHERE head = ANY (%s::bigint[]) AND NOT EXISTS (
    SELECT FROM bot_updates WHERE bot_updates.line = bot_lines.line
)
"""
_NEXT = """
WITH moved AS (
    UPDATE bot_lines SET consumer = NULL, held_until = 'epoch', head = (
        SELECT min(update_id) FROM bot_updates WHERE bot_updates.line = bot_lines.line
    ) WHERE head = ANY (%s::bigint[]) RETURNING line
)
SELECT count(pg_notify('bot_inbox', '')) FROM moved
"""
_RELEASE = """
WITH theirs AS (
    SELECT line FROM bot_lines WHERE consumer = %s AND held_until > now() ORDER BY line FOR UPDATE
), given AS (
    UPDATE bot_lines SET consumer = NULL, held_until = 'epoch'
    FROM theirs WHERE bot_lines.line = theirs.line RETURNING bot_lines.line
)
SELECT count(pg_notify('bot_inbox', '')) FROM given
"""
_WAITING = "SELECT count(*) FROM bot_updates WHERE line IS NOT NULL"
# 0 where something can be claimed, else in how many seconds the first lease ends, if one does.
_CLAIMABLE = """
SELECT CASE WHEN EXISTS (SELECT FROM bot_lines WHERE held_until <= now()) THEN 0 ELSE (
    SELECT extract(epoch FROM min(held_until) - now())::float8 FROM bot_lines
) END
"""
_TIDY = """
DELETE FROM bot_updates WHERE update_id IN (
    SELECT update_id FROM bot_updates WHERE finished_at <= now() - make_interval(secs => %s)
    LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING 1
"""


class PostgresInbox(Inbox):
    """Updates between their arrival and their answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bell = Bell()
        self._handed = Handed()
        self._receiving = Gathering(self._received)
        self._marking = Gathering(self._marked)
        self._finishing = Gathering(self._finished)
        self._ringing = Ringing(database, self._bell)
        self._tidying = Tidying(self.tidy)

    @override
    async def receive(self, arrivals: Sequence[Arrival]) -> int:
        return sum(await self._receiving.bring(arrivals))

    @override
    async def claim(self, consumer: str, limit: int, lease_s: float) -> list[Claim]:
        if limit < 1:
            return []

        async def work(connection: Connection) -> list[tuple[Any, ...]]:
            async with connection.transaction():
                behind = [line for (line,) in await fetched(connection, _BEHIND)]
                if behind:
                    await connection.execute(_GIVE_WAY, [behind])
                heads = await fetched(connection, _HOLD, limit, consumer, lease_s)
                numbers = [head for (head,) in heads]
                return await fetched(connection, _BEGIN, numbers) if numbers else []

        claims = [
            Claim(update_id, line.decode(), json.loads(payload), Stage(stage), attempts)
            for update_id, line, payload, stage, attempts in sorted(await self._database.run(work))
        ]
        self._handed.add(consumer, claims)
        return claims

    @override
    async def renew(self, consumer: str, lease_s: float) -> None:
        await self._database.rows(_RENEW, consumer, self._handed.to(consumer), lease_s)

    @override
    async def mark(self, update_id: int, stage: Stage) -> None:
        await self._marking.bring([(update_id, stage)])

    @override
    async def finish(self, update_id: int) -> None:
        await self._finishing.bring([update_id])

    @override
    async def release(self, consumer: str) -> int:
        self._handed.drop(consumer)
        rows = await self._database.rows(_RELEASE, consumer)
        self._bell.ring()
        return int(rows[0][0])

    @override
    async def waiting(self) -> int:
        return int((await self._database.rows(_WAITING))[0][0])

    @override
    async def changed(self, timeout_s: float) -> None:
        end = asyncio.get_running_loop().time() + timeout_s
        while True:
            heard = self._bell.listen()
            lease_s = (await self._database.rows(_CLAIMABLE))[0][0]
            left_s = end - asyncio.get_running_loop().time()
            if lease_s == 0 or left_s <= 0:
                return
            patience_s = left_s if self._ringing.heard else min(left_s, _POLL_S)
            await heard(patience_s if lease_s is None else min(patience_s, lease_s))

    async def tidy(self) -> None:
        """Delete the numbers of what was finished a day ago, in small steps."""
        while len(await self._database.rows(_TIDY, REMEMBERED_S, _BATCH)) == _BATCH:
            pass

    @override
    async def close(self) -> None:
        for gathering in (self._receiving, self._marking, self._finishing):
            await gathering.drain()
        await self._ringing.stop()
        await self._tidying.stop()
        await self._database.close()

    async def _received(self, arrivals: list[Arrival]) -> list[bool]:
        columns = (
            [one.update_id for one in arrivals],
            [one.line.encode() for one in arrivals],
            [json.dumps(one.payload) for one in arrivals],
        )
        rows = await self._database.rows(_RECEIVE, *columns)
        self._bell.ring()
        new = Counter(rows[0][0])
        # Of two deliveries in one batch, one is the new one.
        return [new.pop(one.update_id, 0) > 0 for one in arrivals]

    async def _marked(self, stages: list[tuple[int, Stage]]) -> list[None]:
        news = dict(stages)
        await self._database.rows(_MARK, list(news), [int(stage) for stage in news.values()])
        return [None] * len(stages)

    async def _finished(self, update_ids: list[int]) -> list[None]:
        async def work(connection: Connection) -> None:
            async with connection.transaction():
                for statement in (_LOCK, _FINISH, _EMPTY, _NEXT):
                    await connection.execute(statement, [update_ids])

        await self._database.run(work)
        self._handed.discard(update_ids)
        self._bell.ring()
        return [None] * len(update_ids)
