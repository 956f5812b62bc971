"""Reads a question's closed-class words: what reverses it, and whether it is an open one.

Negation is closed-class and regular, so rules read it well; content ("leave" against "stay") is
open-class, so vectors read it. Vectors alone confuse the two: opposite claims lie close together.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLERS = re.compile(
    r"^[\s¿¡\"'„“»«(]*(?:(?:und|also|aber|hallo|hi|hey|guten tag|moin|bitte|sag mal|sagt mal|mal|"
    r"and|so|but|hello|please|well|ok(?:ay)?|et|alors|mais|bonjour|y|pero|hola|e|ma|ciao|en|maar|"
    r"ve|merhaba|mas|olá|a|cześć)[,!.]*\s+)*(?:[¿¡]\s*)?"
)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_INDIRECT = re.compile(
    r"\b(?:sag\w*|wissen|weißt|erklär\w*|verrat\w*|tell|know|explain|wonder\w*|dites?|savoir|"
    r"expliquer|decir\w*|saber|explicar\w*|dirmi|sapere|spiegar\w*|weten|zeggen|dizer|wiedzieć)\b"
    r"[^,]{0,30},?\s+"
)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    idle: tuple[re.Pattern[str], ...]
    reverse: tuple[tuple[re.Pattern[str], str], ...]
    open: re.Pattern[str]
    argument: re.Pattern[str]
    closed: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is put.

    `affirmative` is the question with its reversals taken out; `reversed` tells whether they are
    odd in number. `open` marks questions that ask how, what, when, who or how much.
    """

    affirmative: str
    reversed: bool
    open: bool


def read_form(question: str, language: str | None) -> Form:
    """Return the form of a question; in a language without a lexicon it is taken as it stands."""
    lexicon = _lexicons().get(language or "")
    if lexicon is None:
        return Form(question, reversed=False, open=False)
    text = question.replace("’", "'").strip()
    affirmative, reversals = _without_reversals(text, lexicon)
    return Form(affirmative, reversals % 2 == 1, _is_open(text.lower(), lexicon))


def _without_reversals(text: str, lexicon: _Lexicon) -> tuple[str, int]:
    for pattern in lexicon.idle:
        text = pattern.sub(" ", text)
    reversals = 0
    for pattern, replacement in lexicon.reverse:
        text, count = pattern.subn(replacement, text)
        reversals += count
    return re.sub(r"\s+", " ", text).strip(), reversals


def _is_open(text: str, lexicon: _Lexicon) -> bool:
    """Tell whether the first or the last sentence opens with a question word.

    In a language that leaves the question word where its answer would stand (Turkish), it counts
    anywhere, unless a yes/no particle closes the question.
    """
    if lexicon.argument.search(text):
        return False
    if lexicon.closed:
        return bool(lexicon.open.search(text)) and not lexicon.closed.search(text)
    sentences = _SENTENCE_END.split(text)
    asking = [sentences[0], sentences[-1]]
    asking.extend(text[match.end() :] for match in _INDIRECT.finditer(text))
    return any(lexicon.open.match(_FILLERS.sub("", part)) for part in asking)


@cache
def _lexicons() -> dict[str, _Lexicon]:
    content = tomllib.loads((files(__package__) / "lexicon.toml").read_text(encoding="utf-8"))
    return {
        language: _Lexicon(
            tuple(re.compile(pattern, re.IGNORECASE) for pattern in lists["idle"]),
            tuple(
                (re.compile(pattern, re.IGNORECASE), words) for pattern, words in lists["reverse"]
            ),
            _any_of(lists["open"], r"\b"),
            _any_of(lists["argument"], ""),
            _any_of(lists["closed"], r"\b") if "closed" in lists else None,
        )
        for language, lists in content.items()
    }


def _any_of(patterns: Sequence[str], end: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)}){end}", re.IGNORECASE)
