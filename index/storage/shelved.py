"""A snapshot as the list of snapshots shows it: what it is, without being opened to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from index.errors import SnapshotDamaged, SnapshotMismatch
from index.storage.snapshot import read_checked

if TYPE_CHECKING:
    from pathlib import Path


class State(StrEnum):
    """What a snapshot on the shelf is good for."""

    CURRENT = "current"
    PREVIOUS = "previous"
    DAMAGED = "damaged"
    OTHER_VERSION = "of another version"


@dataclass(frozen=True, slots=True)
class Shelved:
    """One snapshot of the list; what cannot be read of it is `None`.

    `pinned` is one that somebody went back to; `current` is told of a damaged one, too.
    """

    name: str
    state: State
    current: bool
    pinned: bool
    created: datetime | None = None
    documents: int | None = None
    passages: int | None = None
    model: str | None = None
    wrong: str | None = None


def inspect(folder: Path, *, current: bool, pinned: bool) -> Shelved:
    """Return what a snapshot's folder holds; each of its files is checked against the manifest."""
    try:
        manifest = read_checked(folder)
        created = datetime.fromisoformat(manifest.created)
    except SnapshotMismatch as error:
        return Shelved(folder.name, State.OTHER_VERSION, current, pinned, wrong=str(error))
    except (SnapshotDamaged, ValueError) as error:
        return Shelved(folder.name, State.DAMAGED, current, pinned, wrong=str(error))
    return Shelved(
        folder.name,
        State.CURRENT if current else State.PREVIOUS,
        current,
        pinned,
        created,
        manifest.documents,
        manifest.passages,
        manifest.model,
    )
