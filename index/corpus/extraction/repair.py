"""Text repair, before offsets are given; plain text is never repaired."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
        "\ufb05": "st", "\ufb06": "st",
        "\uf0b7": "•", "\uf0a7": "•",  # the bullets of Word's Symbol and Wingdings fonts
    }
)  # fmt: skip
_MANY_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def repaired(text: str) -> str:
    """Return the text as its author typed it.

    Without soft hyphens, null and other invisible characters; ligatures as letters, accents as one
    character with their letter, every line end a line feed, at most one blank line at a time.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).translate(_LIGATURES)
    return _MANY_BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", text))
