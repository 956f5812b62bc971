"""Passages that were fetched, with all that an answer needs of them, kept while they are used."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.corpus.records import Card, Passage, Span
from index.storage.postgres.packing import ORDINAL_BITS
from index.storage.records import Stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from index.storage.postgres.packing import Halves
    from index.storage.postgres.placing import Places
    from index.storage.postgres.reading import Reader

KEPT = 4096
"""So many passages are kept, some kilobytes each."""
_CHUNK = 500
_QUERY = """
SELECT p.key, p.start, p.stop, p.heading, p.sentences, p.content, p.sentence_vectors,
    d.id, d.part, d.title, d.author, d.published, d.language, d.origin, d.pages, d.passages
FROM index_passages p JOIN index_documents d ON d.number = p.key >> 20
WHERE p.part = ANY(%s::smallint[]) AND p.key = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A document of a generation, without its text."""

    number: int
    id: str
    part: int
    card: Card
    pages: tuple[int, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A passage with its text, its document, and its sentences' vectors, `(S, D)`."""

    stored: Stored
    text: str
    document: Known
    vectors: Halves


class Passages:
    """The passages of a generation; safe to use from several threads."""

    def __init__(self, reader: Reader, places: Places, dimension: int) -> None:
        self._reader = reader
        self._places = places
        self._dimension = dimension
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Loaded] = OrderedDict()
        self._rows: defaultdict[str, set[int]] = defaultdict(set)

    def of(self, rows: Sequence[int]) -> list[Loaded]:
        """Return the passages of these rows, in the order asked for.

        Raises:
            ValueError: There is no such row.
        """
        wanted = [int(row) for row in rows]
        for row in wanted:
            if not 0 <= row < self._places.count:
                raise ValueError(f"no such record: {row}")
        found = self._from_kept(wanted)
        missing = [row for row in dict.fromkeys(wanted) if row not in found]
        for start in range(0, len(missing), _CHUNK):
            loaded = self._load(missing[start : start + _CHUNK])
            found |= loaded
            self._keep(loaded)
        return [found[row] for row in wanted]

    def covering(self, document: str, span: Span) -> Loaded | None:
        """Return a passage at hand that covers a span of a document, if there is one."""
        with self._lock:
            for row in self._rows.get(document, ()):
                if self._kept[row].stored.passage.span.covers(span):
                    return self._kept[row]
        return None

    def _from_kept(self, rows: Sequence[int]) -> dict[int, Loaded]:
        with self._lock:
            found = {row: self._kept[row] for row in rows if row in self._kept}
            for row in found:
                self._kept.move_to_end(row)
        return found

    def _load(self, rows: Sequence[int]) -> dict[int, Loaded]:
        places = np.array(rows, np.int64)
        keys = self._places.keys[places].tolist()
        found = self._reader.fetch(_QUERY, self._places.parts_of(places), keys)
        loaded = {one.stored.row: one for one in map(self._loaded, found)}
        if len(loaded) < len(rows):
            raise ValueError(f"no such record: {min(set(rows) - set(loaded))}")
        return loaded

    def _loaded(self, record: Sequence[Any]) -> Loaded:
        key, start, stop, heading, sentences, text, vectors, *document = record
        row = self._places.row_of(key)
        known = known_document(key >> ORDINAL_BITS, document)
        spans = tuple(map(Span, sentences[::2], sentences[1::2]))
        ordinal = key & ((1 << ORDINAL_BITS) - 1)
        passage = Passage(known.id, ordinal, Span(start, stop), tuple(heading), spans)
        stored = Stored(row, int(self._places.first_sentences[row]), passage)
        halves = np.frombuffer(vectors, "<f2").reshape(-1, self._dimension)
        return Loaded(stored, text, known, halves)

    def _keep(self, loaded: dict[int, Loaded]) -> None:
        with self._lock:
            for row, one in loaded.items():
                self._kept[row] = one
                self._rows[one.document.id].add(row)
            while len(self._kept) > KEPT:
                row, one = self._kept.popitem(last=False)
                self._rows[one.document.id].discard(row)


def known_document(number: int, record: Sequence[Any]) -> Known:
    """Return a document from the columns `id` to `passages`."""
    name, part, title, author, published, language, origin, pages, passages = record
    card = Card(title, author, published, language, origin)
    return Known(number, name, part, card, tuple(pages), passages)


class Sentences:
    """The vectors of the sentences, `(M, D)`, read as an array is: by rows, or by a slice."""

    def __init__(self, passages: Passages, places: Places, dimension: int) -> None:
        self._passages = passages
        self._places = places
        self._dimension = dimension

    def __len__(self) -> int:
        return self._places.sentences

    def __getitem__(self, wanted: slice | Sequence[int]) -> Halves:
        """Return the vectors of some sentences, `(n, D)`."""
        if isinstance(wanted, slice):
            wanted = range(*wanted.indices(len(self)))
        sentences = np.asarray(wanted, np.int64)
        if not len(sentences):
            return np.empty((0, self._dimension), np.float16)
        holders = self._places.holders(sentences)
        rows = list(dict.fromkeys(holders.tolist()))
        loaded = dict(zip(rows, self._passages.of(rows), strict=True))
        offsets = sentences - self._places.first_sentences[holders]
        vectors = [
            loaded[row].vectors[offset]
            for row, offset in zip(holders.tolist(), offsets.tolist(), strict=True)
        ]
        return np.stack(vectors)
