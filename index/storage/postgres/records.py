"""What `index.storage.records.Records` tells of a snapshot, told of a generation in PostgreSQL."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING

from index.corpus.records import Card, Span
from index.debates.records import Anchored, Label, Side
from index.debates.stored import agenda_from_json
from index.guides.stored import guidebook_from_json
from index.storage.postgres.packing import ORDINAL_BITS, key_of
from index.storage.postgres.passages import known_document
from index.storage.records import Entry, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.corpus.survey import SourceFile
    from index.debates.loading import Agenda
    from index.guides.records import Guidebook
    from index.storage.postgres.passages import Known, Passages
    from index.storage.postgres.placing import Places
    from index.storage.postgres.reading import Reader
    from index.storage.records import Stored

_KEPT = 4096
_CHUNK = 1000
_LAST = (1 << ORDINAL_BITS) - 1
_DOCUMENTS = """
SELECT d.number, d.id, d.part, d.title, d.author, d.published, d.language, d.origin, d.pages,
    d.passages
FROM index_documents d JOIN index_members m ON m.document = d.number AND m.generation = %s
"""
_TEXT = "SELECT content FROM index_texts WHERE part = %s::smallint AND document = %s::bigint"
_SPAN = (
    "SELECT substr(content, %s, %s) FROM index_texts "
    "WHERE part = %s::smallint AND document = %s::bigint"
)
_PLACE = """
SELECT key FROM index_passages
WHERE part = %s::smallint AND key BETWEEN %s::bigint AND %s::bigint AND start <= %s AND stop > %s
"""
_PLACES = """
SELECT key, start, stop FROM index_passages
WHERE part = %s::smallint AND key BETWEEN %s::bigint AND %s::bigint
"""
_LABELS = """
SELECT subject, document, quote, side, given_by, reported, certainty, start, stop
FROM index_labels WHERE generation = %s ORDER BY place
"""
_LEFT_OUT = """
SELECT d.id, d.part, d.number FROM index_documents d
JOIN index_members m ON m.document = d.number AND m.generation = %s ORDER BY m.place
"""


class PostgresRecords:
    """Reads a generation's documents, passages, debates, labels and guides.

    Safe to use from several threads. What an answer needs of a passage comes with the passage.
    """

    def __init__(self, reader: Reader, places: Places, passages: Passages) -> None:
        self._reader = reader
        self._places = places
        self._passages = passages
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self.passage_count = places.count
        self.sentence_count = places.sentences

    def close(self) -> None:
        """Do nothing: connections are the database's."""

    def documents(self) -> list[Entry]:
        """Return all documents in the order of their ids."""
        records = self._reader.fetch(
            _DOCUMENTS + ' ORDER BY d.id COLLATE "C"', self._reader.generation
        )
        known = [known_document(record[0], record[1:]) for record in records]
        return [Entry(one.id, one.card, one.passages) for one in known]

    def card(self, document: str) -> Card:
        """Return what is known of a document."""
        return self._document(document).card

    def text(self, document: str, span: Span) -> str:
        """Return a span of a document's text as it was when the snapshot was built."""
        loaded = self._passages.covering(document, span)
        if loaded:
            start = loaded.stored.passage.span.start
            return loaded.text[span.start - start : span.end - start]
        known = self._document(document)
        found = self._reader.fetch(_SPAN, span.start + 1, len(span), known.part, known.number)
        return str(found[0][0])

    def page_of(self, document: str, position: int) -> int | None:
        """Return the page, from 1, that holds a position; `None` where there are no pages."""
        return bisect_right(self._document(document).pages, position) or None

    def pages_of(self, document: str) -> tuple[int, ...]:
        """Return where each page of a document begins; nothing where it has none."""
        return self._document(document).pages

    def whole_text(self, document: str) -> str:
        """Return a document's text as it was when the snapshot was built."""
        known = self._document(document)
        return str(self._reader.fetch(_TEXT, known.part, known.number)[0][0])

    def passages(self, rows: Sequence[int]) -> list[Stored]:
        """Return the passages of these rows, in the order asked for."""
        loaded = self._passages.of(rows)
        with self._lock:
            for one in loaded:
                self._keep(one.document)
        return [one.stored for one in loaded]

    def all_passages(self) -> list[Stored]:
        """Return every passage in row order."""
        starts = range(0, self._places.count, _CHUNK)
        chunks = (range(start, min(start + _CHUNK, self._places.count)) for start in starts)
        return [stored for chunk in chunks for stored in self.passages(chunk)]

    def passage_at(self, document: str, ordinal: int) -> Stored | None:
        """Return the passage at a place of a document, `None` past either end."""
        known = self._document(document)
        if not 0 <= ordinal < known.passages:
            return None
        return self.passages([self._places.row_of(key_of(known.number, ordinal))])[0]

    def passages_of(self, document: str) -> int:
        """Return how many passages a document has."""
        return self._document(document).passages

    def row_at(self, document: str, position: int) -> int:
        """Return the row of the passage that covers a position of a document."""
        loaded = self._passages.covering(document, Span(position, position + 1))
        if loaded:
            return loaded.stored.row
        known = self._document(document)
        first = known.number << ORDINAL_BITS
        found = self._reader.fetch(_PLACE, known.part, first, first + _LAST, position, position)
        if not found:
            raise ValueError(f"no such record: {position}")
        return self._places.row_of(found[0][0])

    def agenda(self) -> Agenda:
        """Return the debates and topics; labels are read with `labels`."""
        found = self._reader.fetch(
            "SELECT agenda FROM index_generations WHERE number = %s", self._reader.generation
        )
        return agenda_from_json(found[0][0])

    def labels(self) -> list[Anchored]:
        """Return all labels with their places; the passages that hold them are kept at hand."""
        records = self._reader.fetch(_LABELS, self._reader.generation)
        labels = [
            Anchored(
                Label(record[0], record[1], record[2], Side(record[3]), *record[4:7]),
                Span(*record[7:]),
            )
            for record in records
        ]
        self._fetch_holders(labels)
        return labels

    def guidebook(self) -> Guidebook:
        """Return the guides and interviews, their quotations tied to their places."""
        found = self._reader.fetch(
            "SELECT guidebook FROM index_generations WHERE number = %s", self._reader.generation
        )
        return guidebook_from_json(found[0][0])

    def files(self) -> Iterator[SourceFile]:
        """Return none: size and times of files mean something on the builder's machine only."""
        return iter(())

    def problems(self) -> list[Problem]:
        """Return what a person should look at."""
        records = self._reader.fetch(
            "SELECT what, reason FROM index_problems WHERE generation = %s ORDER BY place",
            self._reader.generation,
        )
        return [Problem.read(*record) for record in records]

    def left_out(self) -> list[tuple[str, str, str]]:
        """Return `(document, kind, text)` of each block that is not indexed."""
        found: list[tuple[str, str, str]] = []
        query = "SELECT left_out FROM index_texts WHERE part = %s::smallint AND document = %s"
        for name, part, number in self._reader.fetch(_LEFT_OUT, self._reader.generation):
            blocks = self._reader.fetch(query, part, number)[0][0]
            found += [(name, kind, text) for kind, text in blocks]
        return found

    def _document(self, name: str) -> Known:
        with self._lock:
            if name in self._known:
                return self._known[name]
        query = _DOCUMENTS + " WHERE d.id = %s"
        records = self._reader.fetch(query, self._reader.generation, name)
        if not records:
            raise ValueError(f"no such record: {name}")
        known = known_document(records[0][0], records[0][1:])
        with self._lock:
            self._keep(known)
        return known

    def _keep(self, known: Known) -> None:
        self._known[known.id] = known
        self._known.move_to_end(known.id)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def _fetch_holders(self, labels: Sequence[Anchored]) -> None:
        """Fetch the passages of labels in few queries: each label will be asked for its row."""
        rows: set[int] = set()
        for name in dict.fromkeys(one.label.document for one in labels):
            known = self._document(name)
            first = known.number << ORDINAL_BITS
            starts = [one.span.start for one in labels if one.label.document == name]
            records = self._reader.fetch(_PLACES, known.part, first, first + _LAST)
            rows |= {
                self._places.row_of(key)
                for key, start, stop in records
                if any(start <= position < stop for position in starts)
            }
        self._passages.of(sorted(rows))
