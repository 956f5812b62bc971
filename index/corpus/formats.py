"""Which formats are read, and what a file is by its content, whatever its name says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from index.errors import CorpusError


class Format(StrEnum):
    """How a file is read."""

    TEXT = "txt"
    MARKDOWN = "md"
    WEB_PAGE = "html"
    PDF = "pdf"
    WORD = "docx"
    LINES = "jsonl"


FORMATS = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".html": Format.WEB_PAGE,
    ".htm": Format.WEB_PAGE,
    ".pdf": Format.PDF,
    ".docx": Format.WORD,
    ".jsonl": Format.LINES,
}
PLAIN = frozenset({Format.TEXT, Format.MARKDOWN})

_PDF = b"%PDF-"
_PDF_WITHIN = 1024  # readers take a PDF whose header begins anywhere in the first 1,024 bytes
_SIGNATURES = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"\x1f\x8b", "an archive (gzip); unpack it"),
    (b"7z\xbc\xaf", "an archive (7z); unpack it"),
    (b"Rar!\x1a\x07", "an archive (RAR); unpack it"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text file; save it as .docx"),
    (b"SQLite format 3\0", "a database"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def format_of(name: str) -> Format | None:
    """Return the format that a file's name says, `None` where it is none of ours."""
    return FORMATS.get(PurePosixPath(name).suffix.lower())


def check_content(content: bytes, expected: Format) -> None:
    """Tell a lying name.

    Raises:
        CorpusError: The content is that of another format.
    """
    actual = _actual(content)
    if expected is Format.PDF and _PDF in content[:_PDF_WITHIN]:
        return
    if actual is expected or (actual is None and expected not in (Format.PDF, Format.WORD)):
        return
    if actual is None:
        raise CorpusError(f"is no .{expected} by its content; rename it, or save it as one")
    if isinstance(actual, Format):
        raise CorpusError(f"is a .{actual} by its content; rename it")
    raise CorpusError(f"is {actual}" if "; " in actual else f"is {actual}, no document; remove it")


def _actual(content: bytes) -> Format | str | None:
    """Return the format, or in words what it is, where the content gives it away."""
    if content.startswith(_PDF):
        return Format.PDF
    if content.startswith(_ZIP):
        is_word = b"word/" in content
        return Format.WORD if is_word else "an archive (ZIP); unpack it"
    if content.startswith(_OLD_OFFICE):
        return "an encrypted or old Office file; save it as .docx, without a password"
    head = content[:_PDF_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return Format.WEB_PAGE
    return next((what for sign, what in _SIGNATURES if content.startswith(sign)), None)
