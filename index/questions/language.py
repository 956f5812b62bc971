"""The language of a text, found with lingua.

Only languages that people are likely to ask in are told apart: fewer candidates make short
questions surer. Any other language still gets an answer, since the encoder is multilingual.
"""

from __future__ import annotations

from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

_LANGUAGES = (
    Language.GERMAN,
    Language.ENGLISH,
    Language.FRENCH,
    Language.SPANISH,
    Language.ITALIAN,
    Language.TURKISH,
    Language.DUTCH,
    Language.PORTUGUESE,
    Language.POLISH,
    Language.RUSSIAN,
    Language.UKRAINIAN,
    Language.ARABIC,
)


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the text's language, `None` where there are no words."""
    found = _detector().detect_language_of(text)
    return found.iso_code_639_1.name.lower() if found else None


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()
