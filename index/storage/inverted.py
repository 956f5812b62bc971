"""Inverted lists of coarse vectors: finds candidates where looking at every vector is too slow.

Vectors are put into lists by the nearest of some centroids and kept there with a byte for each
number, as what is left after the centroid is taken away (Jégou et al. 2011,
doi:10.1109/TPAMI.2010.57; faiss's IndexIVFScalarQuantizer). A search looks through the lists whose
centroids are nearest to the query until they held enough rows that the filter lets through. So a
filter costs no recall, also where the rows that it leaves lie far from the query.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

import faiss
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]

EXACT_UP_TO = 20_000
"""So many vectors are compared with a query one by one."""
_LISTS_PER_ROOT = 4.0
_TAUGHT_PER_LIST = 40
"""Faiss warns below 39 vectors for each centroid."""
_ROUNDS = 5
_LOOKED_THROUGH_AT_LEAST = 10_000
_LOOKED_THROUGH_PER_ROOT = 16.0
_LOOKED_THROUGH_PER_RESULT = 64
"""Recall@10 beside exact search, with real questions and vectors made up around those of real
sentences (`benchmarks/engine.py`): 0.994 of 100,000 and 0.997 of 1,000,000, 0.996 and 0.998 where
a filter leaves half. With half as many looked through it is 0.983 of 100,000. A navigable graph
(HNSW, 16 links) found as much there in 0.6 of the time, was built in 2.5 times the time, and loses
rows that a filter leaves far from the query."""
_COUNTED = 65_536
"""Of so many rows it is looked up which lists a filter leaves them in."""
_SEED = 5
_CARRIED = 0.9
"""Lists go on to serve while this share of the vectors was in them before."""
_SIZE_OFF = 0.1
"""And while there are as many as would be made anew, or nearly."""


class Kind(Enum):
    """How a store searches: every vector, or inverted lists and then the nearest vectors."""

    EXACT = "exact"
    LISTS = "lists"


class InvertedLists:
    """The rows of `index` in their lists."""

    def __init__(self, index: faiss.IndexIVF) -> None:
        self.index = index
        self._list_of = _list_of_rows(index)
        self._sizes = np.bincount(self._list_of, minlength=index.nlist)

    @classmethod
    def of(cls, sample: Vectors, blocks: Iterable[Vectors], count: int) -> InvertedLists:
        """Return lists of the `count` vectors in blocks, made by what a sample of them teaches."""
        dimension, lists = sample.shape[1], min(_list_count(count), len(sample))
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension), dimension, lists,
            faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT,
        )  # fmt: skip
        index.cp.niter = _ROUNDS
        index.train(sample)
        for block in blocks:
            index.add(block)
        return cls(index)

    def serves(self, came_from: Rows) -> bool:
        """Tell whether these lists are good enough for vectors that are mostly old ones.

        `came_from`, `(N,)`, tells which row here each of them was, -1 for a new one.
        """
        count, lists = len(came_from), self.index.nlist
        fits = abs(lists - _list_count(count)) <= _SIZE_OFF * lists
        return fits and int(np.count_nonzero(came_from >= 0)) >= _CARRIED * count

    def carried(self, came_from: Rows, blocks: Iterable[Vectors]) -> InvertedLists:
        """Return lists of the N vectors in blocks, with the centroids of these, which are used up.

        `came_from` is as above. Old vectors stay in their lists; only new ones look for theirs.
        """
        became = np.full(self.index.ntotal, -1, np.int64)
        kept = np.flatnonzero(came_from >= 0)
        became[came_from[kept]] = kept
        self._renumber(became)
        new = np.ones(len(came_from), np.bool_)  # a row that was copied twice is new once
        new[became[became >= 0]] = False
        start = 0
        for block in blocks:
            rows = np.flatnonzero(new[start : start + len(block)])
            if len(rows):
                self.index.add_with_ids(block[rows], start + rows)
            start += len(block)
        return InvertedLists(self.index)

    def _renumber(self, became: Rows) -> None:
        """Give each row its new number, `(N,)`, and drop those that became none (-1)."""
        lists = self.index.invlists
        for number in range(self.index.nlist):
            size = lists.list_size(number)  # type: ignore[union-attr]
            if not size:
                continue
            ids = became[faiss.rev_swig_ptr(lists.get_ids(number), size)]  # type: ignore[union-attr]
            codes = faiss.rev_swig_ptr(lists.get_codes(number), size * lists.code_size).reshape(  # type: ignore[union-attr]
                size, -1
            )
            left = ids >= 0
            ids, codes = ids[left], codes[left].copy()
            lists.resize(number, 0)  # type: ignore[union-attr]
            pointer = faiss.swig_ptr
            lists.add_entries(number, len(ids), pointer(ids), pointer(codes))  # type: ignore[union-attr]
        self.index.ntotal = int(np.count_nonzero(became >= 0))

    def candidates(
        self, query: Vectors, wanted: int, enough: int, among: Mask | None = None
    ) -> Rows:
        """Return up to `wanted` rows near to a query, `(1, D) -> (k,)`.

        They are the best of about `enough` rows, or more, all from `among`, `(N,)`, where given.
        """
        similarities, lists = self._nearest_lists(query, enough, among)
        selector = None
        if among is not None:
            bits = np.packbits(among, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
        parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=lists.shape[1], sel=selector
        )
        found, rows = np.empty((1, wanted), np.float32), np.empty((1, wanted), np.int64)
        pointer = faiss.swig_ptr
        self.index.search_preassigned_c(  # type: ignore[attr-defined]
            1, pointer(query), wanted, pointer(lists), pointer(similarities), pointer(found),
            pointer(rows), False, parameters,  # noqa: FBT003 - faiss takes no names here
        )  # fmt: skip
        return np.asarray(rows[0][rows[0] >= 0], np.int64)

    def _nearest_lists(
        self, query: Vectors, enough: int, among: Mask | None
    ) -> tuple[Vectors, Rows]:
        """Return the nearest lists that hold `enough` rows, `(1, D) -> (1, n)` twice."""
        sizes = self._sizes if among is None else self._left(among)
        asked = math.ceil(1.5 * self.index.nlist * enough / max(1, sizes.sum()))
        while True:
            asked = min(asked, self.index.nlist)
            similarities, lists = self.index.quantizer.search(query, asked)
            held = np.cumsum(sizes[lists[0]])
            if held[-1] >= enough or asked == self.index.nlist:
                break
            asked *= 4
        needed = int(np.searchsorted(held, enough)) + 1
        return similarities[:, :needed].copy(), lists[:, :needed].copy()

    def _left(self, among: Mask) -> NDArray[np.float64]:
        """Return how many rows of each list a filter leaves, estimated where there are many."""
        step = max(1, len(among) // _COUNTED)
        left = self._list_of[::step][among[::step]]
        return np.asarray(np.bincount(left, minlength=self.index.nlist) * step, np.float64)


def lists_for(
    count: int,
    blocks: Callable[[], Iterable[Vectors]],
    kind: Kind | None = None,
    older: InvertedLists | None = None,
    came_from: Rows | None = None,
) -> InvertedLists | None:
    """Return the lists of `count` vectors, or `None` for exact search.

    `blocks` goes through all of them in order, `(n, D)` at a time; it is called twice, so that only
    a sample is held. `kind` is chosen by `count` unless said. Where most of them were in `older`
    lists, each in the row that `came_from`, `(count,)`, tells, those are used, and used up.
    """
    chosen = kind or (Kind.EXACT if count <= EXACT_UP_TO else Kind.LISTS)
    if chosen is Kind.EXACT or not count:
        return None
    if older and came_from is not None and older.serves(came_from):
        return older.carried(came_from, blocks())
    size = min(count, _TAUGHT_PER_LIST * _list_count(count))
    rows = np.sort(np.random.default_rng(_SEED).choice(count, size, replace=False))
    return InvertedLists.of(_rows_of(blocks(), rows), blocks(), count)


def looked_through(count: int, wanted: int) -> int:
    """Return how many rows that a filter leaves are looked at to find `wanted` of them."""
    by_count = round(_LOOKED_THROUGH_PER_ROOT * math.sqrt(count))
    return max(_LOOKED_THROUGH_AT_LEAST, by_count, _LOOKED_THROUGH_PER_RESULT * wanted)


def _rows_of(blocks: Iterable[Vectors], rows: Rows) -> Vectors:
    """Return some of the vectors in blocks; `rows` ascend."""
    found, start = [], 0
    for block in blocks:
        first, last = np.searchsorted(rows, [start, start + len(block)])
        found.append(block[rows[first:last] - start])
        start += len(block)
    return np.concatenate(found)


def _list_count(count: int) -> int:
    return max(1, round(_LISTS_PER_ROOT * math.sqrt(count)))


def _list_of_rows(index: faiss.IndexIVF) -> NDArray[np.int32]:
    """Return the list of each row, `(N,)`."""
    found = np.zeros(index.ntotal, np.int32)
    for number in range(index.nlist):
        size = index.invlists.list_size(number)  # type: ignore[union-attr]
        if size:
            ids = index.invlists.get_ids(number)  # type: ignore[union-attr]
            found[faiss.rev_swig_ptr(ids, size)] = number
    return found
