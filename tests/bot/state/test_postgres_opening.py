"""What PostgreSQL is asked when opened: who we are, which tables it has; no secret is told."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.settings import Settings
from bot.state.errors import StateError, StateTooNew, StateUnreachable
from bot.state.opening import open_state
from bot.state.postgres import MIGRATIONS, VERSION
from bot.state.protocol import Arrival
from tests.bot.state.conftest import PASSWORD, QUOTED, PostgresTables, migrate

if TYPE_CHECKING:
    from tests.postgres import PostgresServer


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "url",
    ["postgresql://me:hush%2Fhush@127.0.0.1:1/audiatur", "postgres://me:hush%40@/x?host=/nowhere"],
)
async def test_an_unreachable_server_is_told_without_secrets(url: str) -> None:
    """The error names the setting and the address, never the password."""
    with pytest.raises(StateUnreachable, match=r"AUDIATUR_DATABASE_URL.*does not answer") as caught:
        await open_state(Settings(database_url=url))
    assert "hush" not in _told(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hush/hush@127.0.0.1:1/audiatur",
        "postgresql://me:1/hush@127.0.0.1:1/audiatur",
        "postgresql://me:x@hush@127.0.0.1/audiatur",
        "postgresql://me:%hush@127.0.0.1/audiatur",
        "postgresql://127.0.0.1/audiatur?hush=1",
    ],
)
async def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    """The error says how an address is written and quotes nothing of the given one."""
    with pytest.raises(StateError, match=r"DATABASE_URL.*postgresql://user:password@") as caught:
        await open_state(Settings(database_url=url))
    assert "hush" not in _told(caught.value)


async def test_a_refusal_is_told_without_passwords(
    postgres_tables: PostgresTables, postgres_server: PostgresServer
) -> None:
    """A wrong password, a missing database and missing rights are told apart."""
    host, database = f"127.0.0.1:{postgres_server.port}", postgres_tables.url.rpartition("/")[2]
    postgres_server.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{PASSWORD}'")
    rules = postgres_server.folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{before}")
    postgres_server.execute("SELECT pg_reload_conf()")
    right = f"postgresql://guarded:{QUOTED}@{host}"
    cases = {
        f"postgresql://guarded:wr0ng@{host}/{database}": "password authentication failed.*check",
        f"postgresql://guarded@{host}/{database}": "no password supplied.*check",
        f"{right}/nowhere": '"nowhere" does not exist.*check',
        f"{right}/{database}": "grant this user all rights",
    }
    try:
        for url, told in cases.items():
            with pytest.raises(StateUnreachable, match=told) as caught:
                await open_state(Settings(database_url=url))
            assert not [word for word in ("wr0ng", "s3cret") if word in _told(caught.value)]
    finally:
        rules.write_text(before)
        postgres_server.execute("SELECT pg_reload_conf()")
        postgres_server.execute("DROP ROLE guarded")


async def test_old_tables_are_told(database_url: str) -> None:
    """Without tables, and with those of an earlier version, the error names the cure."""
    settings = Settings(database_url=database_url)
    with pytest.raises(StateError, match=rf"\(0 of {VERSION}\); run `audiatur migrate`"):
        await open_state(settings)
    with psycopg.connect(database_url) as connection:
        connection.execute((MIGRATIONS / "bot_0001_store.sql").read_bytes())
    with pytest.raises(StateError, match=rf"\(1 of {VERSION}\); run `audiatur migrate`"):
        await open_state(settings)


async def test_tables_of_a_later_version_are_refused(database_url: str) -> None:
    """The message names both versions."""
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE bot_schema SET version = version + 1")
    with pytest.raises(StateTooNew, match=rf"\({VERSION + 1}, this program knows {VERSION}\)"):
        await open_state(Settings(database_url=database_url))


async def test_tables_that_vanish_are_told(database_url: str) -> None:
    """Damage while running raises our error, with its cure."""
    migrate(database_url)
    state = await open_state(Settings(database_url=database_url))
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE bot_entries")
    with pytest.raises(StateError, match=r"lacks a table or column.*audiatur migrate"):
        await state.store.get("space", "key")
    await state.close()


async def test_a_version_may_be_applied_twice(database_url: str) -> None:
    """They lead to the version that the program knows, with all that was kept before."""
    migrate(database_url)
    state = await open_state(Settings(database_url=database_url))
    await state.store.put("space", "key", 1)
    await state.inbox.receive([Arrival(1, "a", {})])
    paths = sorted(MIGRATIONS.glob("*.sql"))
    with psycopg.connect(database_url) as connection:
        for path in paths:
            connection.execute(path.read_bytes())
        version = connection.execute("SELECT version FROM bot_schema").fetchall()
    assert version == [(VERSION,)] == [(len(paths),)]
    assert await state.store.get("space", "key") == 1
    assert await state.inbox.waiting() == 1
    await state.close()


async def test_missing_durability_is_said(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that may lose what it has confirmed is warned of when opened."""
    migrate(database_url)
    name = database_url.rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    await (await open_state(Settings(database_url=database_url))).close()
    assert "set fsync on" in caplog.text
    assert "set synchronous_commit on" in caplog.text
