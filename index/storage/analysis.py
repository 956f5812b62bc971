"""How the word index reads text: a field for each language, with that language's stems."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import tantivy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
KEY = "row"


def open_index(folder: Path, languages: Sequence[str], *, reuse: bool) -> tantivy.Index:
    """Return the index in a folder, which knows our analysers; without `reuse` it is a new one."""
    index = tantivy.Index(schema_of(languages), path=str(folder), reuse=reuse)
    for language in languages:
        index.register_tokenizer(tokenizer_name(language), analyser_of(language))
    return index


def schema_of(languages: Sequence[str]) -> tantivy.Schema:
    """Return the fields of an index of passages in these languages."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(KEY, stored=True, indexed=True, fast=True)
    for language in languages:
        builder.add_text_field(field_of(language), tokenizer_name=tokenizer_name(language))
    return builder.build()


def field_of(language: str) -> str:
    """Return the field of a language."""
    return f"text_{language}"


def tokenizer_name(language: str) -> str:
    """Return the name by which an index knows a language's analyser."""
    return f"words_{language}"


def analyser_of(language: str) -> tantivy.TextAnalyzer:
    """Return what makes a text in a language into words: lowercase stems, no function words."""
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


def function_words(text: str, language: str) -> str:
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
