"""Judges whether sentences can be read alone: no dangling "this", no bare question."""

from __future__ import annotations

import re

_STRONG = {
    "de": r"dies(?:e[rsmn]?)?\b(?! (?:art|form|serie|artikel))|er\b|"
    r"sie (?:ist|sind|hat|haben|wird)|dahinter|dadurch|damit\b|darin|davon|hierfür|hier\b|"
    r"bzw\.|drittens|zweitens|quasi|sei es|"
    r"wenn doch|so die|das genaue|und (?:genauso|du nun|diesen?|weiter)|solche?[rsn]?\b|"
    r"letztere[rsn]?|darf man|wieder ja|womit das|statt\b",
    "en": r"this\b|these\b|that\b|those\b|he\b|she\b|it\b|they\b|here\b|thereby|the former|"
    r"the latter|such\b|thirdly|secondly|hence",
}
_MILD = {
    "de": r"denn\b|daher|deshalb|darum|also\b|und\b|aber\b|doch\b|jedoch|allerdings|so\b|auch\b|"
    r"dann\b|zudem|außerdem|sonst|es (?:ist|wird|gibt|geht)|dazu\b|folglich|oder\b|"
    r"im besten fall|sicher:|noch schlimmer",
    "en": r"and\b|but\b|so\b|therefore|however|also\b|then\b|besides|moreover|or\b|because\b",
}
_SHORT = 45
_STRONG_FACTOR = 0.80
_MILD_FACTOR = 0.96
_QUESTION_FACTOR = 0.85
_SHORT_FACTOR = 0.85


def leans_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence cannot be understood without the one before."""
    return _opens_with(_STRONG, sentence, language)


def standing(text: str, first: str, language: str) -> float:
    """Return how well an excerpt stands alone, in (0, 1]; `first` is its first sentence."""
    factor = 1.0
    if leans_back(first, language):
        factor *= _STRONG_FACTOR
    elif _opens_with(_MILD, first, language):
        factor *= _MILD_FACTOR
    if text.rstrip().endswith("?"):
        factor *= _QUESTION_FACTOR
    if len(text) < _SHORT:
        factor *= _SHORT_FACTOR
    return factor


def _opens_with(patterns: dict[str, str], sentence: str, language: str) -> bool:
    pattern = patterns.get(language)
    return bool(pattern) and bool(
        re.match(pattern or "", sentence.lstrip("„\"'»«“( "), re.IGNORECASE)
    )
