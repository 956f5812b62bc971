"""The lexical index: BM25 over stemmed words, kept by tantivy.

Each language of the corpus has a field of its own with that language's stems; a question is
analysed once per field, so that German documents answer German words whatever the question's
language is taken to be. Only its function words are told by that language: the "of" of an English
question must not find the "University of Chicago" in a German text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import tantivy

from index.errors import SnapshotDamaged
from index.storage.analysis import KEY, analyser_of, field_of, function_words, open_index, schema_of
from index.storage.keys import Keys
from index.storage.wording import write_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.storage.vectors import Rows

_REMEMBERED = 64
"""How many readings of questions are kept: for an answer, one is searched with several times."""
_MANY = 64
"""Rows that are more than this part of all are sifted out of what is found without a filter."""
_MORE = 4
K1 = 1.2
"""Tantivy's constant of BM25: a word's part stays below its idf times 1 + k1."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows that share words with a question, best first; `(k,)` each.

    `bm25` is tantivy's (Robertson and Zaragoza 2009, doi:10.1561/1500000019). `shares` is the part
    of it, in [0, 1), that a passage could reach by saying every word of the question, also those
    that no passage says. So a question in another language than the passages', most of whose words
    are strange to them, has small shares, and shares of passages in two languages can be compared.
    """

    rows: Rows
    bm25: NDArray[np.float32]
    shares: NDArray[np.float32]

    def shares_of(self, rows: Rows) -> NDArray[np.float32]:
        """Return the share of each row, 0 where it is no match, `(n,) -> (n,)`."""
        known = dict(zip(self.rows.tolist(), self.shares.tolist(), strict=True))
        return np.array([known.get(row, 0.0) for row in rows.tolist()], np.float32)


class WordIndex:
    """Finds passages by the words that they share with a question."""

    def __init__(
        self, index: tantivy.Index, keys: Keys, schema: tantivy.Schema, languages: Sequence[str]
    ) -> None:
        self._keys = keys
        self._schema = schema
        self._analysers = {language: analyser_of(language) for language in languages}
        index.reload()
        self._searcher = index.searcher()
        self._read = lru_cache(_REMEMBERED)(self._read_words)

    @classmethod
    def build(
        cls, folder: Path, languages: Sequence[str], texts: Iterable[tuple[str, str]]
    ) -> WordIndex:
        """Write an index of `(language, text)` pairs, whose rows count from 0, and return it."""
        write_words(folder, languages, texts)
        return cls.open(folder, languages)

    @classmethod
    def open(cls, folder: Path, languages: Sequence[str]) -> WordIndex:
        """Return the index in a folder.

        Raises:
            SnapshotDamaged: The folder holds no index of ours.
        """
        try:
            index = open_index(folder, languages, reuse=True)
            return cls(index, Keys.open(folder), schema_of(languages), languages)
        except (ValueError, OSError) as error:
            raise SnapshotDamaged(f"{folder.name} cannot be read; run audiatur reindex") from error

    @property
    def count(self) -> int:
        """How many passages are indexed."""
        return int(self._searcher.num_docs)

    def search(
        self, text: str, limit: int, among: Rows | None = None, language: str | None = None
    ) -> Matches:
        """Return up to `limit` rows that share words with `text`, best first by share.

        Only rows of `among` are found, where it is given; an empty one finds nothing. `language` is
        the question's, where it is known.
        """
        hits: list[tuple[float, float, int]] = []
        if limit > 0 and (among is None or len(among)):
            for field in self._analysers:
                hits += self._hits(field, self._read(field, text, language), limit, among)
        best = sorted(hits, key=lambda hit: (-hit[0], hit[2]))[:limit]
        return Matches(
            rows=np.array([row for _, _, row in best], np.int64),
            bm25=np.array([bm25 for _, bm25, _ in best], np.float32),
            shares=np.array([share for share, _, _ in best], np.float32),
        )

    def _read_words(self, field: str, text: str, language: str | None) -> dict[str, float]:
        """Return the question's words as the field knows them, with their idf.

        A function word of another language is no word of the field's and has the idf of a strange
        one, whatever the field holds.
        """
        counted = question_words(self._analysers[field], text, field, language)
        return {
            word: self._idf(self._frequency(field, word) if counts else 0)
            for word, counts in counted.items()
        }

    def _hits(
        self, field: str, words: dict[str, float], limit: int, among: Rows | None
    ) -> Iterator[tuple[float, float, int]]:
        """Yield `(share, bm25, row)` of passages in one language, best first."""
        known = [word for word, idf in words.items() if idf < self._idf(0)]
        if not known:
            return
        query = self._any_of(field, known)
        if among is None:
            found = self._found(query, limit)
        elif len(among) * _MANY < self.count:
            found = self._found(self._within(query, among), limit)
        else:
            found = self._sifted(query, limit, set(among.tolist()))
        reachable = (1 + K1) * sum(words.values())
        for bm25, row in found:
            yield bm25 / reachable, bm25, row

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[float, int]]:
        """Return `(bm25, row)` of passages, best first."""
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        keys = cast("list[int]", self._searcher.fast_field_values(KEY, addresses))
        rows = self._keys.rows_of(np.array(keys, np.int64)).tolist()
        return [(bm25, row) for (bm25, _), row in zip(hits, rows, strict=True)]

    def _sifted(self, query: tantivy.Query, limit: int, among: set[int]) -> list[tuple[float, int]]:
        """Return the same of `among`, which are many: a filter would have to name each of them."""
        asked = limit
        while True:
            asked = min(_MORE * asked, self.count)
            hits = self._found(query, asked)
            kept = [hit for hit in hits if hit[1] in among][:limit]
            if len(kept) == limit or len(hits) < asked or asked == self.count:
                return kept

    def _frequency(self, field: str, word: str) -> int:
        """Return how many passages say a word; some that are gone may still be counted."""
        return min(self.count, int(self._searcher.doc_freq(field_of(field), word)))

    def _idf(self, frequency: int) -> float:
        return idf(self.count, frequency)

    def _any_of(self, field: str, words: Sequence[str]) -> tantivy.Query:
        terms = [tantivy.Query.term_query(self._schema, field_of(field), word) for word in words]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])

    def _within(self, words: tantivy.Query, among: Rows) -> tantivy.Query:
        keys = self._keys.keys_of(among).tolist()
        rows = tantivy.Query.term_set_query(self._schema, KEY, keys)
        silent = tantivy.Query.const_score_query(rows, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, words), (tantivy.Occur.Must, silent)]
        )


def question_words(
    analyser: tantivy.TextAnalyzer, text: str, field: str, language: str | None
) -> dict[str, bool]:
    """Return a question's words as a field knows them, and whether each may be found there.

    A function word of the question's language may not, where that is not the field's.
    """
    foreign = function_words(text, language) if language and language != field else ""
    idle = set(analyser.analyze(foreign))
    return {word: word not in idle for word in sorted(set(analyser.analyze(text)))}


def idf(passages: int, holding: int) -> float:
    """Return the inverse document frequency, as tantivy has it; the largest is that of 0."""
    return math.log1p((passages - holding + 0.5) / (holding + 0.5))
