"""The shelf of generations in PostgreSQL: which one answers everywhere, and who is building.

A builder works in a folder of its own, as without a database, and publishes what it built. The
lock is an advisory lock of its session on the primary: it is gone when the builder is, and the
upload runs over the same session, so that nobody publishes without holding it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from index.errors import (
    DatabaseUnavailable,
    SnapshotDamaged,
    SnapshotError,
    SnapshotMismatch,
    SnapshotMissing,
)
from index.storage.postgres import generations
from index.storage.postgres.connecting import PATIENCE_S, Behind
from index.storage.postgres.generations import LIST, Generation
from index.storage.postgres.publishing import checked, locked, publish
from index.storage.postgres.reading import PooledReader
from index.storage.postgres.snapshot import PostgresSnapshot, manifest_of
from index.storage.shelf import Shelf
from index.storage.shelved import Shelved, State
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.storage.postgres.connecting import Connection, Database

logger = logging.getLogger(__name__)

_CURRENT = """
SELECT g.name, c.switches, pg_is_in_recovery()
FROM index_current c JOIN index_generations g ON g.number = c.generation
"""


class PostgresShelf:
    """Finds, publishes and prunes the generations of one database.

    `data` is this machine's folder: a builder works there, and keeps vectors by content.
    """

    def __init__(self, data: Path, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        self._local = Shelf(data)
        self._database = database
        self._patience_s = patience_s
        self._builder: Connection | None = None
        self._seen: tuple[int, str | None] = (0, None)
        self._stand_ins: dict[str, str] = {}

    @property
    def embeddings(self) -> Path:
        """Where this machine keeps vectors by content and model."""
        return self._local.embeddings

    @property
    def stances(self) -> Path:
        """Where this machine keeps a stance model's answers by content and model."""
        return self._local.stances

    def current_name(self) -> str | None:
        """Return the name of the generation that answers, `None` before the first build.

        It never goes back to what a lagging replica takes for current. While no server answers, it
        is what it was.

        Raises:
            SchemaMismatch: The schema is not that of this version.
            DatabaseUnavailable: No server answers, and none did before.
        """
        try:
            rows = self._database.fetch(_CURRENT)
        except DatabaseUnavailable:
            if self._seen[1] is None:
                raise
            return self._standing(self._seen[1])
        if rows:
            name, switches, replica = rows[0]
            if switches >= self._seen[0] or not replica:
                self._seen = (switches, name)
        return self._standing(self._seen[1])

    def open_current(
        self, when_skipped: Callable[[SnapshotDamaged], None] | None = None
    ) -> PostgresSnapshot:
        """Return the generation that answers.

        With `when_skipped`, the newest undamaged other one is opened where the current one is
        damaged, and `when_skipped` is told what is wrong with the current one.

        Raises:
            SnapshotMissing: There is none yet.
            SnapshotDamaged, SnapshotMismatch: It cannot be used, and no other one is to be.
            DatabaseUnavailable: No server answers.
            SchemaMismatch: The schema is not that of this version.
        """
        name = self.current_name()
        if name is None:
            raise SnapshotMissing(
                f"there is no index in {self._database} yet; run audiatur reindex"
            )
        try:
            return self._open(name)
        except SnapshotDamaged as error:
            other = self._newest_sound(name) if when_skipped else None
            if other is None or when_skipped is None:
                raise
            logger.warning("%s; %s answers instead", error, other.name)
            self._stand_ins[self._seen[1] or ""] = other.name
            when_skipped(error)
            return other

    def snapshots(self) -> list[Shelved]:
        """Return the generations, newest first."""
        return [_shelved(one) for one in generations.listed(self._database)]

    def roll_back(self, to: str | None = None) -> str:
        """Let an older generation answer, the newest sound one or that named `to`; return its name.

        It is opened and checked before the switch, and pinned: nobody rebuilds it for being out of
        date before the next build is asked for.

        Raises:
            ValueError: There is no generation called `to`, or it answers already.
            SnapshotError: It cannot be used, or there is none to go back to.
            BuildInProgress: An index is being built.
            DatabaseUnavailable: No server takes writes.
        """
        with locked(self._database) as connection, connection.transaction():
            rows = connection.execute(LIST.encode() + b" ORDER BY g.name DESC").fetchall()
            known = {row[1]: Generation(*row) for row in rows}
            current = next((one.name for one in known.values() if one.current), None)
            if to is not None and to not in known:
                raise ValueError(f"no snapshot is called {to!r}; audiatur snapshots lists them")
            if to is not None and to == current:
                raise ValueError(f"the snapshot {to} answers already")
            older = [one for one in known.values() if one.name < (current or "")]
            chosen = self._first_sound(connection, [known[to]] if to else older, asked=bool(to))
            generations.switch(connection, chosen.number, pinned=True)
        self._stand_ins.clear()
        return chosen.name

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the builder's lock, so that two never build for one database.

        Raises:
            BuildInProgress: Another process holds it, here or on another machine.
            DatabaseUnavailable: No server takes writes.
            SchemaMismatch: The schema is not that of this version.
        """
        with self._local.building(), locked(self._database) as connection:
            self._builder = connection
            try:
                yield
            finally:
                self._builder = None

    def bases(self) -> list[Path]:
        """Return the folders on this machine that a build may take over from, best first."""
        return self._local.bases()

    def workplace(self, name: str) -> Path:
        """Return a new folder on this machine to build the snapshot `name` in."""
        return self._local.workplace(name)

    def publish(self, workplace: Path) -> None:
        """Upload a finished snapshot, verify it, and make it the one that answers everywhere.

        All of it is one transaction: at any moment the old or the new generation answers. Where
        the primary is lost, the upload waits for one and begins again.

        Raises:
            SnapshotDamaged: What was uploaded does not pass its verification; the old one stays.
            DatabaseUnavailable: No server takes writes within the patience.
            BuildInProgress: Somebody else began to build while the primary was away.
        """
        source = Snapshot(workplace)
        try:
            publish(self._database, self._builder, source, self._patience_s)
        finally:
            source.close()
        self._stand_ins.clear()
        self._local.publish(workplace)

    def _standing(self, name: str | None) -> str | None:
        return self._stand_ins.get(name or "", name)

    def _open(self, name: str) -> PostgresSnapshot:
        query = LIST + " WHERE g.name = %s"
        try:
            found = Generation(*self._database.fetch(query, name, something=True)[0])
        except Behind as error:
            raise SnapshotMissing(
                f"the index {name} is gone, or not on this replica yet; ask again"
            ) from error
        snapshot = PostgresSnapshot(PooledReader(self._database, found.number), found)
        snapshot.check_planted()
        return snapshot

    def _newest_sound(self, than: str) -> PostgresSnapshot | None:
        for one in generations.listed(self._database):
            if one.name != than:
                try:
                    return self._open(one.name)
                except SnapshotError as error:
                    logger.warning("passed over a snapshot: %s", error)
        return None

    def _first_sound(
        self, connection: Connection, candidates: list[Generation], *, asked: bool
    ) -> Generation:
        for one in candidates:
            try:
                checked(connection, one)
            except SnapshotError as error:
                if asked:
                    raise
                logger.warning("passed over a snapshot: %s", error)
            else:
                return one
        raise SnapshotMissing("there is no snapshot to go back to; run audiatur reindex")


def _shelved(one: Generation) -> Shelved:
    try:
        manifest = manifest_of(one.name, one.manifest)
        created = datetime.fromisoformat(manifest.created)
    except SnapshotMismatch as error:
        return Shelved(one.name, State.OTHER_VERSION, one.current, one.pinned, wrong=str(error))
    except (SnapshotDamaged, ValueError) as error:
        return Shelved(one.name, State.DAMAGED, one.current, one.pinned, wrong=str(error))
    return Shelved(
        one.name,
        State.CURRENT if one.current else State.PREVIOUS,
        one.current,
        one.pinned,
        created,
        manifest.documents,
        manifest.passages,
        manifest.model,
    )
