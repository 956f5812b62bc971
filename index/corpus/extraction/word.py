"""A .docx → its text, with headings, list items and rows of tables; checked before it is unpacked.

The document's own XML is walked, not python-docx's paragraphs: those leave out what stands in
content controls and in tracked insertions.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from index.corpus.extraction.numbering import Numbering
from index.corpus.extraction.outline import Outline
from index.corpus.extraction.records import Extract
from index.corpus.extraction.repair import repaired
from index.corpus.extraction.styles import Styles
from index.corpus.faults import Fault
from index.corpus.metadata import language_code, one_line
from index.corpus.records import Card
from index.errors import DocumentError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

    from index.corpus.extraction.limits import Limits

_MEGABYTE = _SMALL_PART_BYTES = 1_000_000
_CONTENT_TYPES = "[Content_Types].xml"
"""What every Office file has, and no other archive."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError
)  # fmt: skip
_NOT_TEXT = frozenset(
    map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:footnoteReference"))
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_TEMPLATE_AUTHOR = "python-docx"
_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""What the template of python-docx says, and so every file that a program made with it."""


def extract(content: bytes, limits: Limits) -> Extract:
    """Return the text of a .docx, with its headings marked.

    Raises:
        DocumentError: It is damaged, no Word document, a bomb, or holds no text.
    """
    _check_archive(content, limits)
    try:
        document = docx.Document(io.BytesIO(content))
    except ValueError as error:  # its main part is a sheet's, a presentation's
        raise DocumentError(Fault.NO_WORD_FILE.of()) from error
    except (KeyError, zipfile.BadZipFile) as error:
        raise DocumentError(Fault.WORD_DAMAGED.of()) from error
    walk = _Walk(document)
    walk.blocks(document.element.body)
    text = repaired(walk.outline.text())
    if not text:
        raise DocumentError(Fault.WORD_WITHOUT_TEXT.of())
    return Extract(text, _card(document), marked=True)


def _check_archive(content: bytes, limits: Limits) -> None:
    """Refuse what would unpack to too much, and XML that declares entities: no word processor does.

    What a part says of its size is what is read of it at most.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename == _CONTENT_TYPES for part in parts):
                raise DocumentError(Fault.NO_WORD_FILE.of())
            _check_sizes(parts, limits)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise DocumentError(Fault.DECLARES_TYPE.of())
    except _DAMAGED as error:
        raise DocumentError(Fault.WORD_DAMAGED.of()) from error


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.entries:
        raise DocumentError(Fault.MANY_PARTS.of(count=len(parts), limit=limits.entries))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked_bytes:
        size, limit = unpacked // _MEGABYTE, limits.unpacked_bytes // _MEGABYTE
        raise DocumentError(Fault.UNPACKS_TO_MUCH.of(size=size, limit=limit))
    for part in parts:
        too_dense = part.file_size > limits.ratio * max(1, part.compress_size)
        if part.file_size > min(_SMALL_PART_BYTES, limits.unpacked_bytes) and too_dense:
            raise DocumentError(Fault.BOMB.of())


class _Walk:
    def __init__(self, document: WordDocument) -> None:
        self.outline = Outline()
        self._styles = Styles(document)
        self._numbering = Numbering(document)

    def blocks(self, container: _Element) -> None:
        for element in container:
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag not in _NOT_TEXT:
                self.blocks(element)  # content controls, tracked insertions

    def _paragraph(self, paragraph: _Element) -> None:
        text = _text(paragraph)
        level = self._styles.heading_level(paragraph)
        if level:
            self.outline.heading(text, level)
        elif text.strip():
            marker = self._numbering.marker(self._styles.number_of(paragraph))
            self.outline.paragraph(text, marker)
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(ancestor.tag in _NOT_TEXT for ancestor in box.iterancestors()):
                self.blocks(box)

    def _table(self, table: _Element) -> None:
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not table:
                continue  # of a table in a cell, which is walked with that cell
            cells = [cell for cell in row if cell.tag == qn("w:tc")]
            if any(len(_written(cell)) > 1 for cell in cells) or len(cells) == 1:
                for cell in cells:
                    self.blocks(cell)
            else:
                self.outline.row([" ".join(_written(cell)) for cell in cells])


def _written(cell: _Element) -> list[str]:
    texts = [_text(paragraph) for paragraph in cell.iter(qn("w:p"))]
    return [text for text in texts if text.strip()]


def _text(element: _Element) -> str:
    """Return what is written in a paragraph; a text box in it has paragraphs of its own."""
    parts: list[str] = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag not in _NOT_TEXT and child.tag != qn("w:txbxContent"):
            parts.append(_text(child))
    return "".join(parts)


def _card(document: WordDocument) -> Card:
    told = document.core_properties
    created = None if told.created in (None, _TEMPLATE_CREATED) else told.created
    return Card(
        title=one_line(told.title),
        author=None if told.author == _TEMPLATE_AUTHOR else one_line(told.author),
        published=created.date() if created else None,
        language=language_code(told.language),
    )
