"""The lexical index: BM25 over stemmed words, kept by tantivy.

Each language of the corpus has a field of its own with that language's stems; a question is
analysed once per field, so that German documents answer German words whatever the question's
language is taken to be. Only its function words are told by that language: the "of" of an English
question must not find the "University of Chicago" in a German text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import tantivy

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.storage.vectors import Rows

_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_STOPWORDS = frozenset("da de en es fi fr hu it nl no pt ru sv".split())  # noqa: SIM905
_ROW = "row"
_WRITER_BYTES = 30_000_000
_REMEMBERED = 64
"""How many readings of questions are kept: for an answer, one is searched with several times."""
_MANY = 64
"""Rows that are more than this part of all are sifted out of what is found without a filter."""
_MORE = 4
_K1 = 1.2
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
        self, index: tantivy.Index, schema: tantivy.Schema, languages: Sequence[str]
    ) -> None:
        self._index = index
        self._schema = schema
        self._analysers = {language: _analyser(language) for language in languages}
        for language, analyser in self._analysers.items():
            index.register_tokenizer(_tokenizer_name(language), analyser)
        index.reload()
        self._searcher = index.searcher()
        self._read = lru_cache(_REMEMBERED)(self._read_words)

    @classmethod
    def build(
        cls, folder: Path, languages: Sequence[str], texts: Iterable[tuple[str, str]]
    ) -> WordIndex:
        """Write an index of `(language, text)` pairs, whose rows count from 0, and return it."""
        folder.mkdir(parents=True)
        schema = _schema(languages)
        built = cls(tantivy.Index(schema, path=str(folder)), schema, languages)
        writer = built._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for row, (language, text) in enumerate(texts):
            document = tantivy.Document()
            document.add_integer(_ROW, row)
            document.add_text(_field(language), text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        built._index.reload()
        built._searcher = built._index.searcher()
        return built

    @classmethod
    def open(cls, folder: Path, languages: Sequence[str]) -> WordIndex:
        """Return the index in a folder.

        Raises:
            SnapshotDamaged: The folder holds no index of ours.
        """
        try:
            schema = _schema(languages)
            return cls(tantivy.Index(schema, path=str(folder), reuse=True), schema, languages)
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
        analyser = self._analysers[field]
        foreign = _function_words(text, language) if language and language != field else ""
        function_words = set(analyser.analyze(foreign))
        return {
            word: self._idf(0 if word in function_words else self._frequency(field, word))
            for word in sorted(set(analyser.analyze(text)))
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
        reachable = (1 + _K1) * sum(words.values())
        for bm25, row in found:
            yield bm25 / reachable, bm25, row

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[float, int]]:
        """Return `(bm25, row)` of passages, best first."""
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        rows = cast("list[int]", self._searcher.fast_field_values(_ROW, addresses))
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
        return int(self._searcher.doc_freq(_field(field), word))

    def _idf(self, frequency: int) -> float:
        """Return the inverse document frequency, as tantivy has it; the largest is that of 0."""
        return math.log1p((self.count - frequency + 0.5) / (frequency + 0.5))

    def _any_of(self, field: str, words: Sequence[str]) -> tantivy.Query:
        terms = [tantivy.Query.term_query(self._schema, _field(field), word) for word in words]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])

    def _within(self, words: tantivy.Query, among: Rows) -> tantivy.Query:
        rows = tantivy.Query.term_set_query(self._schema, _ROW, among.tolist())
        silent = tantivy.Query.const_score_query(rows, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, words), (tantivy.Occur.Must, silent)]
        )


def _schema(languages: Sequence[str]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(_ROW, stored=True, indexed=True, fast=True)
    for language in languages:
        builder.add_text_field(_field(language), tokenizer_name=_tokenizer_name(language))
    return builder.build()


def _field(language: str) -> str:
    return f"text_{language}"


def _tokenizer_name(language: str) -> str:
    return f"words_{language}"


def _analyser(language: str) -> tantivy.TextAnalyzer:
    builder = _lowercase_words()
    name = _STEMMERS.get(language)
    if name and language in _STOPWORDS:
        builder = builder.filter(tantivy.Filter.stopword(name))
    if name:
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.build()


def _lowercase_words() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.remove_long(60))


def _function_words(text: str, language: str) -> str:
    """Return the words of a text that carry no content in a language; none if it has no list."""
    if language not in _STOPWORDS:
        return ""
    content = set(_content_words(language).analyze(text))
    return " ".join(word for word in _all_words().analyze(text) if word not in content)


@cache
def _content_words(language: str) -> tantivy.TextAnalyzer:
    return _lowercase_words().filter(tantivy.Filter.stopword(_STEMMERS[language])).build()


@cache
def _all_words() -> tantivy.TextAnalyzer:
    return _lowercase_words().build()
