"""The folder of snapshots: which one answers, which one answered before, and who is building.

Layout of the data folder::

    CURRENT             the name of the snapshot that answers; replaced atomically
    embeddings.sqlite   vectors by content and model
    stances.sqlite      what the stance model made of texts, by content and model
    lock                held while somebody builds
    snapshots/<name>/   finished snapshots; <name>.building/ is one in the making
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import BuildInProgress, SnapshotMissing
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUILDING = ".building"
_KEPT = 2


class Shelf:
    """Finds, publishes and prunes the snapshots of one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._snapshots = data / "snapshots"
        self._pointer = data / "CURRENT"

    @property
    def embeddings(self) -> Path:
        """Where vectors are kept by content and model."""
        return self._data / "embeddings.sqlite"

    @property
    def stances(self) -> Path:
        """Where a stance model's answers are kept by content and model."""
        return self._data / "stances.sqlite"

    def current_name(self) -> str | None:
        """Return the name of the snapshot that answers, `None` before the first build."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name if (self._snapshots / name).is_dir() else None

    def open_current(self) -> Snapshot:
        """Return the snapshot that answers.

        Raises:
            SnapshotMissing: There is none yet.
            SnapshotDamaged, SnapshotMismatch: It cannot be used.
        """
        name = self.current_name()
        if name is None:
            raise SnapshotMissing(f"there is no index in {self._data} yet; run audiatur reindex")
        return Snapshot(self._snapshots / name)

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the builder's lock, so that two never build in one place.

        Raises:
            BuildInProgress: Another process holds it.
        """
        self._snapshots.mkdir(parents=True, exist_ok=True)
        with (self._data / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BuildInProgress(
                    "an index is being built already; wait until it is done"
                ) from error
            self._clear_unfinished()
            yield

    def workplace(self, name: str) -> Path:
        """Return a new folder to build the snapshot `name` in."""
        folder = self._snapshots / (name + _BUILDING)
        folder.mkdir(parents=True)
        return folder

    def publish(self, workplace: Path) -> None:
        """Make a finished snapshot the one that answers; the previous one is kept.

        A kill at any moment leaves either the old or the new snapshot answering.
        """
        name = workplace.name.removesuffix(_BUILDING)
        previous = self.current_name()
        _flush_tree(workplace)
        workplace.rename(self._snapshots / name)
        draft = self._pointer.with_suffix(".new")
        draft.write_text(name + "\n", encoding="utf-8")
        _flush(draft)
        draft.replace(self._pointer)
        _flush(self._data)
        self._prune(keep={name, previous})

    def _prune(self, keep: set[str | None]) -> None:
        finished = sorted(path for path in self._snapshots.iterdir() if path.name not in keep)
        room = max(0, _KEPT - len(keep - {None}))
        for folder in finished[: len(finished) - room]:
            shutil.rmtree(folder, ignore_errors=True)

    def _clear_unfinished(self) -> None:
        for folder in self._snapshots.glob(f"*{_BUILDING}"):
            shutil.rmtree(folder, ignore_errors=True)


def _flush_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
