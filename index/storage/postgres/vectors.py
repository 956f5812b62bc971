"""Nearest passages by pgvector: exact while there are few, over HNSW indexes beyond.

Vectors are stored in half precision. The server only proposes: what it returns is measured again
here with the whole query, so that similarities are the same whichever way they were found. A filter
is held against what the indexes give; where too little of that passes, what passes is gone through.
"""

from __future__ import annotations

import math
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
    from index.storage.vectors import Mask, Rows

HELD = 20_000
"""So many vectors are kept at hand: those of labelled passages are asked for at every question."""
_SEEN_ALL = 2_000
"""A filter of up to so many rows is measured here, over vectors at hand."""
_SELECTIVE = 0.05
"""A filter that leaves a smaller share of the rows is gone through at once."""
_ASKED_PER_SHARE = 3
"""So many times as many are asked of the indexes as would do, did a filter leave rows by chance. It
does not pay to ask for more where that was too few: far from a query indexes lose neighbours."""
_CANDIDATES_PER_RESULT, _ROWS_PER_CANDIDATE, _CANDIDATES = 8, 1_250, (400, 1_000)
"""An index holds so many candidates for each row that is asked of it, and one for so many rows that
there are; at least and, in pgvector, at most so many. Recall@10 of the vectors of
`benchmarks/engine.py`: of 300,000 with 200 candidates 0.997, and 0.980 where a filter leaves 6 %;
of 1,000,000 with 400, 0.985 to 0.991 from one build of the indexes to the next."""
_CHUNK = 2_000
_BY_KEY = """
SELECT key, halfvec_send(vector) FROM index_passages
WHERE part = ANY(%s::smallint[]) AND key = ANY(%s::bigint[])
"""
_NEAREST = sql.SQL("""
SELECT n.key, halfvec_send(n.vector) FROM (
    SELECT p.key, p.vector FROM index_passages p WHERE p.space = {space} AND EXISTS (
        SELECT 1 FROM index_members m WHERE m.generation = %s AND m.document = p.key >> 20
    ) AND (SELECT set_config('hnsw.ef_search', %s, true)) <> ''
    ORDER BY p.vector::halfvec({dimension}) <#> %s::halfvec({dimension}) LIMIT %s
) n
""")
"""The setting is made for this statement alone, before anything is looked up."""
_NEAREST_AMONG = """
SELECT n.key, halfvec_send(n.vector) FROM (
    SELECT p.key, p.vector FROM index_passages p WHERE p.key = ANY(%s::bigint[])
    ORDER BY p.vector <#> %s::halfvec LIMIT %s
) n
"""
"""Without the number of dimensions no HNSW index fits the order."""


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
        left = None if among is None else self._mask(among)
        size = self.count if left is None else int(np.count_nonzero(left))
        wanted = min(limit, size)
        if wanted < 1:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        proposed = wanted + max(8, wanted // 4)
        if left is None:
            found, vectors = self._nearest(query, proposed)
        elif size <= _SEEN_ALL:
            found = np.flatnonzero(left)
            vectors = self.vectors(found)
        else:
            found, vectors = self._nearest_left(query, proposed, left, size)
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

    def _nearest(self, query: Vectors, wanted: int) -> tuple[Rows, Vectors]:
        """Return the rows that the server finds nearest, and their vectors."""
        statement = _NEAREST.format(
            space=sql.Literal(self._space), dimension=sql.Literal(self._dimension)
        )
        least, most = _CANDIDATES
        enough = max(_CANDIDATES_PER_RESULT * wanted, self.count // _ROWS_PER_CANDIDATE)
        candidates = min(most, max(least, enough))
        values = (self._reader.generation, str(candidates), halfvec_text(query), wanted)
        return self._read(self._reader.fetch(statement, *values))

    def _nearest_left(
        self, query: Vectors, wanted: int, left: Mask, size: int
    ) -> tuple[Rows, Vectors]:
        """Return the nearest of the `size` rows that a filter leaves, and their vectors.

        A filter that leaves many is slow to be sent and read there: so it is held against the
        nearest here. Where too few of those pass, all that it leaves are gone through.
        """
        share = size / self.count
        if share >= _SELECTIVE:
            found, vectors = self._nearest(query, math.ceil(_ASKED_PER_SHARE * wanted / share))
            kept = left[found]
            if np.count_nonzero(kept) >= min(wanted, size):
                return found[kept], vectors[kept]
        keys = self._places.keys[left].tolist()
        values = (keys, halfvec_text(query), wanted)
        return self._read(self._reader.fetch(_NEAREST_AMONG, *values))

    def _mask(self, among: Rows) -> Mask:
        """Return for each row whether it is among them, `(k,) -> (N,)`."""
        mask = np.zeros(self.count, np.bool_)
        mask[among[(among >= 0) & (among < self.count)]] = True
        return mask

    def _read(self, records: list[tuple[int, bytes]]) -> tuple[Rows, Vectors]:
        keys = np.array([key for key, _ in records], np.int64)
        rows, _ = self._places.rows_of(keys)
        return rows, from_halfvecs([vector for _, vector in records], self._dimension)
