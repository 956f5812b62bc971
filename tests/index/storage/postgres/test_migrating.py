"""A database's schema is brought to this version, by anybody, any number of times."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from index.errors import DatabaseUnavailable, SchemaMismatch
from index.storage.postgres.migrating import migrate
from index.storage.postgres.schema import MIGRATIONS, check_schema

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_database_gets_all_versions_and_then_none(database_url: str) -> None:
    names = sorted(path.stem for path in MIGRATIONS.glob("*.sql"))
    assert migrate(database_url) == names
    assert migrate(database_url) == []
    with psycopg.connect(database_url) as connection:
        check_schema(connection)


def test_each_version_may_be_applied_again(database_url: str) -> None:
    """A kill may come after a version was applied and before that was noted."""
    names = migrate(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM _yoyo_migration")
    assert migrate(database_url) == names


def test_two_machines_may_migrate_at_once(database_url: str) -> None:
    applied: list[str] = []
    threads = [
        threading.Thread(target=lambda: applied.extend(migrate(database_url))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied == sorted(path.stem for path in MIGRATIONS.glob("*.sql"))


def test_a_killed_migration_locks_nobody_out(database_url: str) -> None:
    """What yoyo leaves behind when it is killed is the row in its own table of locks."""
    migrate(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 4711)")
        connection.execute("DELETE FROM _yoyo_migration")
    assert migrate(database_url)


def test_a_database_without_the_schema_says_what_to_run(database_url: str) -> None:
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(SchemaMismatch, match="lacks index_0001_generations; run audiatur migrate"),
    ):
        check_schema(connection)


def test_an_older_and_a_newer_schema_are_told_apart(database_url: str, tmp_path: Path) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer)
    (newer / "index_9999_later.sql").write_text("CREATE TABLE later (a int)", encoding="utf-8")
    migrate(database_url, [newer])
    with psycopg.connect(database_url) as connection:
        check_schema(connection, newer)
        with pytest.raises(SchemaMismatch, match="has index_9999_later, which this version does"):
            check_schema(connection)
        connection.execute("DELETE FROM _yoyo_migration WHERE migration_id LIKE '%later'")
        with pytest.raises(SchemaMismatch, match="lacks index_9999_later; run audiatur migrate"):
            check_schema(connection, newer)


def test_versions_of_somebody_else_do_not_disturb(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "state_0001_a.sql").write_text("CREATE TABLE a (a int);", encoding="utf-8")
    assert "state_0001_a" in migrate(database_url, [MIGRATIONS, folder])
    with psycopg.connect(database_url) as connection:
        check_schema(connection)
        check_schema(connection, folder)


def test_a_version_that_fails_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "index_0001_bad.sql").write_text(
        "CREATE TABLE half (a int);\nCREATE TABLE nonsense;", encoding="utf-8"
    )
    with pytest.raises(DatabaseUnavailable, match="cannot be migrated: syntax error"):
        migrate(database_url, [tmp_path])
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    url = "postgresql://me:secret@127.0.0.1:1/nowhere"
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/nowhere cannot") as raised:
        migrate(url)
    assert "secret" not in str(raised.value)
