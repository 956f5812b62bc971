"""Which formats are read, and what a file is by its content, whatever its name says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.corpus.faults import Fault
from index.errors import DocumentError

if TYPE_CHECKING:
    from index.corpus.remarks import Remark


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
    (b"\x89PNG", Fault.PICTURE.of(format="PNG")),
    (b"\xff\xd8\xff", Fault.PICTURE.of(format="JPEG")),
    (b"GIF89a", Fault.PICTURE.of(format="GIF")),
    (b"\x1f\x8b", Fault.ARCHIVE.of(format="gzip")),
    (b"7z\xbc\xaf", Fault.ARCHIVE.of(format="7z")),
    (b"Rar!\x1a\x07", Fault.ARCHIVE.of(format="RAR")),
    (b"\x7fELF", Fault.PROGRAM.of()),
    (b"{\\rtf", Fault.RICH_TEXT.of()),
    (b"SQLite format 3\0", Fault.DATABASE.of()),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def format_of(name: str) -> Format | None:
    """Return the format that a file's name says, `None` where it is none of ours."""
    return FORMATS.get(PurePosixPath(name).suffix.lower())


def check_content(content: bytes, expected: Format) -> None:
    """Tell a lying name.

    Raises:
        DocumentError: The content is that of another format.
    """
    actual = _actual(content)
    if expected is Format.PDF and _PDF in content[:_PDF_WITHIN]:
        return
    if expected is Format.WORD and content.startswith(_ZIP):
        return  # the archive is opened later, which tells whether it is damaged or no Word document
    if actual is expected or (actual is None and expected not in (Format.PDF, Format.WORD)):
        return
    if actual is None:
        raise DocumentError(Fault.NOT_OF_FORMAT.of(format=str(expected)))
    if isinstance(actual, Format):
        raise DocumentError(Fault.OTHER_FORMAT.of(format=str(actual)))
    raise DocumentError(actual)


def _actual(content: bytes) -> Format | Remark | None:
    """Return the format, or a remark on what it is, where the content gives it away."""
    if content.startswith(_PDF):
        return Format.PDF
    if content.startswith(_ZIP):
        return Format.WORD if b"word/" in content else Fault.ARCHIVE.of(format="ZIP")
    if content.startswith(_OLD_OFFICE):
        return Fault.OLD_OFFICE.of()
    head = content[:_PDF_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return Format.WEB_PAGE
    return next((what for sign, what in _SIGNATURES if content.startswith(sign)), None)
