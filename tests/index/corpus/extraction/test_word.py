"""Of a Word file, what its reader sees is read; bombs are refused before they are unpacked."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.extraction.word import extract
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as WordDocument

    Save = Callable[[WordDocument], bytes]
    WithPart = Callable[[bytes, str, bytes], bytes]


def test_headings_items_and_rows_stay_apart(
    letter: WordDocument, save: Save, sentence: str
) -> None:
    assert extract(save(letter), LIMITS).text.split("\n\n") == [
        "# Warum wir radeln",
        f"{sentence} Das haben wir gemessen.",
        "# Was es kostet",
        "- Die Wartung kostet hundert Euro.",
        "1. Zuerst haben wir alle gefragt.",
        "2. Dann haben wir bestellt.",
        "Jahr | Räder",
        "2020 | 12 Räder",
        "## Am Ende",
        "Niemand will die Autos zurück.",
    ]


def test_what_the_file_tells_of_itself_is_found(letter: WordDocument, save: Save) -> None:
    letter.core_properties.created = datetime(2020, 1, 2, tzinfo=UTC)
    letter.core_properties.language = "de-DE"
    card = extract(save(letter), LIMITS).found
    assert (card.title, card.author, card.published, card.language) == (
        "Warum wir radeln",
        "Petra Muster",
        date(2020, 1, 2),
        "de",
    )


def test_what_only_a_template_says_is_not_found(save: Save) -> None:
    document = docx.Document()
    document.add_paragraph("Ein Satz.")
    card = extract(save(document), LIMITS).found
    assert (card.title, card.author, card.published) == (None, None, None)


def test_a_heading_is_one_by_the_style_that_its_own_builds_on(save: Save) -> None:
    document = docx.Document()
    own = document.styles.add_style("Abschnitt", 1)
    own.base_style = document.styles["Heading 2"]
    document.add_paragraph("Kosten", style="Abschnitt")
    assert extract(save(document), LIMITS).text == "## Kosten"


def add(document: WordDocument, xml: str) -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_tracked_changes_are_read_as_accepted(save: Save) -> None:
    document = docx.Document()
    add(
        document,
        f'{run("Wir ")}<w:ins w:id="1">{run("bleiben")}</w:ins><w:del w:id="2"><w:r>'
        f"<w:delText>gehen</w:delText></w:r></w:del>{run(' hier.')}",
    )
    assert extract(save(document), LIMITS).text == "Wir bleiben hier."


def test_links_controls_breaks_and_soft_hyphens_are_read(save: Save) -> None:
    document = docx.Document()
    add(
        document,
        f"{run('Ein ')}<w:hyperlink>{run('Ver')}</w:hyperlink><w:r><w:softHyphen/></w:r>"
        f"{run('weis')}"
        f"<w:sdt><w:sdtContent>{run(' im Feld')}</w:sdtContent></w:sdt>"
        f"<w:r><w:br/></w:r>{run('Neue Zeile.')}<w:r><w:instrText>PAGE</w:instrText></w:r>",
    )
    assert extract(save(document), LIMITS).text == "Ein Verweis im Feld\nNeue Zeile."


def test_text_boxes_are_read_once_in_their_place(save: Save) -> None:
    document = docx.Document()
    box = f"<w:txbxContent><w:p>{run('Im Kasten.')}</w:p></w:txbxContent>"
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    add(
        document,
        f"<w:r><mc:AlternateContent {names}><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    document.add_paragraph("Danach.")
    assert extract(save(document), LIMITS).text == "Im Kasten.\n\nDanach."


def test_a_table_in_a_table_is_read_once(save: Save) -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "Links"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text = "Jahr"
    inner.cell(0, 1).text = "Räder"
    assert extract(save(document), LIMITS).text == "Links\n\nJahr | Räder"


def test_a_file_without_text_is_refused(save: Save) -> None:
    with pytest.raises(CorpusError, match="holds no text"):
        extract(save(docx.Document()), LIMITS)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_a_truncated_file_is_refused(letter: WordDocument, save: Save, share: float) -> None:
    content = save(letter)
    with pytest.raises(CorpusError, match="is a damaged, truncated or encrypted Word file"):
        extract(content[: int(len(content) * share)], LIMITS)


def test_a_flipped_byte_is_noticed(letter: WordDocument, save: Save) -> None:
    content = bytearray(save(letter))
    place = content.find(b"word/document.xml") + 200
    content[place] ^= 0xFF
    with pytest.raises(CorpusError, match="is a damaged, truncated or encrypted Word file"):
        extract(bytes(content), LIMITS)


def test_an_archive_of_something_else_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/hallo.txt", "Hallo")
    with pytest.raises(CorpusError, match="is no Word document"):
        extract(file.getvalue(), LIMITS)


DOCUMENT = "word/document.xml"


def test_a_bomb_is_refused_by_its_size(
    letter: WordDocument, save: Save, with_part: WithPart
) -> None:
    bomb = with_part(save(letter), DOCUMENT, b"<x>" + b" " * 3_000_000 + b"</x>")
    with pytest.raises(CorpusError, match="unpacks to 3 MB, more than 2; split it"):
        extract(bomb, Limits(unpacked_bytes=2_000_000))


def test_a_bomb_is_refused_by_its_ratio(
    letter: WordDocument, save: Save, with_part: WithPart
) -> None:
    bomb = with_part(save(letter), DOCUMENT, b"<x>" + b" " * 3_000_000 + b"</x>")
    with pytest.raises(CorpusError, match="unpacks to far more than it is, as bombs do"):
        extract(bomb, LIMITS)


def test_too_many_parts_are_refused(letter: WordDocument, save: Save) -> None:
    with pytest.raises(CorpusError, match="parts, more than 3; split it"):
        extract(save(letter), Limits(entries=3))


@pytest.mark.parametrize(
    "declared", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "ha"><!ENTITY b "&a;&a;">']
)
def test_entities_are_refused(
    letter: WordDocument, save: Save, with_part: WithPart, declared: str
) -> None:
    part = f'<?xml version="1.0"?><!DOCTYPE x [{declared}]><w:document {nsdecls("w")}/>'
    with pytest.raises(CorpusError, match="declares a document type"):
        extract(with_part(save(letter), DOCUMENT, part.encode()), LIMITS)
