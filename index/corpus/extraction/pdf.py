"""A PDF → its text and where each page begins, read with PDFium."""

from __future__ import annotations

import ctypes
import math
import re
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.corpus.extraction.flow import Line, flowing
from index.corpus.extraction.records import Extract
from index.corpus.extraction.repair import repaired
from index.corpus.faults import Fault
from index.corpus.metadata import day_of, language_code, one_line
from index.corpus.records import Card
from index.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.corpus.extraction.limits import Limits

_END_WITHIN = 2048
_LINE_END = re.compile(r"\r\n?|\n|(?<=\ufffe)")
_BROKEN = "\ufffe"
"""What PDFium puts for a hyphen at the end of a line, and for that end."""
_EDGE = 0.1
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff\x01-\x08]")
_UNREADABLE_SHARE = 0.2
_FILE_NAME = re.compile(
    r"(?:microsoft \w+ - )?.*\.(?:docx?|pptx?|xlsx?|odt|rtf|indd|qxp|tex|dvi|pdf|html?)"
    r"|untitled.*|unbenannt.*|document\d*|dokument\d*|powerpoint[ -].*",
    re.IGNORECASE,
)
_WORD_PREFIX = re.compile(r"microsoft \w+ - ", re.IGNORECASE)
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
_LANGUAGE_LENGTH = 64


def extract(content: bytes, limits: Limits) -> Extract:
    """Return the text of a PDF, its headings marked where sizes of type tell them.

    Raises:
        DocumentError: It is encrypted, damaged, too long, or a scan without text.
    """
    if b"startxref" not in content.rstrip(b"\0 \r\n\t")[-_END_WITHIN:]:
        raise DocumentError(Fault.TRUNCATED.of())
    document = _opened(content)
    if len(document) > limits.pages:
        raise DocumentError(Fault.MANY_PAGES.of(count=len(document), limit=limits.pages))
    found = (line for number in range(len(document)) for line in _lines(document, number))
    lines = [line for line in found if line.text]
    written = "".join(line.text for line in lines)
    if not any(map(str.isalnum, written)):
        raise DocumentError(Fault.SCAN.of())
    if len(_UNREADABLE.findall(written)) > _UNREADABLE_SHARE * len(written):
        raise DocumentError(Fault.FONTS_WITHOUT_LETTERS.of())
    text, pages, marked = flowing(lines, len(document))
    return Extract(text, _card(document), pages, marked)


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise DocumentError(Fault.ENCRYPTED.of()) from error
        raise DocumentError(Fault.DAMAGED.of()) from error


def _lines(document: pdfium.PdfDocument, number: int) -> Iterator[Line]:
    """Return the lines of a page in the order in which they were written."""
    try:
        page = document[number]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
    except pdfium.PdfiumError as error:
        raise DocumentError(Fault.DAMAGED_PAGE.of(page=number + 1)) from error
    height = page.get_height()
    start = 0
    for raw_line in _pieces(text):
        line = raw_line.rstrip("\r\n" + _BROKEN).rstrip()
        if line.strip():
            yield _placed(text_page, line, start, number, height, broken=_BROKEN in raw_line)
        start += _units(raw_line)
    text_page.close()
    page.close()


def _pieces(text: str) -> Iterator[str]:
    """Return the lines with their ends, so that places in the text can be counted."""
    start = 0
    for match in _LINE_END.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    yield text[start:]


def _units(text: str) -> int:
    """Return the length that PDFium counts: UTF-16 code units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def _placed(
    text_page: pdfium.PdfTextPage, line: str, start: int, page: int, height: float, *, broken: bool
) -> Line:
    first = start + len(line) - len(line.lstrip())
    last = start + _units(line) - 1
    x, y = _origin(text_page, first)
    size = _size(text_page, (first + last) // 2)
    away = height * _EDGE
    return Line(
        text=repaired(line).strip(),
        page=page,
        left=x,
        right=_origin(text_page, last)[0] + size / 2,
        baseline=y,
        size=size,
        broken=broken,
        edge=not away < y < height - away,
    )


def _origin(text_page: pdfium.PdfTextPage, place: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, _character(text_page, place), x, y)
    return x.value, y.value


def _size(text_page: pdfium.PdfTextPage, place: int) -> float:
    """Return the size in points in which a character is set: its font's, scaled."""
    matrix, index = raw.FS_MATRIX(), _character(text_page, place)
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    return round(float(raw.FPDFText_GetFontSize(text_page, index)) * scale * 2) / 2


def _character(text_page: pdfium.PdfTextPage, place: int) -> int:
    index: int = raw.FPDFText_GetCharIndexFromTextIndex(text_page, place)
    return index


def _card(document: pdfium.PdfDocument) -> Card:
    told = document.get_metadata_dict()
    title = one_line(told["Title"])
    created = _CREATED.match(told["CreationDate"])
    buffer = (raw.FPDF_WCHAR * _LANGUAGE_LENGTH)()
    length = raw.FPDFCatalog_GetLanguage(document, buffer, _LANGUAGE_LENGTH)
    language = "".join(map(chr, buffer[: min(length, _LANGUAGE_LENGTH)])).split("\0")[0]
    return Card(
        title=None if title is None or _FILE_NAME.fullmatch(title) else title,
        author=one_line(told["Author"]),
        published=day_of("-".join(created.groups())) if created else None,
        language=language_code(language),
    )
