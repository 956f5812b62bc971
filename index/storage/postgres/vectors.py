"""Nearest passages by pgvector: exact while there are few, over HNSW indexes beyond.

Vectors are stored in half precision. The server only proposes: what it returns is measured again
here with the whole query, so that similarities are the same whichever way they were found.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from psycopg import sql

from index.errors import SnapshotDamaged
from index.storage.postgres.packing import from_halfvecs, halfvec_text
from index.storage.vectors import Neighbours

if TYPE_CHECKING:
    from index.encoding.protocol import Vectors
    from index.storage.postgres.placing import Places
    from index.storage.postgres.reading import Reader
    from index.storage.vectors import Rows

HELD = 20_000
"""So many vectors are kept at hand: those of labelled passages are asked for at every question."""
_SEEN_ALL = 2_000
"""A filter of up to so many rows is measured here, over vectors at hand."""
_SELECTIVE = 0.05
"""Below this share of the rows a filter is cheaper to go through than the index."""
_CHUNK = 2_000
_BY_KEY = """
SELECT key, halfvec_send(vector) FROM index_passages
WHERE part = ANY(%s::smallint[]) AND key = ANY(%s::bigint[])
"""
_NEAREST = sql.SQL("""
SELECT p.key, halfvec_send(p.vector) FROM index_passages p
WHERE p.space = {space} AND EXISTS (
    SELECT 1 FROM index_members m WHERE m.generation = %s AND m.document = p.key >> 20
) {filter}
ORDER BY (p.vector::halfvec({dimension}) <#> %s::halfvec({dimension})) {slowly} LIMIT %s
""")


class PostgresVectors:
    """The vectors of a generation; safe to use from several threads."""

    def __init__(self, reader: Reader, places: Places, space: int, dimension: int) -> None:
        self._reader = reader
        self._places = places
        self._space = space
        self._dimension = dimension
        self._lock = threading.Lock()
        self._held: OrderedDict[int, Vectors] = OrderedDict()

    @property
    def count(self) -> int:
        """How many vectors are stored."""
        return self._places.count

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return self._dimension

    def search(self, query: Vectors, limit: int, among: Rows | None = None) -> Neighbours:
        """Return up to `limit` neighbours of one query, only from `among` if given."""
        rows = None if among is None else np.unique(among[(among >= 0) & (among < self.count)])
        wanted = min(limit, self.count if rows is None else len(rows))
        if wanted < 1:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        if rows is not None and len(rows) <= _SEEN_ALL:
            found, vectors = rows, self.vectors(rows)
        else:
            found, vectors = self._proposed(query, wanted + max(8, wanted // 4), rows)
        similarities = np.asarray(vectors @ np.asarray(query, np.float32), np.float32)
        order = np.lexsort((found, -similarities))[:wanted]
        return Neighbours(found[order], similarities[order])

    def vectors(self, rows: Rows) -> Vectors:
        """Return stored vectors, `(k,) -> (k, D)`.

        Raises:
            SnapshotDamaged: One is missing.
        """
        if not len(rows):
            return np.empty((0, self._dimension), np.float32)
        wanted = [int(row) for row in rows]
        with self._lock:
            known = {row: self._held[row] for row in wanted if row in self._held}
        missing = [row for row in dict.fromkeys(wanted) if row not in known]
        for start in range(0, len(missing), _CHUNK):
            known |= self._fetched(missing[start : start + _CHUNK])
        return np.stack([known[row] for row in wanted])

    def _fetched(self, rows: list[int]) -> dict[int, Vectors]:
        places = np.array(rows, np.int64)
        keys = self._places.keys[places].tolist()
        records = self._reader.fetch(_BY_KEY, self._places.parts_of(places), keys)
        if len(records) < len(rows):
            raise SnapshotDamaged(
                f"{len(rows) - len(records)} passages are missing; run audiatur reindex"
            )
        found, vectors = self._read(records)
        fetched = dict(zip(found.tolist(), vectors, strict=True))
        with self._lock:
            self._held.update(fetched)
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return fetched

    def _proposed(self, query: Vectors, wanted: int, rows: Rows | None) -> tuple[Rows, Vectors]:
        """Return the rows that the server finds nearest, and their vectors.

        The index gives vectors in order until enough of them pass the filter. One that lets few
        pass is gone through instead, which an index cannot do: adding 0 keeps it out.
        """
        selective = rows is not None and len(rows) < _SELECTIVE * self.count
        statement = _NEAREST.format(
            space=sql.Literal(self._space),
            dimension=sql.Literal(self._dimension),
            filter=sql.SQL("" if rows is None else "AND p.key = ANY(%s::bigint[])"),
            slowly=sql.SQL("+ 0.0" if selective else ""),
        )
        keys = [] if rows is None else [self._places.keys[rows].tolist()]
        values = (self._reader.generation, *keys, halfvec_text(query), wanted)
        return self._read(self._reader.fetch(statement, *values))

    def _read(self, records: list[tuple[int, bytes]]) -> tuple[Rows, Vectors]:
        keys = np.array([key for key, _ in records], np.int64)
        rows, _ = self._places.rows_of(keys)
        return rows, from_halfvecs([vector for _, vector in records], self._dimension)
