"""The list of snapshots in a terminal, and the way back to an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.storage.protocol import Shelf
    from index.storage.shelved import Shelved

_MODEL_SHOWN = 40


def list_snapshots(shelf: Shelf) -> str:
    """Return one line a snapshot, newest first, and why those that are damaged are."""
    shelved = shelf.snapshots()
    if not shelved:
        return "There is no index yet; run audiatur reindex.\n"
    return "".join(f"{line}\n" for one in shelved for line in _lines(one))


def roll_back(shelf: Shelf, name: str | None = None) -> str:
    """Let the previous snapshot answer, or the one named; return what to tell of it.

    Raises:
        ValueError: There is no snapshot of that name, or it answers already.
        AudiaturError: It cannot be used, there is none, or an index is being built.
    """
    chosen = shelf.roll_back(name)
    return (
        f"{chosen} answers now, running bots follow with the next question.\n"
        "It stays until audiatur reindex (or /reindex) is asked for, also if the corpus changes.\n"
    )


def _lines(one: Shelved) -> Iterator[str]:
    marks = [str(one.state)]
    if one.current and one.state != "current":
        marks.append("current")
    if one.pinned:
        marks.append("pinned: stays until the next reindex")
    parts = [one.name, ", ".join(marks)]
    if one.created:
        parts.append(f"{one.created:%Y-%m-%d %H:%M} UTC")
        parts.append(f"{one.documents} documents, {one.passages} passages")
        parts.append((one.model or "")[:_MODEL_SHOWN])
    yield "  ".join(parts)
    if one.wrong:
        yield f"    {one.wrong}"
