"""Generations are shared, switched, taken back and pruned; a kill leaves nothing behind."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from index.building import build_index
from index.encoding.cache import EmbeddingCache
from index.errors import (
    BuildInProgress,
    DatabaseUnavailable,
    SchemaMismatch,
    SnapshotDamaged,
    SnapshotMismatch,
    SnapshotMissing,
)
from index.storage.postgres import generations
from index.storage.postgres.connecting import Database
from index.storage.postgres.shelf import PostgresShelf
from index.storage.shelved import State
from tests.index.storage.postgres.made import random_vectors
from tests.index.storage.postgres.publishing import TEXTS, counts, execute, publish, seen_in

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.postgres.connecting import Connection
    from tests.index.conftest import StubEncoder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "shared"


def test_before_the_first_build_there_is_none(postgres_shelf: PostgresShelf) -> None:
    assert postgres_shelf.current_name() is None
    assert postgres_shelf.snapshots() == []
    with pytest.raises(SnapshotMissing, match=r"no index in 127\.0\.0\.1:.* yet; run"):
        postgres_shelf.open_current()
    with pytest.raises(SnapshotMissing, match="no snapshot to go back to"):
        postgres_shelf.roll_back()


def test_unchanged_documents_are_shared_and_removed_ones_go(
    postgres_shelf: PostgresShelf, migrated: str, data: Path
) -> None:
    publish(postgres_shelf, data, "1")
    first = counts(migrated)
    assert first["documents"] == first["passages"] == len(TEXTS)
    old = postgres_shelf.open_current()
    changed = [*TEXTS[:-1], ("de", "Ein ganz anderer Satz über Brot.")]
    publish(postgres_shelf, data, "2", changed)
    second = counts(migrated)
    assert second["documents"] == second["passages"] == len(TEXTS) + 1
    assert second["postings"] - first["postings"] < 8, "only the new document's words"
    new = postgres_shelf.open_current()
    assert (old.name, new.name) == ("1", "2")
    assert new.words.search("Brot", 5).rows.tolist() == [29]
    assert old.words.search("Brot", 5).rows.tolist() == []
    assert len(old.words.search("Rad", 99).rows) == len(new.words.search("Rad", 99).rows) + 1 == 30
    assert (
        old.records.text("000029.txt", old.records.all_passages()[29].passage.span) == TEXTS[29][1]
    )
    for name in ("3", "4", "5"):
        publish(postgres_shelf, data, name, changed)
    assert [one.name for one in postgres_shelf.snapshots()] == ["5", "4", "3"]
    last = counts(migrated)
    assert last["documents"] == last["passages"] == last["texts"] == len(TEXTS)
    assert (last["generations"], last["members"]) == (3, 3 * len(TEXTS))
    with pytest.raises(SnapshotMissing, match="no server that answers has generation 1"):
        old.words.search("Haus", 5)


def test_the_planner_knows_what_was_uploaded(
    postgres_shelf: PostgresShelf, migrated: str, data: Path
) -> None:
    publish(postgres_shelf, data, "1")
    with psycopg.connect(migrated) as connection:
        known = connection.execute(
            "SELECT tablename FROM pg_stats WHERE attname IN ('key', 'word', 'document') "
            "AND schemaname = 'public'"
        ).fetchall()
    tables = {name for (name,) in known}
    assert {f"index_{kind}_{at}" for kind in ("passages", "postings") for at in (0, 1)} <= tables
    assert "index_members" in tables


def test_a_builder_forgets_vectors_that_none_of_its_snapshots_needs(
    postgres_shelf: PostgresShelf, corpus_folder: Path, stub: StubEncoder
) -> None:
    cache, gone = EmbeddingCache(postgres_shelf.embeddings), ["Ein Satz von früher."]
    cache.encode_passages(stub, gone)
    build_index(corpus_folder, postgres_shelf, stub)
    assert cache.encode_passages(stub, ["Diensträder sparen der Firma Geld."]).computed == 0
    assert cache.encode_passages(stub, gone).computed == 1


def test_postings_are_written_anew_when_most_are_of_removed_documents(
    postgres_shelf: PostgresShelf, migrated: str, data: Path
) -> None:
    publish(postgres_shelf, data, "1")
    for name in ("2", "3", "4"):
        publish(postgres_shelf, data, name, TEXTS[:2])
    with psycopg.connect(migrated) as connection:
        row = connection.execute("SELECT sum(cardinality(entries)) FROM index_postings").fetchone()
    assert row == (2 * len(["rad", "0", "speich", "haus"]),)
    assert len(postgres_shelf.open_current().words.search("Rad", 99).rows) == 2


def test_another_model_gets_vectors_of_its_own(
    postgres_shelf: PostgresShelf, migrated: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "INDEXED_FROM", 10)
    publish(postgres_shelf, data, "1", model="one")
    publish(postgres_shelf, data, "2", model="two")
    assert counts(migrated)["passages"] == 2 * len(TEXTS)
    indexes = "SELECT count(*) FROM pg_class WHERE relkind = 'i' AND relname ~ '_space_'"
    with psycopg.connect(migrated) as connection:
        assert connection.execute(indexes).fetchone() == (4,)
    assert postgres_shelf.open_current().vectors.search(random_vectors(1, 8)[0], 99).rows.shape == (
        30,
    )
    for name in ("3", "4"):
        publish(postgres_shelf, data, name, model="two")
    assert counts(migrated)["spaces"] == 1
    with psycopg.connect(migrated) as connection:
        assert connection.execute(indexes).fetchone() == (2,)


def test_one_goes_back_and_forth_and_a_new_build_unpins(
    postgres_shelf: PostgresShelf, data: Path
) -> None:
    publish(postgres_shelf, data, "1")
    publish(postgres_shelf, data, "2", TEXTS[:5])
    assert postgres_shelf.roll_back() == "1"
    opened = postgres_shelf.open_current()
    assert (opened.name, opened.pinned, opened.vectors.count) == ("1", True, 30)
    states = [(one.name, one.state, one.pinned) for one in postgres_shelf.snapshots()]
    assert states == [("2", State.PREVIOUS, False), ("1", State.CURRENT, True)]
    with pytest.raises(ValueError, match="the snapshot 1 answers already"):
        postgres_shelf.roll_back("1")
    with pytest.raises(ValueError, match="no snapshot is called '7'"):
        postgres_shelf.roll_back("7")
    assert postgres_shelf.roll_back("2") == "2"
    publish(postgres_shelf, data, "3")
    assert [one.pinned for one in postgres_shelf.snapshots()] == [False, False, False]


def test_only_one_builds_at_a_time_on_whatever_machine(
    postgres_shelf: PostgresShelf, database: Database, tmp_path: Path
) -> None:
    other = PostgresShelf(tmp_path / "another machine", database)
    with postgres_shelf.building():
        with pytest.raises(BuildInProgress, match="here or on another machine"), other.building():
            pass
        with pytest.raises(BuildInProgress):
            other.roll_back()
    with other.building():
        pass


def test_a_reader_sees_the_old_generation_or_the_new_one(
    postgres_shelf: PostgresShelf, database: Database, data: Path, tmp_path: Path
) -> None:
    """Somebody asks all the while; each answer is whole, of one generation."""
    publish(postgres_shelf, data, "1")
    reader = PostgresShelf(tmp_path / "reader", database)
    seen: list[tuple[str, int, int]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            seen.append(seen_in(reader))

    thread = threading.Thread(target=ask)
    thread.start()
    publish(postgres_shelf, data, "2", TEXTS[:5])
    while seen[-1][0] != "2":
        done.wait(0.01)
    done.set()
    thread.join()
    assert set(seen) == {("1", 30, 30), ("2", 5, 5)}
    assert [name for name, *_ in seen] == sorted(name for name, *_ in seen)


def test_a_lost_connection_leaves_nothing_and_the_upload_begins_again(
    postgres_shelf: PostgresShelf, migrated: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(postgres_shelf, data, "1")
    before = counts(migrated)
    lost: list[dict[str, int]] = []

    def lose(connection: Connection, _kept: int, _previous: int | None) -> None:
        if not lost:
            execute(migrated, f"SELECT pg_terminate_backend({connection.info.backend_pid})")
            lost.append(counts(migrated))
            assert postgres_shelf.current_name() == "1"
        connection.execute("SELECT 1")

    monkeypatch.setattr(generations, "prune", lose)
    publish(postgres_shelf, data, "2", [*TEXTS[:5], ("de", "Etwas Neues.")])
    assert lost == [before]
    assert postgres_shelf.open_current().name == "2"


def test_an_upload_that_fails_leaves_nothing(
    postgres_shelf: PostgresShelf, migrated: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(postgres_shelf, data, "1")
    before = counts(migrated)
    monkeypatch.setattr("index.storage.contents._FOUND", 2.0)
    with pytest.raises(SnapshotDamaged, match="does not find itself"):
        publish(postgres_shelf, data, "2", TEXTS[:5])
    assert counts(migrated) == before
    monkeypatch.undo()
    assert postgres_shelf.open_current().name == "1"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "UPDATE index_files SET content = 'x' WHERE name = 'baselines.npz' AND OF 2",
            "is not what was",
        ),
        ("DELETE FROM index_files WHERE name = 'places.npz' AND OF 2", "places.npz cannot be read"),
        (
            "DELETE FROM index_members WHERE place = 3 AND OF 2",
            "documents has 29, the manifest says 30",
        ),
        ("DELETE FROM index_passages WHERE (key >> 20) IN (THOSE)", "30 passages are missing"),
    ],
)
def test_a_damaged_generation_is_refused_and_the_one_before_is_used(
    postgres_shelf: PostgresShelf, migrated: str, data: Path, damage: str, told: str
) -> None:
    publish(postgres_shelf, data, "1", TEXTS[:20])
    publish(postgres_shelf, data, "2", [("en", text) for _, text in TEXTS])
    number = "(SELECT number FROM index_generations WHERE name = '2')"
    members = "SELECT document FROM index_members WHERE OF 2"
    damage = damage.replace("THOSE", members).replace("OF 2", f"generation = {number}")
    execute(migrated, damage)
    with pytest.raises(SnapshotDamaged, match=told):
        postgres_shelf.open_current()
    skipped: list[str] = []
    opened = postgres_shelf.open_current(lambda error: skipped.append(str(error)))
    assert opened.name == postgres_shelf.current_name() == "1"
    assert told in skipped[0]


def test_a_generation_of_another_format_is_told(
    postgres_shelf: PostgresShelf, migrated: str, data: Path
) -> None:
    publish(postgres_shelf, data, "1")
    execute(migrated, """UPDATE index_generations SET manifest = manifest || '{"format": 1}'""")
    with pytest.raises(SnapshotMismatch, match="has format 1, this version reads"):
        postgres_shelf.open_current()
    assert [one.state for one in postgres_shelf.snapshots()] == [State.OTHER_VERSION]


def test_a_database_that_was_not_migrated_says_what_to_run(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    shelf = PostgresShelf(tmp_path, database)
    with pytest.raises(SchemaMismatch, match="run audiatur migrate"):
        shelf.current_name()
    with pytest.raises(SchemaMismatch, match="run audiatur migrate"), shelf.building():
        pass
    database.close()


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://me:secret@127.0.0.1:1/nowhere"
    database = Database(url, patience_s=0.1)
    shelf = PostgresShelf(tmp_path, database)
    with (
        pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/nowhere takes writes") as raised,
        shelf.building(),
    ):
        pass
    assert "secret" not in str(raised.value)
    database.close()


def test_a_role_that_may_not_read_is_told_in_one_line(
    postgres_shelf: PostgresShelf, migrated: str, tmp_path: Path
) -> None:
    execute(migrated, "DROP ROLE IF EXISTS nobody_of_ours")
    execute(migrated, "CREATE ROLE nobody_of_ours LOGIN")
    execute(migrated, "GRANT SELECT ON _yoyo_migration TO nobody_of_ours")
    database = Database(migrated.replace("postgres@", "nobody_of_ours@"))
    with pytest.raises(DatabaseUnavailable, match="refused: permission denied for table"):
        PostgresShelf(tmp_path, database).current_name()
    database.close()
    execute(migrated, "DROP OWNED BY nobody_of_ours; DROP ROLE nobody_of_ours")
    assert postgres_shelf.current_name() is None
