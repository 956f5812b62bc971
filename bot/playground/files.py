"""Files that were sent, by identifier and by path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as Telegram keeps it; `file_id` names it in requests, `path` in downloads."""

    file_id: str
    path: str
    name: str
    content: bytes
    mime_type: str

    def as_document(self) -> dict[str, Any]:
        """Return a Document."""
        return self._identity() | {"file_name": self.name, "mime_type": self.mime_type}

    def as_file(self) -> dict[str, Any]:
        """Return a File, with the path from which it can be downloaded."""
        return self._identity() | {"file_path": self.path}

    def _identity(self) -> dict[str, Any]:
        return {
            "file_id": self.file_id,
            "file_unique_id": hashlib.sha256(self.content).hexdigest()[:16],
            "file_size": len(self.content),
        }


class Files:
    """All files of one server; the oldest go where they take too much room."""

    def __init__(self, most_bytes: int | None = None) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._most_bytes = most_bytes
        self._count = 0

    def add(self, name: str, content: bytes, mime_type: str) -> StoredFile:
        """Keep a file and give it its identifier and its path."""
        number = self._count
        self._count += 1
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(
            file_id=f"BQACAgIAAxkBAAI{number:08d}",
            path=f"documents/file_{number}.{suffix}",
            name=name,
            content=content,
            mime_type=mime_type,
        )
        self._by_id[stored.file_id] = stored
        self._make_room()
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """Return the file with this identifier."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Return the file at this download path."""
        return next((one for one in self._by_id.values() if one.path == path), None)

    def _make_room(self) -> None:
        most = self._most_bytes
        while most and len(self._by_id) > 1 and self._size() > most:
            del self._by_id[next(iter(self._by_id))]

    def _size(self) -> int:
        return sum(len(one.content) for one in self._by_id.values())
