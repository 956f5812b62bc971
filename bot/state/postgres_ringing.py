"""Rings within this process when any process has rung on the server; over a connection of its own.

It must not go through the pool: what listens does so for as long as the process lives.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import psycopg

from bot.state.errors import StateError

if TYPE_CHECKING:
    from bot.state.bell import Bell
    from bot.state.postgres import Database

_RETRY_S = 1.0


class Ringing:
    """Listens from its making to `stop`, again and again where the connection breaks."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database = database
        self._bell = bell
        self._task = asyncio.create_task(self._run())
        self.heard = False
        """Whether rings are heard just now; while they are not, one has to look oneself."""

    async def stop(self) -> None:
        """End it."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            with suppress(StateError, psycopg.Error, OSError):
                async with await self._database.connect() as connection:
                    await connection.execute("LISTEN bot_inbox")
                    self.heard = True
                    self._bell.ring()  # somebody may have rung before
                    async with aclosing(connection.notifies()) as rings:
                        async for _ in rings:
                            self._bell.ring()
            self.heard = False
            self._bell.ring()  # who waits for rings had better look again
            await asyncio.sleep(_RETRY_S)
