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
from index.corpus.metadata import language_code, one_line
from index.corpus.records import Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

    from index.corpus.extraction.limits import Limits

_SMALL_PART_BYTES = 1_000_000
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
        CorpusError: It is damaged, a bomb, or holds no text.
    """
    _check_archive(content, limits)
    try:
        document = docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CorpusError("is damaged or no .docx; open it and save it anew") from error
    walk = _Walk(document)
    walk.blocks(document.element.body)
    text = repaired(walk.outline.text())
    if not text:
        raise CorpusError("holds no text (only pictures?); export it as a PDF with text")
    return Extract(text, _card(document), marked=True)


def _check_archive(content: bytes, limits: Limits) -> None:
    """Refuse what would unpack to too much, and XML that declares entities: no word processor does.

    What a part says of its size is what is read of it at most.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, limits)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise CorpusError("declares a document type, as bombs do; save it anew")
    except _DAMAGED as error:
        raise CorpusError("is damaged, truncated or encrypted; open it and save it anew") from error


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.entries:
        raise CorpusError(f"has {len(parts):,} parts, more than {limits.entries:,}; split it")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked_bytes:
        raise CorpusError(
            f"unpacks to {unpacked // 1_000_000} MB, more than "
            f"{limits.unpacked_bytes // 1_000_000}; split it"
        )
    for part in parts:
        too_dense = part.file_size > limits.ratio * max(1, part.compress_size)
        if part.file_size > min(_SMALL_PART_BYTES, limits.unpacked_bytes) and too_dense:
            raise CorpusError("unpacks to far more than it is, as bombs do; save it anew")


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
