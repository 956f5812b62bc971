"""What a build reads of records: whole documents, and passages one after the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.corpus.records import Block, BlockKind, Document, Passage, Span
from index.storage.records import Records, Stored, card_from, stored_from

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1000


class BuildRecords(Records):
    """Records of a snapshot in the making, or of one to take over from."""

    def files_in_part(self) -> frozenset[int]:
        """Return the places of the files of which something was left out."""
        return frozenset(row[0] for row in self._all("SELECT DISTINCT file FROM unreadable"))

    def card_of_file(self, name: str) -> str | None:
        """Return what the catalogue said of a file, `None` where it was not read."""
        rows = self._all("SELECT card FROM files WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def place_of(self, document: str, digest: str) -> int | None:
        """Return the place of a document with that id and digest, `None` without one."""
        query = "SELECT place FROM documents WHERE id = ? AND digest = ?"
        rows = self._all(query, document, digest)
        return int(rows[0][0]) if rows else None

    def languages(self) -> tuple[str, ...]:
        """Return the languages of the documents, in order."""
        rows = self._all("SELECT DISTINCT coalesce(language, 'en') FROM documents ORDER BY 1")
        return tuple(row[0] for row in rows)

    def quotes(self) -> list[str]:
        """Return what was labelled, word for word."""
        return [str(row[0]) for row in self._all("SELECT DISTINCT quote FROM labels")]

    def first_sentence(self, row: int) -> int:
        """Return the row of the first sentence of a passage, or of what comes after the last."""
        rows = self._all("SELECT first_sentence FROM passages WHERE row = ?", row)
        return int(rows[0][0]) if rows else self.sentence_count

    def document(self, name: str) -> Document:
        """Return a document with its passages; blocks come without their headings.

        Raises:
            ValueError: There is none of that name.
        """
        passages = self._all("SELECT * FROM passages WHERE document = ? ORDER BY ordinal", name)
        return self._document(name, tuple(stored_from(row).passage for row in passages))

    def stream(self, start: int, stop: int) -> Iterator[tuple[Document, Stored]]:
        """Return the passages of rows from `start` until before `stop`, each with its document.

        The documents come without blocks and passages; one of them is held in memory.
        """
        document: Document | None = None
        for first in range(start, stop, _CHUNK):
            rows = self._all(
                "SELECT * FROM passages WHERE row >= ? AND row < ? ORDER BY row",
                first,
                min(stop, first + _CHUNK),
            )
            for row in rows:
                if document is None or document.id != row[1]:
                    document = self._document(row[1])
                yield document, stored_from(row)

    def _document(self, name: str, passages: tuple[Passage, ...] = ()) -> Document:
        row = self._one(
            "SELECT title, author, published, language, origin, text, digest, blocks, pages "
            "FROM documents WHERE id = ?",
            name,
        )
        blocks = tuple(
            Block(BlockKind(kind), Span(start, end))
            for kind, start, end in (json.loads(row[7]) if passages else ())
        )
        pages = tuple(json.loads(row[8]))
        return Document(name, row[5], card_from(row[:5]), row[6], blocks, passages, pages)
