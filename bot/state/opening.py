"""Opens the bot's memory: a file, or the server whose address is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.state.postgres import Database
from bot.state.postgres_inbox import PostgresInbox
from bot.state.postgres_store import PostgresStore
from bot.state.redis import Server
from bot.state.redis_inbox import RedisInbox
from bot.state.redis_store import RedisStore
from bot.state.sqlite_inbox import SqliteInbox
from bot.state.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from bot.state.protocol import Inbox, Store

FILE = "bot.sqlite"


@dataclass(frozen=True, slots=True)
class State:
    """The bot's memory; whoever opened it closes it."""

    store: Store
    inbox: Inbox

    async def close(self) -> None:
        """Let go of files and connections; what was begun is written first."""
        try:
            await self.inbox.close()
        finally:
            await self.store.close()


async def open_state(settings: Settings) -> State:
    """Return the bot's memory.

    It is in `settings.memory` where that is set; else in Redis, else in PostgreSQL, where their
    addresses are; else in a file in the data folder.

    Raises:
        StateError: It cannot be used; the message says what to do, and names no password.
    """
    if settings.memory is not None:
        return await _in_a_file(settings.memory)
    if settings.redis_url is not None:
        return await _in_redis(settings.redis_url)
    if settings.database_url is not None:
        return await _in_postgres(settings.database_url)
    return await _in_a_file(settings.data / FILE)


async def _in_a_file(path: Path) -> State:
    store = await SqliteStore.open(path)
    try:
        return State(store, await SqliteInbox.open(path))
    except BaseException:
        await store.close()
        raise


async def _in_redis(url: str) -> State:
    server = await Server.open(url)
    return State(RedisStore(server), RedisInbox(server))


async def _in_postgres(url: str) -> State:
    database = await Database.open(url)
    return State(PostgresStore(database), PostgresInbox(database))
