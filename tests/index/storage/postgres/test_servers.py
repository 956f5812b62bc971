"""A replica that lags, a primary that is lost, a replica that is promoted; two shards."""

from __future__ import annotations

import logging
import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest

from index.errors import DatabaseUnavailable
from index.storage.postgres import vectors as postgres_vectors
from index.storage.postgres.connecting import Database
from index.storage.postgres.migrating import migrate
from index.storage.postgres.shelf import PostgresShelf
from tests.index.storage.postgres.made import make_snapshot, random_vectors
from tests.index.storage.postgres.publishing import TEXTS, counts, publish, seen_in
from tests.postgres import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.storage.snapshot import Snapshot
    from tests.postgres import PostgresServer

GUIDE = Path(__file__).parents[4] / "docs" / "postgresql.md"


@pytest.fixture
def pair() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    """Start a primary and its replica, with the tables."""
    primary = open_server()
    migrate(primary.url())
    replica = primary.replica()
    yield primary, replica
    replica.close()
    primary.close()


def shelf_of(tmp_path: Path, url: str, read_url: str | None = None) -> PostgresShelf:
    database = Database(url, read_url, patience_s=0.5)
    return PostgresShelf(tmp_path / "data", database, patience_s=60.0)


def test_a_replica_lags_the_primary_dies_and_the_replica_is_promoted(
    pair: tuple[PostgresServer, PostgresServer], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    primary, replica = pair
    both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{replica.port}/postgres"
    builder = shelf_of(tmp_path / "builder", both)
    bot = shelf_of(tmp_path / "bot", both, replica.url())
    lagging = shelf_of(tmp_path / "lagging", replica.url())
    data = tmp_path / "builder" / "data"
    publish(builder, data, "1")
    primary.catch_up(replica)
    assert seen_in(bot) == seen_in(lagging) == ("1", 30, 30)

    # a replica that has not got a generation goes on to serve the one before
    replica.execute("SELECT pg_wal_replay_pause()")
    publish(builder, data, "2", TEXTS[:5])
    assert seen_in(builder) == ("2", 5, 5)
    assert seen_in(lagging) == ("1", 30, 30)
    # somebody who has seen the new one does not turn back, and reads it where it is
    bot._seen = builder._seen
    assert seen_in(bot) == ("2", 5, 5)
    seen: list[tuple[str, int, int]] = []
    thread = threading.Thread(target=lambda: replica.execute("SELECT pg_wal_replay_resume()"))
    thread.start()
    while not seen or seen[-1][0] != "2":
        seen.append(seen_in(lagging))
    thread.join()
    assert set(seen) <= {("1", 30, 30), ("2", 5, 5)}
    primary.catch_up(replica)

    # the primary is lost: reads go on, writes wait and say so
    opened = bot.open_current()
    primary.kill()
    assert len(opened.words.search("Speichen", 99).rows) == 5
    assert seen_in(bot) == ("2", 5, 5)
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(DatabaseUnavailable, match="takes writes; start the primary or promote"),
        builder.building(),
    ):
        pass
    assert "takes writes; waiting up to 0 s" in caplog.text

    # a promotion is followed without a restart
    builder._database._patience_s = 60.0
    waiting = threading.Thread(target=publish, args=(builder, data, "3", TEXTS[:7]))
    waiting.start()
    time.sleep(0.3)
    replica.promote()
    waiting.join(60)
    assert seen_in(bot) == seen_in(builder) == seen_in(lagging) == ("3", 7, 7)


def test_a_primary_lost_in_the_middle_of_an_upload_is_waited_for(
    pair: tuple[PostgresServer, PostgresServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    primary, replica = pair
    both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{replica.port}/postgres"
    builder = shelf_of(tmp_path / "builder", both)
    data = tmp_path / "builder" / "data"
    publish(builder, data, "1")
    primary.catch_up(replica)
    killed: list[tuple[str, int, int]] = []

    def kill(*_: object) -> None:
        if not killed:
            killed.append(seen_in(builder))
            primary.kill()
            threading.Timer(0.5, replica.promote).start()

    monkeypatch.setattr("index.storage.postgres.generations.prune", kill)
    builder._database._patience_s = 60.0
    publish(builder, data, "2", TEXTS[:5])
    assert killed == [("1", 30, 30)]
    assert seen_in(builder) == ("2", 5, 5)
    assert counts(replica.url())["generations"] == 2


def _statements(marker: str, part: int, server: PostgresServer) -> str:
    """Return the guide's own SQL for one shard."""
    found = re.search(rf"```sql\n-- {marker}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found, marker
    text = found[1].replace("shard_1", f"shard_{part}").replace("shard1.example.org", "127.0.0.1")
    text = re.sub(r"index_(texts|passages|postings)_1", rf"index_\1_{part}", text)
    text = text.replace(
        "port '5432', dbname 'audiatur'", f"port '{server.port}', dbname 'postgres'"
    )
    text = text.replace("user 'audiatur', password 'PASSWORD'", "user 'postgres'")
    return text.replace("(4, 5, 6, 7)", "(0, 1, 2, 3)" if part == 0 else "(4, 5, 6, 7)")


@pytest.fixture
def sharded(database_url: str) -> Iterator[str]:
    """Put each half of the large tables on a server of its own, as the guide says."""
    migrate(database_url)
    shards = [open_server(), open_server()]
    for part, server in enumerate(shards):
        for url, marker in ((server.url(), "on the shard"), (database_url, "on the primary")):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_statements(marker, part, server).encode())
    yield database_url
    for server in shards:
        server.close()


def test_two_shards_answer_as_one_server_does(
    sharded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shelf = shelf_of(tmp_path, sharded)
    texts = [*TEXTS, ("en", "A wheel of another house."), ("de", "Ein Rad, ein Rad.")] * 4
    with shelf.building():
        folder = data / "snapshots" / "1.building"
        local = make_snapshot(folder, texts, random_vectors(len(texts), 8))
        shelf.publish(folder)
    with psycopg.connect(sharded) as connection:
        kinds = connection.execute(
            "SELECT relkind, count(*) FROM pg_class WHERE relname ~ '^index_passages_.$' GROUP BY 1"
        ).fetchall()
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE part < 4) FROM index_passages"
        ).fetchone()
    assert kinds == [("f", 2)]
    assert row
    assert row[0] == len(texts)
    assert 0.25 < row[1] / row[0] < 0.75
    for few in (0, 2000):
        monkeypatch.setattr(postgres_vectors, "_SEEN_ALL", few)
        _compare(local, shelf)
    publish(shelf, data, "2", texts[:9])
    for name in ("3", "4"):
        publish(shelf, data, name, texts[:7])
    assert seen_in(shelf) == ("4", 7, 7)
    left = counts(sharded)
    assert (left["passages"], left["texts"], left["documents"]) == (9, 9, 9)


def _compare(local: Snapshot, shelf: PostgresShelf) -> None:
    shared = shelf.open_current()
    among = np.arange(3, 60, 2)
    for query in random_vectors(3, 8, seed=5):
        for rows in (None, among):
            one, other = (each.vectors.search(query, 12, rows) for each in (local, shared))
            assert one.rows.tolist() == other.rows.tolist()
            np.testing.assert_allclose(one.similarities, other.similarities, atol=1e-6)
    for text in ("Rad", "Haus wheel Speichen", "7 Speichen"):
        for rows in (None, among):
            words = [each.words.search(text, 12, rows) for each in (local, shared)]
            assert words[0].rows.tolist() == words[1].rows.tolist()
    assert local.records.all_passages() == shared.records.all_passages()
    assert shared.records.whole_text("000003.txt") == TEXTS[3][1]
