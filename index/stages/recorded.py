"""Documents as a build recorded them, read again one by one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.corpus.records import Document
    from index.storage.rereading import BuildRecords

_HELD = 16


class RecordedDocuments(Mapping[str, "Document"]):
    """Recorded documents by their ids; the last few that were asked for are held in memory."""

    def __init__(self, records: BuildRecords) -> None:
        self._records = records
        self._held: OrderedDict[str, Document] = OrderedDict()

    def __getitem__(self, name: str) -> Document:
        if name not in self._held:
            try:
                self._held[name] = self._records.document(name)
            except ValueError as error:
                raise KeyError(name) from error
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(name)
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return (entry.id for entry in self._records.documents())

    def __len__(self) -> int:
        return self._records.document_count
