"""Which memory is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.state.errors import StateDamaged
from bot.state.opening import FILE, open_state
from bot.state.postgres_store import PostgresStore
from bot.state.redis_store import RedisStore
from bot.state.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.state.conftest import PostgresTables, RedisProcess


async def test_a_file_by_default(tmp_path: Path) -> None:
    """Without an address of Redis, the memory is one file in the data folder, made if need be."""
    state = await open_state(Settings(data=tmp_path / "data"))
    assert isinstance(state.store, SqliteStore)
    assert (tmp_path / "data" / FILE).exists()
    await state.close()


async def test_redis_where_its_address_is_given(tmp_path: Path, redis_server: RedisProcess) -> None:
    """With an address, the memory is on that server and no file is made."""
    state = await open_state(Settings(data=tmp_path / "data", redis_url=redis_server.url))
    assert isinstance(state.store, RedisStore)
    assert not (tmp_path / "data").exists()
    await state.close()


async def test_postgres_where_its_address_is_given(
    tmp_path: Path, postgres_tables: PostgresTables
) -> None:
    """With an address of PostgreSQL and none of Redis, the memory is there; no file is made."""
    settings = Settings(data=tmp_path / "data", database_url=postgres_tables.url)
    state = await open_state(settings)
    assert isinstance(state.store, PostgresStore)
    assert not (tmp_path / "data").exists()
    await state.close()


async def test_redis_comes_before_postgres(
    redis_server: RedisProcess, postgres_tables: PostgresTables
) -> None:
    """Who gave Redis an address meant it for the memory; the database may be for the index."""
    settings = Settings(redis_url=redis_server.url, database_url=postgres_tables.url)
    state = await open_state(settings)
    assert isinstance(state.store, RedisStore)
    await state.close()


async def test_a_file_of_its_own_comes_first(
    tmp_path: Path, postgres_tables: PostgresTables
) -> None:
    """The playground's memory is its own, wherever the index is."""
    path = tmp_path / "own.sqlite"
    state = await open_state(Settings(memory=path, database_url=postgres_tables.url))
    assert isinstance(state.store, SqliteStore)
    assert path.exists()
    await state.close()


async def test_nothing_stays_open_where_opening_fails(tmp_path: Path) -> None:
    """A file that is refused can be moved away and the memory opened anew, in the same process."""
    path = tmp_path / FILE
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StateDamaged):
        await open_state(Settings(data=tmp_path))
    path.rename(tmp_path / "away")
    await (await open_state(Settings(data=tmp_path))).close()
