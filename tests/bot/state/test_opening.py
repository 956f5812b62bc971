"""Which memory is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.state.errors import StateDamaged
from bot.state.opening import FILE, open_state
from bot.state.redis_store import RedisStore
from bot.state.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.state.conftest import RedisProcess


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


async def test_nothing_stays_open_where_opening_fails(tmp_path: Path) -> None:
    """A file that is refused can be moved away and the memory opened anew, in the same process."""
    path = tmp_path / FILE
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StateDamaged):
        await open_state(Settings(data=tmp_path))
    path.rename(tmp_path / "away")
    await (await open_state(Settings(data=tmp_path))).close()
