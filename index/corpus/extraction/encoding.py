"""Which encoding a text is in, where it is not UTF-8: told, or certain; never guessed."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from index.corpus.extraction.records import Extract
from index.corpus.faults import Fault
from index.errors import DocumentError

if TYPE_CHECKING:
    from index.corpus.extraction.limits import Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[a-z]+)?|cp\d+|iso8859-\d+|iso2022_\w+|koi8-\w|mac-\w+|gb\w+|big5\w*|"
    r"euc_\w+|shift_jis\w*|johab|hz|tis-620|ptcp154"
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|"""
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096


def extract(content: bytes, _limits: Limits) -> Extract:
    """Return a plain text that is not UTF-8, its characters as they stand.

    Raises:
        DocumentError: Its encoding is not certain.
    """
    return Extract(decoded(content))


def decoded(content: bytes, declared: str | None = None) -> str:
    """Return the text of a file: by its mark, as UTF-8, as `declared`, or as detected.

    Raises:
        DocumentError: Its encoding is not certain.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strict(content, name) or _refuse(content)
    is_ascii = content.isascii()
    text = None if is_ascii and declared else _strict(content, "utf-8")
    if text is None and declared:
        text = _strict(content, declared)
    if text is None and is_ascii:
        text = content.decode("ascii")
    return text if text is not None else _detected(content)


def declared_encoding(content: bytes) -> str | None:
    """Return what a web page says of its encoding, where Python knows it as one of a text."""
    match = _DECLARED.search(content[:_DECLARED_WITHIN])
    if not match:
        return None
    label = (match[1] or match[2]).decode("ascii").lower()
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"  # as the WHATWG's Encoding Standard has it, and as browsers read
    return name if _KNOWN.fullmatch(name) and not name.startswith(("utf-16", "utf-32")) else None


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _detected(content: bytes) -> str:
    """Return the one text that this can be, by its letters and for charset-normalizer alike."""
    import charset_normalizer  # noqa: PLC0415 - most files do not need it

    from index.corpus.extraction.alphabets import ENCODINGS, can_be  # noqa: PLC0415

    readings = {name: _strict(content, name) for name in ENCODINGS}
    texts = {text for name, text in readings.items() if text is not None and can_be(text, name)}
    plausible = charset_normalizer.from_bytes(content, cp_isolation=list(ENCODINGS))
    agreed = texts & {str(match) for match in plausible}
    return agreed.pop() if len(texts) == len(agreed) == 1 else _refuse(content)


def _refuse(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(Fault.NOT_UTF8.of(at=error.start)) from error
    raise DocumentError(Fault.LYING_MARK.of())
