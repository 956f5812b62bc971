"""Passages by the words that they share with a question: tantivy's order, from postings in tables.

What a word's postings hold of a generation is fetched once and kept: every side of an answer asks
for the same words.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.storage.analysis import analyser_of
from index.storage.postgres import bm25
from index.storage.postgres.packing import (
    counts_in,
    from_bigints,
    keys_in,
    lengths_in,
    word_hash,
)
from index.storage.words import K1, Matches, idf, question_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.storage.postgres.placing import Places
    from index.storage.postgres.reading import Reader
    from index.storage.vectors import Rows

HELD = 4_000_000
"""So many entries are kept at hand, 16 bytes each."""
_QUERY = "SELECT word, array_send(entries) FROM index_postings WHERE word = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class _Posting:
    """The passages that say a word, in row order, how often, and the ids of their lengths."""

    rows: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.uint8]

    def within(self, rows: Rows) -> _Posting:
        """Return what it holds of some rows, which are in order."""
        if not len(self.rows):
            return self
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        kept = at[self.rows[at] == rows]
        return _Posting(self.rows[kept], self.counts[kept], self.lengths[kept])


class PostgresWords:
    """The words of a generation; safe to use from several threads.

    `tokens` is how many words all passages have, by language: the languages of the corpus.
    """

    def __init__(self, reader: Reader, places: Places, tokens: Mapping[str, int]) -> None:
        self._reader = reader
        self._places = places
        self._analysers = {language: analyser_of(language) for language in sorted(tokens)}
        count = max(1, places.count)
        self._saturations = {
            language: bm25.saturations(max(1, number) / count)
            for language, number in tokens.items()
        }
        self._lock = threading.Lock()
        self._held: OrderedDict[int, _Posting] = OrderedDict()
        self._entries = 0

    @property
    def count(self) -> int:
        """How many passages are indexed."""
        return self._places.count

    def search(
        self, text: str, limit: int, among: Rows | None = None, language: str | None = None
    ) -> Matches:
        """Return up to `limit` rows that share words with `text`, best first by share.

        Only rows of `among` are found, where it is given; an empty one finds nothing. `language` is
        the question's, where it is known.
        """
        hits: list[tuple[float, float, int]] = []
        if limit > 0 and (among is None or len(among)):
            filtered = None if among is None else np.unique(among)
            asked = {
                field: question_words(analyser, text, field, language)
                for field, analyser in self._analysers.items()
            }
            postings = self._postings(asked)
            for field, words in asked.items():
                found = {word: postings[field, word] for word, counts in words.items() if counts}
                hits += self._hits(field, len(words), found, limit, filtered)
        best = sorted(hits, key=lambda hit: (-hit[0], hit[2]))[:limit]
        return Matches(
            rows=np.array([row for _, _, row in best], np.int64),
            bm25=np.array([bm25 for _, bm25, _ in best], np.float32),
            shares=np.array([share for share, _, _ in best], np.float32),
        )

    def _hits(
        self,
        field: str,
        asked: int,
        found: Mapping[str, _Posting],
        limit: int,
        among: Rows | None,
    ) -> list[tuple[float, float, int]]:
        """Return `(share, bm25, row)` of passages in one language, best first."""
        known = {word: posting for word, posting in found.items() if len(posting.rows)}
        if not known:
            return []
        strange = (asked - len(known)) * idf(self.count, 0)
        mass = strange + sum(idf(self.count, len(posting.rows)) for posting in known.values())
        reachable = (1 + K1) * mass
        rows, values = self._summed(field, known, among)
        best = np.lexsort((rows, -values))[:limit]
        return [(float(values[at]) / reachable, float(values[at]), int(rows[at])) for at in best]

    def _summed(
        self, field: str, known: Mapping[str, _Posting], among: Rows | None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows that say a word, and the BM25 of each, `(n,), (n,)`."""
        below = self._saturations[field]
        rows, parts = [], []
        for posting in known.values():
            here = posting if among is None else posting.within(among)
            counts = here.counts.astype(np.float32)
            weight = bm25.idf(self.count, len(posting.rows))
            rows.append(here.rows)
            parts.append(bm25.parts(weight, counts, below[here.lengths]))
        each, inverse = np.unique(np.concatenate(rows), return_inverse=True)
        values = np.bincount(inverse, np.concatenate(parts), len(each))
        return each.astype(np.int64), values.astype(np.float32)

    def _postings(self, asked: Mapping[str, Mapping[str, bool]]) -> dict[tuple[str, str], _Posting]:
        hashes = {
            (field, word): word_hash(field, word)
            for field, words in asked.items()
            for word in words
        }
        with self._lock:
            known = {one: self._held[one] for one in hashes.values() if one in self._held}
            for one in known:
                self._held.move_to_end(one)
        missing = sorted(set(hashes.values()) - set(known))
        if missing:
            known |= self._fetched(missing)
        return {place: known[one] for place, one in hashes.items()}

    def _fetched(self, hashes: Sequence[int]) -> dict[int, _Posting]:
        pieces: dict[int, list[NDArray[np.int64]]] = {one: [] for one in hashes}
        for word, entries in self._reader.fetch(_QUERY, list(hashes)):
            pieces[word].append(from_bigints(entries))
        fetched = {one: self._posting(each) for one, each in pieces.items()}
        with self._lock:
            for one, posting in fetched.items():
                self._held[one] = posting
                self._entries += len(posting.rows)
            while self._entries > HELD and len(self._held) > 1:
                self._entries -= len(self._held.popitem(last=False)[1].rows)
        return fetched

    def _posting(self, pieces: Sequence[NDArray[np.int64]]) -> _Posting:
        """Return what belongs to this generation of a word's entries, in row order."""
        entries = np.concatenate([np.empty(0, np.int64), *pieces])
        rows, ours = self._places.rows_of(keys_in(entries))
        kept = np.flatnonzero(ours)
        order = kept[np.argsort(rows[kept], kind="stable")]
        return _Posting(
            rows[order].astype(np.int32),
            counts_in(entries[order]).astype(np.uint8),
            lengths_in(entries[order]).astype(np.uint8),
        )
