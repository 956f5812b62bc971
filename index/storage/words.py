"""The lexical index: BM25 over stemmed words, kept by tantivy.

Each language of the corpus has a field of its own with that language's stems; a question is
analysed once per field, so that German documents answer German words whatever the question's
language is taken to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import tantivy

from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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

    def search(self, text: str, limit: int, among: Rows | None = None) -> Rows:
        """Return up to `limit` rows that share words with `text`, best first.

        Only rows of `among` are found, where it is given; an empty one finds nothing.
        """
        words = self._words(text)
        if words is None or limit < 1 or (among is not None and not len(among)):
            return np.empty(0, np.int64)
        query = words if among is None else self._within(words, among)
        hits = self._searcher.search(query, limit).hits
        rows = [self._searcher.doc(address).get_first(_ROW) for _, address in hits]
        return np.array(rows, dtype=np.int64)

    def _words(self, text: str) -> tantivy.Query | None:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _field(language), word))
            for language, analyser in self._analysers.items()
            for word in sorted(set(analyser.analyze(text)))
        ]
        return tantivy.Query.boolean_query(terms) if terms else None

    def _within(self, words: tantivy.Query, among: Rows) -> tantivy.Query:
        rows = tantivy.Query.term_set_query(self._schema, _ROW, [int(row) for row in among])
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
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.remove_long(60))
    name = _STEMMERS.get(language)
    if name and language in _STOPWORDS:
        builder = builder.filter(tantivy.Filter.stopword(name))
    if name:
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.build()
