"""Reads a question's closed-class words: what reverses it, and whether it is an open one.

Negation is closed-class and regular, so rules read it well; content ("leave" against "stay") is
open-class, so vectors read it. Vectors alone confuse the two: opposite claims lie close together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.questions.wordlists import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FILLERS = re.compile(
    r"^[\s¿¡\"'„“»«(]*(?:(?:und|also|aber|hallo|hi|hey|guten tag|moin|bitte|sag mal|sagt mal|mal|"
    r"and|so|but|hello|please|well|ok(?:ay)?|et|alors|mais|bonjour|y|pero|hola|e|ma|ciao|en|maar|"
    r"ve|merhaba|mas|olá|a|cześć)[,!.]*\s+)*(?:[¿¡]\s*)?"
)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])(?!(?:(?<=\b[Cc]o\.)|(?<=\betc\.))\s+[a-zà-ž])\s+")
"""What goes on in lower case after "Facebook und Co." is the same sentence."""
_TELLING_WORDS = 4
_CONCESSION = re.compile(
    r",\s+(?:obwohl|auch wenn|even though|even if|although|though|bien que|même si|aunque|"
    r"anche se|sebbene|hoewel|ook al|embora|mesmo que|chociaż)\b",
    re.IGNORECASE,
)
_ALTERNATIVES = {
    "de": r"oder|(?:an)?statt|als(?=\s+(?:über|mit|durch|bei|von|an)\s)",
    "en": r"or|than|rather than|instead of",
    "fr": r"ou|plutôt que|au lieu de",
    "es": r"o|u|en vez de|en lugar de",
    "it": r"o|oppure|invece (?:di|che)|piuttosto che",
    "nl": r"of|in plaats van",
    "pl": r"czy|lub|zamiast",
    "pt": r"ou|em vez de",
    "tr": r"yoksa|veya",
}
"""What begins another choice, by language: an English "of" is no Dutch one."""
_JOINED = re.compile(
    r"\s*(?:,|,?\s(?:und|oder|sowie|and|or|et|ou|y|o|u|e|ed|en|of|i|czy|ve|veya))\s+", re.IGNORECASE
)
"""What stands between words that reverse a question together, and once: "rash and premature"."""
_TIME_CLAUSE = re.compile(
    r"^(?:when (?!(?:should|shall|do|does|did|is|are|was|can|could|will|would|must|have|has)\b)|"
    r"quand (?!\S+-)|cuando |quando |wanneer (?!\w+en we\b))[^,?]+,\s*(?=(?:\S+\s+){2}\S)",
    re.IGNORECASE,
)
"""A time that is told, not asked for: "when we leave, do we …?"."""
_INSTEAD = re.compile(
    r"^(?:(?:statt|anstatt|anstelle|instead of|rather than|au lieu de|plutôt que|en vez de|"
    r"en lugar de|invece di|piuttosto che|in plaats van|em vez de|zamiast)\b[^,?]{3,80},\s*|"
    r"(?:[^?]{3,80}\s)?yerine\s+(?=\S+\s))",
    re.IGNORECASE,
)
"""What is put first only to be passed over: "instead of hiring an agency, should we …?"."""
_INDIRECT = (
    r"\b(?:sag(?:en|t|e)?|(?:gern\w*|zu|nicht|möchten?(?: \w+)?|will|wollen(?: \w+)?) wissen|"
    r"wüssten?|weißt|weiß nicht|verrat\w*|tell|know|wonder\w*|dites?|savoir|decirme|saber|"
    r"dirmi|sapere|weten|zeggen|dizer|wiedzieć)\b[^,.?!]{0,30}?,?\s+"
)
_OBLIGED = re.compile(
    r"\b(?:soll(?:en|te|ten)?|muss|müss(?:en|t?en)|should|must|ought|devr\w+|devons|doit|faut-il|"
    r"deb(?:er\w+|e|emos|en)|dovr\w+|dobbiamo|moet(?:en)?|dev(?:er\w+|e|emos|em)|powin\w+|musimy)\b",
    re.IGNORECASE,
)
"""Whether something ought to be said is a question for yes or no: "should we say why we go?"."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    idle: tuple[tuple[re.Pattern[str], str], ...]
    reverse: tuple[tuple[re.Pattern[str], str], ...]
    open: re.Pattern[str]
    indirect: re.Pattern[str]
    argument: re.Pattern[str]
    tag: re.Pattern[str]
    denial: re.Pattern[str]
    alternative: re.Pattern[str]
    closed: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is put.

    `asked` is the part that asks, up to its first alternative, and `affirmative` the same with its
    reversals taken out; `reversed` tells whether they are odd in number. `open` marks questions
    that ask how, what, when, who or how much; `asks_yes_or_no` those that can be answered with one
    word.
    """

    asked: str
    affirmative: str
    reversed: bool
    open: bool
    asks_yes_or_no: bool


def read_form(question: str, language: str | None) -> Form:
    """Return the form of a question; in a language without a lexicon it is taken as it stands."""
    lexicon = _lexicon(language or "")
    if lexicon is None:
        asks = ends_asking(question)
        return Form(question, question, reversed=False, open=False, asks_yes_or_no=asks)
    text = question.replace("’", "'").strip()
    denied = _without_tag(text, lexicon.denial)
    said = denied if denied != text else _without_tag(text, lexicon.tag)
    asked = _asking_part(said, lexicon)
    affirmative, reversals = _without_reversals(asked, lexicon)
    if denied != text:
        asked, reversals = text, reversals + 1
    is_open = said == text and _is_open(text.lower(), lexicon)
    return Form(asked, affirmative, reversals % 2 == 1, is_open, not is_open and ends_asking(text))


def ends_asking(text: str) -> bool:
    """Tell whether a text ends in a question mark."""
    return text.rstrip(" \"'»”“)!").endswith(("?", "؟", "？"))


def _without_tag(text: str, tag: re.Pattern[str]) -> str:
    """Return what is said before a tag question, as a question; all, if that is too little."""
    said = tag.split(text, maxsplit=1)[0].rstrip(" ,.;:!–—-")
    if said == text.rstrip(" ,.;:!–—-") or len(said.split()) < _TELLING_WORDS:
        return text
    return said if said.endswith("?") else f"{said}?"


def _asking_part(text: str, lexicon: _Lexicon) -> str:
    """Return the sentence that asks, without concessions, up to its first alternative.

    Where that sentence says little by itself, all of the text is taken.

    What comes before is context: "we have posted for years and nothing comes of it. Should we
    leave?" is not a negated question.
    """
    asking = [part for part in _SENTENCE_END.split(text) if part.rstrip(" \"'»”“)").endswith("?")]
    last = asking[-1] if asking else text
    first = asking[0] if asking else text
    chosen = next((part for part in (last, first) if len(part.split()) >= _TELLING_WORDS), text)
    asked = _CONCESSION.split(_INSTEAD.sub("", chosen))[0].strip() or chosen
    return lexicon.alternative.split(asked)[0] or asked


def _without_reversals(text: str, lexicon: _Lexicon) -> tuple[str, int]:
    for pattern, replacement in lexicon.idle:
        text = pattern.sub(replacement, text)
    reversals = 0
    for pattern, replacement in lexicon.reverse:
        found = list(pattern.finditer(text))
        gaps = (text[one.end() : other.start()] for one, other in pairwise(found))
        reversals += len(found) - sum(1 for gap in gaps if _JOINED.fullmatch(gap))
        text = pattern.sub(replacement, text)
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
    asking = (sentences[0], sentences[-1])
    begun = (_TIME_CLAUSE.sub("", _FILLERS.sub("", part)) for part in asking)
    told = lexicon.indirect.search(text)
    asks_indirectly = told is not None and not _OBLIGED.search(text, 0, told.start())
    return any(map(lexicon.open.match, begun)) or asks_indirectly


@cache
def _lexicon(language: str) -> _Lexicon | None:
    """Return a language's lexicon; each is made when it is needed, which takes a while."""
    lists = word_lists("index.questions", "lexicon.toml", language)
    if lists is None:
        return None
    return _Lexicon(
        _replacing((one, " ") if isinstance(one, str) else one for one in lists["idle"]),
        _replacing(lists["reverse"]),
        _any_of(lists["open"], r"\b"),
        re.compile(_INDIRECT + _any_of(lists["open"], r"\b").pattern, re.IGNORECASE),
        _any_of(lists["argument"], ""),
        _closing(lists["tag"]),
        _closing(lists["denial"]),
        re.compile(rf",?\s+(?:{_ALTERNATIVES[language]})\s+", re.IGNORECASE),
        _any_of(lists["closed"], r"\b") if "closed" in lists else None,
    )


def _replacing(pairs: Iterable[Sequence[str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in pairs)


def _closing(patterns: Sequence[str]) -> re.Pattern[str]:
    """Return what finds one of these, and a mark before it, at the end of a text."""
    marks = r"[,.;:!?–—-][\s\"'»«”“)]*¿?\s*"
    return re.compile(rf"{marks}(?:{'|'.join(patterns)})\s*[?!.]*$", re.IGNORECASE)


def _any_of(patterns: Sequence[str], end: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)}){end}", re.IGNORECASE)
