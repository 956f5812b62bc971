"""Whether a reading of some bytes can be a text: its letters are those of a language in use.

A detector weighs which letters stand side by side, and may take "bakżmżndan" for Turkish. Which
letters a language has, and which no longer text of it does without, tells more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS = frozenset("„“”‚‘’–—…«»‹›€§°©®™·•½¼¾¡¿´×÷²³µ£\u00a0\u00ad")
_BLANKS = frozenset("\t\n\r\f\v")
_BROKEN_WORD = re.compile(r"[a-zß-öø-ÿа-яα-ω](?:[À-ÖØ-ÞŒŸА-ЯΑ-Ω]|[„“”‚‘…«»¡¿²³µ×÷§£€](?=\w))")
_EVERYWHERE = frozenset("äöüßéÄÖÜÉ")
"""The same bytes in all encodings of Latin letters that are in use, so never in doubt."""
_NOT_TOGETHER = ("õûÕÛ/öüÖÜ", "ãÃ/îÎ", "øØ/èìòù", "æÆ/èÈ")
"""Pairs that no Western language has: a misread one of the East has them."""
_LONG = 100
_SHARE = 0.35
_TYPOS_APART = 500


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """Letters beyond a to z, and those of them without which nothing longer is written."""

    encodings: tuple[str, ...]
    letters: frozenset[str]
    needed: frozenset[str]
    latin: bool


def _of(encodings: str, letters: str, needed: str, *, latin: bool = True) -> _Alphabet:
    both = frozenset(letters + letters.upper()) | (_EVERYWHERE if latin else frozenset())
    return _Alphabet(tuple(encodings.split()), both, frozenset(needed), latin)


def _between(first: str, last: str) -> str:
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


_CENTRAL = "cp1250 iso8859_2"
_BALTIC = "cp1257"
_ALPHABETS = (
    _of("cp1252 iso8859_15", "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœ", ""),
    _of(_CENTRAL, "ąćęłńóśźż", "ąęó"),
    _of(_CENTRAL, "áčďéěíňóřšťúůýž", "áčěíř"),
    _of(_CENTRAL, "áäčďéíĺľňóôŕšťúýž", "áčíľšž"),
    _of(_CENTRAL, "áéíóöőúüű", "áéő"),
    _of(_CENTRAL, "ăâîşţ", "ăşţ"),
    _of(_CENTRAL, "čćđšž", "čšž"),
    _of("cp1254 iso8859_9", "çğıöşüâîûİ", "ğışü"),
    _of(_BALTIC, "ąčęėįšųūž", "ąėšų"),
    _of(_BALTIC, "āčēģīķļņšūž", "āēīšū"),
    _of(_BALTIC, "äõöüšž", "äõü"),
    _of("cp1251 koi8_r", _between("а", "я") + "ёіїєґў", "аеот", latin=False),
    _of("cp1253 iso8859_7", _between("α", "ω") + "άέήίόύώϊϋΐΰ", "αειο", latin=False),
    _of("cp1255", _between("א", "ת"), "יוהל", latin=False),
    _of("cp1256", _between("ء", "ي"), "المي", latin=False),
)
ENCODINGS = tuple(dict.fromkeys(name for one in _ALPHABETS for name in one.encodings))
"""Those that files without a word on it are found in."""


def can_be(text: str, encoding: str) -> bool:
    """Tell whether a text, read in this encoding, is written as a language is that uses it."""
    beyond = {sign for sign in text if not sign.isascii()}
    letters = {sign for sign in beyond if sign.isalpha()}
    controls = {sign for sign in text if sign < " "} - _BLANKS
    broken = len(_BROKEN_WORD.findall(text))
    if controls or beyond - letters - _SIGNS or broken > len(text) / _TYPOS_APART:
        return False
    written = [sign for sign in text if sign.isalpha()]
    mostly_ascii = sum(not sign.isascii() for sign in written) <= _SHARE * len(written)
    return any(
        letters <= one.letters
        and one.needed <= letters
        and mostly_ascii is one.latin
        and (one.needed or _is_western(letters, len(written)))
        for one in _ALPHABETS
        if encoding in one.encodings
    )


def _is_western(letters: set[str], written: int) -> bool:
    if any(all(letters & set(group) for group in pair.split("/")) for pair in _NOT_TOGETHER):
        return False
    # In a few words "veèer" may be French, or misread Croatian; a longer text betrays itself.
    return (bool(letters) and letters <= _EVERYWHERE) or written >= _LONG
