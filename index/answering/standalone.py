"""Judges sentences by their words: which cannot be read alone, and which say the same.

Which words point back is a matter of closed classes, and kept as data in `standalone.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from index.questions.wordlists import word_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = re.compile(r"^[\s„\"'»«“”‘’(\[*_#>–—-]*(?:\d{1,3}[.)]\s+)?[„\"'»«“‘*_]*\s*")
_WORDS = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…][\"'»«”“’)\]*_]*$")
_REMEMBERED = 1 << 14
"""How many sentences' judgements are kept: the same ones come up for question after question."""
_FEW_WORDS = 4
"""A sentence of fewer words answers, echoes or goes on with the one before."""
_ALIKE = 0.6
"""Which part of all their words two sentences share that say nearly the same. Of the sentences of
the seeds and the examples, none that say something different share more than 0.33."""
_WITHIN = 0.9
"""Which part of its words a sentence shares with a longer one that says it too; of those, 0.83."""
_SHORT = 5
"""An excerpt of fewer words says little: "It costs us money." is one, "Source? Never mind." not."""
_STRONG_FACTOR = 0.80
_PASSING_FACTOR = 0.99
"""Where the sentence before is not to be had: a dangling start comes last, a word in passing only
after what is about as near to the question."""
_MILD_FACTOR = 0.96
_QUESTION_FACTOR = 0.85
_SHORT_FACTOR = 0.85


@dataclass(frozen=True, slots=True)
class _Lexicon:
    before: re.Pattern[str]
    leaning: re.Pattern[str]
    inside: re.Pattern[str] | None
    alone: re.Pattern[str]
    mild: re.Pattern[str]
    refuting: re.Pattern[str]
    negating: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The words of a sentence, the numbers among them, and how often it negates.

    Each is equal to itself only, so that comparisons can be looked up fast.
    """

    words: frozenset[str]
    numbers: frozenset[str]
    negations: int

    def repeats(self, other: Wording) -> bool:
        """Tell whether two sentences say nearly the same in nearly the same words.

        One more "not" makes the opposite of a sentence and another number another fact, so both
        must agree. Meaning is not compared: in the vectors of an encoder, sentences on the same
        matter lie as close together as those that say the same of it.
        """
        if self.negations % 2 != other.negations % 2:
            return False
        fewer = len(self.words) <= len(other.words)
        shorter, longer = (self, other) if fewer else (other, self)
        if len(shorter.words) < _FEW_WORDS:
            return False
        shared = len(shorter.words & longer.words)
        if shared >= _ALIKE * (len(shorter.words) + len(longer.words) - shared):
            return self.numbers == other.numbers
        within = len(shorter.words) > _FEW_WORDS and shared >= _WITHIN * len(shorter.words)
        return within and shorter.numbers <= longer.numbers


def leans_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence cannot be understood without the one before.

    In a language without a lexicon only its length tells.
    """
    return _remaining(sentence, language) < 1


def is_fragment(sentence: str) -> bool:
    """Tell whether a sentence has hardly any words: it answers, echoes or goes on with another."""
    return len(_WORDS.findall(sentence)) < _FEW_WORDS


@lru_cache(_REMEMBERED)
def takes_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence says outright that the one before is not so."""
    lexicon = _lexicon(language)
    return bool(lexicon and lexicon.refuting.match(_opening(sentence)))


def breaks_off(sentence: str, others: Sequence[str]) -> bool:
    """Tell whether a sentence is none without what follows: a heading, or a lead-in.

    Among `others` that all do without a full stop, such as items of a list, it is whole.
    """
    if _ENDS.search(sentence):
        return False
    return sentence.endswith((":", ",", ";")) or any(map(_ENDS.search, others))


@lru_cache(_REMEMBERED)
def wording(sentence: str, language: str) -> Wording:
    """Return the words of a sentence, to be compared with those of others."""
    words = _WORDS.findall(sentence.replace("’", "'").casefold())
    lexicon = _lexicon(language)
    negations = [word for word in words if lexicon and lexicon.negating.fullmatch(word)]
    numbers = frozenset(word for word in words if word[0].isdigit())
    return Wording(frozenset(words), numbers, len(negations))


def standing(text: str, first: str, language: str) -> float:
    """Return how well an excerpt stands alone, in (0, 1]; `first` is its first sentence."""
    factor = _remaining(first, language)
    if factor == 1 and _connects(first, language):
        factor = _MILD_FACTOR
    if text.rstrip().endswith("?"):
        factor *= _QUESTION_FACTOR
    if len(_WORDS.findall(text)) < _SHORT:
        factor *= _SHORT_FACTOR
    return factor


@lru_cache(_REMEMBERED)
def _remaining(sentence: str, language: str) -> float:
    """Return what is left of a sentence where the one before is not to be had."""
    lexicon = _lexicon(language)
    if lexicon is None or is_fragment(sentence):
        return _STRONG_FACTOR if is_fragment(sentence) else 1.0
    opening = _opening(sentence)
    beginnings = (opening, lexicon.before.sub("", opening))
    if any(lexicon.alone.match(words) for words in beginnings):
        return 1.0
    if any(lexicon.leaning.match(words) for words in beginnings):
        return _STRONG_FACTOR
    return _PASSING_FACTOR if lexicon.inside and lexicon.inside.search(opening) else 1.0


def _connects(sentence: str, language: str) -> bool:
    lexicon = _lexicon(language)
    return bool(lexicon and lexicon.mild.match(_opening(sentence)))


def _opening(sentence: str) -> str:
    """Return a sentence without list marker, emphasis and opening quotation marks."""
    return _MARKS.sub("", sentence, count=1).replace("’", "'")


@cache
def _lexicon(language: str) -> _Lexicon | None:
    """Return a language's lexicon; each is made when it is needed, which takes a while."""
    lists = word_lists("index.answering", "standalone.toml", language)
    if lists is None:
        return None
    return _Lexicon(
        _any_of(lists["before"], r"(?:(?:{})[,:…]*\s+)+"),
        _any_of([*lists["opening"], *_framed(lists)]),
        _any_of(lists["inside"]) if lists["inside"] else None,
        _any_of(lists["alone"]),
        _any_of(lists["mild"]),
        _any_of(lists["refuting"]),
        _any_of(lists["negating"]),
    )


def _framed(lists: dict[str, Sequence[str]]) -> list[str]:
    """Return the pattern of "in this …", "when they …": a frame word before one that points."""
    if not lists["frame"]:
        return []
    frame, pointing = "|".join(lists["frame"]), "|".join(lists["pointing"])
    return [rf"(?:{frame})\s{lists['gap']}\b(?:{pointing})\b"]


def _any_of(patterns: Sequence[str], around: str = "(?:{})") -> re.Pattern[str]:
    return re.compile(around.format("|".join(patterns)), re.IGNORECASE)
