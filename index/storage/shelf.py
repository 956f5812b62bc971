"""The folder of snapshots: which one answers, which one answered before, and who is building.

Layout of the data folder::

    CURRENT             the name of the snapshot that answers; replaced atomically
    PINNED              the name of the one that somebody went back to, until the next build
    embeddings.sqlite   vectors by content and model
    stances.sqlite      what the stance model made of texts, by content and model
    lock                held while somebody builds
    snapshots/<name>/   finished snapshots; <name>.building/ is one in the making
"""

from __future__ import annotations

import fcntl
import logging
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import BuildInProgress, SnapshotDamaged, SnapshotError, SnapshotMissing
from index.storage.durable import flush_tree, replace_content
from index.storage.shelved import Shelved, inspect
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

KEPT = 3
"""So many finished snapshots stay: the one that answers, the one before it, and one more."""
_BUILDING = ".building"


class Shelf:
    """Finds, publishes and prunes the snapshots of one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._snapshots = data / "snapshots"
        self._pointer = data / "CURRENT"
        self._pin = data / "PINNED"
        self._stand_ins: dict[str, str] = {}

    @property
    def embeddings(self) -> Path:
        """Where vectors are kept by content and model."""
        return self._data / "embeddings.sqlite"

    @property
    def stances(self) -> Path:
        """Where a stance model's answers are kept by content and model."""
        return self._data / "stances.sqlite"

    def current_name(self) -> str | None:
        """Return the name of the snapshot that answers, `None` before the first build.

        Where `open_current` found the current one damaged, it is the one that was opened instead.
        """
        name = _read(self._pointer)
        name = self._stand_ins.get(name or "", name)
        return name if name and (self._snapshots / name).is_dir() else None

    def open_current(
        self, when_skipped: Callable[[SnapshotDamaged], None] | None = None
    ) -> Snapshot:
        """Return the snapshot that answers.

        With `when_skipped`, the newest undamaged other one is opened where the current one is
        damaged, and `when_skipped` is told what is wrong with the current one.

        Raises:
            SnapshotMissing: There is none yet.
            SnapshotDamaged, SnapshotMismatch: It cannot be used, and no other one is to be.
        """
        name = self._stand_ins.get(_read(self._pointer) or "", _read(self._pointer))
        if name is None or not (when_skipped or (self._snapshots / name).is_dir()):
            raise SnapshotMissing(f"there is no index in {self._data} yet; run audiatur reindex")
        try:
            return self._open(name)
        except SnapshotDamaged as error:
            other = self._newest_sound(name) if when_skipped else None
            if other is None or when_skipped is None:
                raise
            logger.warning("%s; %s answers instead", error, other.name)
            self._stand_ins[_read(self._pointer) or ""] = other.name
            when_skipped(error)
            return other

    def snapshots(self) -> list[Shelved]:
        """Return what is on the shelf, newest first; every file of every snapshot is checked."""
        current, pinned = self.current_name(), _read(self._pin)
        return [
            inspect(self._snapshots / name, current=name == current, pinned=name == pinned)
            for name in self._names()
        ]

    def roll_back(self, to: str | None = None) -> str:
        """Let an older snapshot answer, the newest sound one or that named `to`; return its name.

        It is opened and checked before the switch, and pinned: nobody rebuilds it for being out of
        date before the next build is asked for.

        Raises:
            ValueError: There is no snapshot called `to`, or it answers already.
            SnapshotError: It cannot be used, or there is none to go back to.
            BuildInProgress: An index is being built.
        """
        with self._locked():
            current = _read(self._pointer)
            if to is not None and to not in self._names():
                raise ValueError(f"no snapshot is called {to!r}; audiatur snapshots lists them")
            chosen = self._open(to) if to else self._newest_sound(current or "", only_older=True)
            if chosen is None:
                raise SnapshotMissing("there is no snapshot to go back to; run audiatur reindex")
            chosen.close()
            if chosen.name == current:
                raise ValueError(f"the snapshot {to} answers already")
            replace_content(self._pin, chosen.name)
            replace_content(self._pointer, chosen.name)
            self._stand_ins.clear()
            return chosen.name

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the builder's lock, so that two never build in one place.

        Raises:
            BuildInProgress: Another process holds it.
        """
        with self._locked():
            yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._snapshots.mkdir(parents=True, exist_ok=True)
        with (self._data / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BuildInProgress(
                    "an index is being built already; wait until it is done"
                ) from error
            yield

    def bases(self) -> list[Path]:
        """Return the folders of snapshots that a build may take over from, best first."""
        current = self.current_name()
        names = sorted(self._names(), key=lambda name: name != current)
        return [self._snapshots / name for name in names]

    def workplace(self, name: str) -> Path:
        """Return the folder to build the snapshot `name` in.

        It holds what the last build left unfinished, if that was killed.
        """
        folder = self._snapshots / (name + _BUILDING)
        unfinished = sorted(self._snapshots.glob(f"*{_BUILDING}"))
        if unfinished:
            unfinished.pop().rename(folder)
        for forgotten in unfinished:
            shutil.rmtree(forgotten, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def publish(self, workplace: Path) -> None:
        """Make a finished snapshot the one that answers; previous ones are kept, `KEPT` in all.

        A kill at any moment leaves either the old or the new snapshot answering.
        """
        name = workplace.name.removesuffix(_BUILDING)
        previous = self.current_name()
        flush_tree(workplace)
        workplace.rename(self._snapshots / name)
        replace_content(self._pointer, name)
        self._pin.unlink(missing_ok=True)
        self._prune(keep={name, previous})

    def _open(self, name: str) -> Snapshot:
        snapshot = Snapshot(self._snapshots / name, pinned=name == _read(self._pin))
        try:
            snapshot.check_planted()
        except SnapshotDamaged:
            snapshot.close()
            raise
        return snapshot

    def _newest_sound(self, than: str, *, only_older: bool = False) -> Snapshot | None:
        """Return the newest snapshot that can be used, other than one; `None` if there is none."""
        for name in self._names():
            if name < than or (name > than and not only_older):
                try:
                    return self._open(name)
                except SnapshotError as error:
                    logger.warning("passed over a snapshot: %s", error)
        return None

    def _names(self) -> list[str]:
        """Return the names of finished snapshots, newest first."""
        if not self._snapshots.is_dir():
            return []
        folders = (path for path in self._snapshots.iterdir() if path.is_dir())
        names = (path.name for path in folders if path.suffix != _BUILDING)
        return sorted(names, reverse=True)

    def _prune(self, keep: set[str | None]) -> None:
        others = [name for name in self._names() if name not in keep]
        for name in others[max(0, KEPT - len(keep - {None})) :]:
            shutil.rmtree(self._snapshots / name, ignore_errors=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
