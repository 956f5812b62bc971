"""Reads from a question's words whether it goes on from the one before it.

"And the costs?", "what if we stayed?", "how is that done?" say little by themselves: they open
like a continuation, point back, or name no subject of their own. How much each of these counts,
beside how near the documents are to the bare question, is fitted by `evals/followups.py`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from index.questions.lexicon import ends_asking
from index.questions.wordlists import word_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.questions.scope import Evidence

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_OUTER = " \t\n\r¿¡?!.,;:…\"'„“”»«()–-"
_MANY_WORDS = 4
"""From here on, further words of its own make a question no more complete."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What in a question's words leans on the one before.

    `rest` is the question without the opening that joins it to another. An `elliptical` opening
    leaves out the rest of a sentence ("what about"), or only `supposes` something ("and if"); a
    `fragment` is no sentence at all. `points_back` marks words such as "that". `rather` hints at
    the other side, `turned` asks for the opposite outright, `reasons` asks why. `own_words` counts
    the words that name a subject.
    """

    rest: str
    joined: bool = False
    elliptical: bool = False
    supposes: bool = False
    fragment: bool = False
    points_back: bool = False
    rather: bool = False
    turned: bool = False
    reasons: bool = False
    asks: bool = False
    own_words: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether more than its brevity makes the question lean."""
        return self.joined or self.elliptical or self.fragment or self.points_back or self.turned

    @property
    def says_something(self) -> bool:
        """Whether there is a word in it at all."""
        return bool(_WORD.search(self.rest))


@dataclass(frozen=True, slots=True)
class _Lexicon:
    joins: re.Pattern[str]
    condition: re.Pattern[str]
    ellipsis: re.Pattern[str]
    fragment: re.Pattern[str]
    leaning: re.Pattern[str]
    rather: re.Pattern[str]
    turning: re.Pattern[str]
    reasons: re.Pattern[str]
    empty: re.Pattern[str]


def read_wording(question: str, language: str | None) -> Wording:
    """Return what leans in a question; in a language without a lexicon nothing does."""
    text = question.lower().replace("’", "'").strip(_OUTER)
    asks = ends_asking(question)
    lexicon = _lexicon(language or "")
    if lexicon is None:
        return Wording(text, asks=asks, own_words=len(_WORD.findall(text)))
    rest, joined = _without(text, lexicon.joins)
    rest, supposes = _without(rest, lexicon.condition)
    rest, elliptical = (rest, True) if supposes else _without(rest, lexicon.ellipsis)
    words = _WORD.findall(rest)
    return Wording(
        rest,
        joined,
        elliptical,
        supposes,
        bool(lexicon.fragment.match(rest)),
        any(lexicon.leaning.fullmatch(word) for word in words),
        bool(lexicon.rather.search(rest)),
        bool(lexicon.turning.search(text)),
        bool(lexicon.reasons.match(rest)),
        asks,
        sum(not lexicon.empty.fullmatch(word) for word in words),
    )


def leaning(wording: Wording, bare: Evidence) -> float:
    """Return the probability that a question refines the one before it.

    `bare` is what speaks for the documents covering the question by itself.
    """
    weights = _weights()
    total = weights["bias"] + weights["passage"] * bare.passage
    total += sum(weights[name] * value for name, value in _signs(wording).items())
    return float(1 / (1 + np.exp(-total)))


def signs(wording: Wording, bare: Evidence) -> dict[str, float]:
    """Return by name what `leaning` weighs; for calibration."""
    return {**_signs(wording), "passage": bare.passage}


def _signs(wording: Wording) -> dict[str, float]:
    return {
        "joined": float(wording.joined),
        "elliptical": float(wording.elliptical),
        "fragment": float(wording.fragment),
        "points_back": float(wording.points_back or wording.turned),
        "own_words": float(min(wording.own_words, _MANY_WORDS)),
        "asks": float(wording.asks),
    }


def _without(text: str, opening: re.Pattern[str]) -> tuple[str, bool]:
    found = opening.match(text)
    return (text[found.end() :].strip(_OUTER), True) if found else (text, False)


@cache
def _weights() -> dict[str, float]:
    content = (files(__package__) / "leaning.toml").read_text(encoding="utf-8")
    weights: dict[str, float] = tomllib.loads(content)["weights"]
    return weights


@cache
def _lexicon(language: str) -> _Lexicon | None:
    """Return a language's lexicon; each is made when it is needed, which takes a while."""
    lists = word_lists("index.questions", "followup.toml", language)
    if lists is None:
        return None
    empty = ("function", "leaning", "fragment", "joins", "condition", "circumstance", "rather")
    return _Lexicon(
        joins=re.compile(rf"(?:{_any_of(lists['joins']).pattern}[,!.…]*\s*)+"),
        condition=_any_of(lists["condition"]),
        ellipsis=_any_of([*lists["aspect"], *lists["circumstance"]]),
        fragment=_any_of(lists["fragment"]),
        leaning=_any_of(lists["leaning"]),
        rather=_any_of(lists["rather"]),
        turning=_any_of(lists["turning"]),
        reasons=_any_of(lists["reasons"]),
        empty=_any_of([pattern for name in empty for pattern in lists[name]]),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(patterns, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
