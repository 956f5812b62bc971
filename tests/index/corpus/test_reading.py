"""Files are read as they are; what cannot be read is named and left out."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.corpus.extraction.limits import Limits
from index.corpus.faults import Fault
from index.corpus.reading import (
    iter_documents,
    missing_fields,
    read_corpus,
    read_file,
)
from index.corpus.records import Card, Document, Unreadable, page_of
from index.corpus.survey import corpus_digest
from index.debates.anchoring import anchor_labels
from index.debates.records import Label, Side
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document as WordDocument

    from tests.index.conftest import ReadText, WriteFiles

TEXT = "Ein Titel\n\nDas ist ein Satz, den ein Mensch über Räder geschrieben hat.\n"


def test_documents_come_in_the_order_of_their_names(write_files: WriteFiles) -> None:
    folder = write_files({"b.txt": TEXT, "a.md": TEXT, "sub/c.txt": TEXT})
    assert [document.id for document in read_corpus(folder).documents] == [
        "a.md",
        "b.txt",
        "sub/c.txt",
    ]


def test_reading_alters_nothing(corpus_folder: Path) -> None:
    before = {path: path.read_bytes() for path in corpus_folder.rglob("*") if path.is_file()}
    read_corpus(corpus_folder)
    assert {p: p.read_bytes() for p in corpus_folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, "e\u0301 " + TEXT]
)
def test_a_text_is_kept_to_the_last_code_point(read_text: ReadText, text: str) -> None:
    document = read_text(text)
    assert document.text == text
    assert document.passages[0].span.of(text).startswith("Das ist ein Satz")


def test_the_title_is_the_catalogues_or_the_first_line(write_files: WriteFiles) -> None:
    folder = write_files(
        {
            "a.txt": TEXT,
            "b.md": "\n\n## Oben\n\nDas ist ein Satz.",
            "catalogue.toml": '[[document]]\nfile = "a.txt"\ntitle = "Anders"',
        }
    )
    titles = [document.card.title for document in read_corpus(folder).documents]
    assert titles == ["Anders", "Oben"]


def test_a_byte_order_mark_is_no_part_of_the_title(read_text: ReadText) -> None:
    assert read_text("\ufeff" + TEXT).card.title == "Ein Titel"


def test_the_language_is_the_catalogues_or_detected(write_files: WriteFiles) -> None:
    folder = write_files(
        {
            "a.txt": TEXT,
            "b.txt": "A title\n\nThis is a sentence that somebody wrote about company bicycles.",
            "c.txt": TEXT,
            "d.txt": "12345 67890",
            "catalogue.toml": '[[document]]\nfile = "c.txt"\nlanguage = "nl"',
        }
    )
    languages = [document.card.language for document in read_corpus(folder).documents]
    assert languages == ["de", "en", "nl", "en"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"ve\xe8er",
            "not UTF-8 (byte 2), and in no other encoding for certain; save it as UTF-8",
        ),
        (b"", "holds no text"),
        (b" \n\t\n", "holds no text"),
        ("\ufeff\u00a0\n\u3000\ufeff\n".encode(), "holds no text"),
        ("---\ntitle: x\n---\n\u00a0".encode(), "holds no text"),
        (b"Das ist \0 Text.", "holds null characters; it is no text file, or not UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "is a picture (PNG), no document; remove it"),
        (b"%PDF-1.7 ...", "is a .pdf by its content; rename it"),
        (b"<!DOCTYPE html><p>Text", "is a .html by its content; rename it"),
        (b"PK\x03\x04 xl/workbook.xml", "is an archive (ZIP); unpack it"),
        (b"---\ntitle: [\n---\nText", "front matter is not valid YAML (line 3); mend it"),
        (b"x" * 1_000_001, "holds a line of 1,000,001 characters; break it into paragraphs"),
    ],
)
def test_an_unreadable_file_is_named_and_the_others_are_read(
    write_files: WriteFiles, content: bytes, reason: str
) -> None:
    folder = write_files({"good.txt": TEXT})
    (folder / "bad.txt").write_bytes(content)
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert [(one.file, str(one.reason)) for one in corpus.unreadable] == [("bad.txt", reason)]


def test_a_file_that_is_too_large_is_left_out(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT, "large.txt": TEXT * 9})
    corpus = read_corpus(folder, limits=Limits(size_bytes=200))
    assert corpus.unreadable == (Unreadable("large.txt", Fault.LARGE_IN_BYTES.of(limit=200)),)


def test_another_encoding_is_read_and_its_text_kept(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT})
    text = TEXT.replace("\n", "\r\n") + "Größere Städte wären schöner.\r\n"
    (folder / "old.txt").write_bytes(text.encode("cp1252"))
    assert read_corpus(folder).documents[1].text == text


def test_a_link_out_of_the_folder_is_not_followed(write_files: WriteFiles, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    folder = write_files({"good.txt": TEXT})
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert corpus.unreadable == (Unreadable("link.txt", Fault.LINK_OUT.of()),)


def test_what_is_no_regular_file_is_never_waited_for(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT})
    os.mkfifo(folder / "pipe.pdf")
    (folder / "nothing.md").symlink_to(folder / "gone.md")
    (folder / "circle.txt").symlink_to(folder / "circle.txt")
    (folder / "folder.txt").mkdir()
    (folder / "settings.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    corpus_digest(folder)
    assert [
        (one.file, str(one.reason).split(";")[0]) for one in read_corpus(folder).unreadable
    ] == [
        ("circle.txt", "cannot be reached"),
        ("nothing.md", "is a link to nothing"),
        ("pipe.pdf", "is no regular file"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT, "shut.txt": TEXT})
    (folder / "shut.txt").chmod(0)
    corpus_digest(folder)
    [left_out] = read_corpus(folder).unreadable
    assert str(left_out.reason) == "cannot be opened (permission denied); see its permissions"


def test_odd_names_are_told(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT, "a.jsonl#1.txt": TEXT})
    (folder / os.fsdecode(b"b\xff.txt")).write_text(TEXT)
    corpus_digest(folder)
    assert read_corpus(folder).unreadable == (
        Unreadable("a.jsonl#1.txt", Fault.NAME_OF_LINE.of(mark="#")),
        Unreadable("b\ufffd.txt", Fault.NAME_NOT_UTF8.of()),
    )


def test_a_link_within_the_folder_is_followed(write_files: WriteFiles) -> None:
    folder = write_files({"good.txt": TEXT})
    (folder / "link.txt").symlink_to(folder / "good.txt")
    assert [document.id for document in read_corpus(folder).documents] == ["good.txt", "link.txt"]


def test_readme_hidden_and_other_files_are_no_documents(write_files: WriteFiles) -> None:
    folder = write_files(
        {
            "good.txt": TEXT,
            "README.md": TEXT,
            "sub/readme.txt": TEXT,
            ".hidden.txt": TEXT,
            ".git/x.txt": TEXT,
            "page.xml": TEXT,
        }
    )
    assert [document.id for document in read_corpus(folder).documents] == ["good.txt"]


def test_suffixes_are_known_in_any_case(write_files: WriteFiles) -> None:
    assert len(read_corpus(write_files({"A.TXT": TEXT, "b.Md": TEXT})).documents) == 2


def test_a_missing_folder_is_an_error_with_its_cure(tmp_path: Path) -> None:
    for read in (read_corpus, corpus_digest):
        with pytest.raises(CorpusError, match=r"no corpus at .*create the folder"):
            read(tmp_path / "none")


@pytest.mark.parametrize("files", [{}, {"bad.txt": " "}, {"catalogue.toml": ""}])
def test_a_folder_without_a_readable_document_is_an_error(
    write_files: WriteFiles, files: dict[str, str]
) -> None:
    with pytest.raises(CorpusError, match="holds no readable"):
        read_corpus(write_files(files))


def test_a_document_of_one_sentence_is_not_taken_for_its_own_title(read_text: ReadText) -> None:
    text = "Wir sollten gehen, weil es teuer ist."
    assert [passage.span.of(text) for passage in read_text(text).passages] == [text]


def test_the_digest_changes_with_content_and_only_then(write_files: WriteFiles) -> None:
    folder = write_files({"a.txt": TEXT, "debates/x.toml": "", "catalogue.toml": ""})
    before = corpus_digest(folder)
    (folder / "a.txt").write_text(TEXT)
    write_files({"notes.xml": "x", "README.md": "x", ".git/a.txt": "x"})
    assert corpus_digest(folder) == before


@pytest.mark.parametrize(
    "files",
    [
        {"a.txt": TEXT + " "},
        {"b.txt": TEXT},
        {"b.jsonl": "{}"},
        {"b.pdf": "%PDF-"},
        {"debates/x.toml": "#"},
        {"catalogue.toml": "#"},
        {"questions.toml": ""},
        {"topics/y.toml": ""},
    ],
)
def test_the_digest_sees_every_file_that_a_build_reads(
    write_files: WriteFiles, files: dict[str, str]
) -> None:
    folder = write_files({"a.txt": TEXT, "debates/x.toml": "", "catalogue.toml": ""})
    before = corpus_digest(folder)
    write_files(files)
    assert corpus_digest(folder) != before


def test_the_digest_sees_a_renamed_file(write_files: WriteFiles) -> None:
    folder = write_files({"a.txt": TEXT})
    before = corpus_digest(folder)
    (folder / "a.txt").rename(folder / "b.txt")
    assert corpus_digest(folder) != before


def test_an_editors_dangling_lock_file_does_not_stop_the_digest(write_files: WriteFiles) -> None:
    """Emacs leaves such links beside a file that is being edited."""
    folder = write_files({"a.txt": TEXT, "catalogue.toml": ""})
    before = corpus_digest(folder)
    (folder / ".#catalogue.toml").symlink_to("somebody@host.1234:1")
    assert corpus_digest(folder) == before


@pytest.fixture
def many_formats(
    write_files: WriteFiles,
    page: str,
    leaflet: bytes,
    letter: WordDocument,
    save: Callable[[WordDocument], bytes],
    sentence: str,
) -> Path:
    """Return a nested folder in which each file says the same in another format."""
    line = json.dumps({"id": "rad", "text": f"{sentence} Das ist gemessen.", "title": "Zeile"})
    folder = write_files(
        {
            "text/a.txt": f"Titel\n\n{sentence} Das ist gemessen.",
            "text/b.md": f"---\nauthor: Petra Muster\n---\n# Titel\n\n{sentence} Gemessen.",
            "web/c.html": page,
            "web/d.HTM": page,
            "g.jsonl": line,
            "catalogue.toml": '[[document]]\nfile = "web/d.HTM"\ntitle = "Anders"\n',
        }
    )
    (folder / "e.pdf").write_bytes(leaflet)
    (folder / "f.docx").write_bytes(save(letter))
    return folder


EVERY = ["e.pdf", "f.docx", "g.jsonl#rad", "text/a.txt", "text/b.md", "web/c.html", "web/d.HTM"]


def test_every_format_is_read_and_every_citation_says_what_stands_there(
    many_formats: Path, sentence: str
) -> None:
    corpus = read_corpus(many_formats)
    assert [document.id for document in corpus.documents] == EVERY
    for document in corpus.documents:
        spans = [span for passage in document.passages for span in passage.sentences]
        assert sentence in [document.text[span.start : span.end] for span in spans]
        for span in spans:
            cited = document.text[span.start : span.end]
            assert cited == cited.strip() != ""


def test_a_label_is_tied_to_its_place_in_every_format(many_formats: Path, sentence: str) -> None:
    documents = {document.id: document for document in read_corpus(many_formats).documents}
    labels = [Label("bicycles", name, sentence, Side.YES) for name in EVERY]
    anchored, loose = anchor_labels(labels, documents)
    assert loose == ()
    for one in anchored:
        assert one.span.of(documents[one.label.document].text) == sentence


def test_the_catalogue_comes_before_what_was_found(many_formats: Path) -> None:
    cards = {document.id: document.card for document in read_corpus(many_formats).documents}
    assert cards["web/d.HTM"] == Card(
        "Anders", "Petra Muster", date(2021, 3, 4), "de", "https://example.org/radeln"
    )
    assert cards["web/c.html"].title == "Warum wir radeln"
    assert cards["text/b.md"].author == "Petra Muster"
    assert cards["g.jsonl#rad"].title == "Zeile"


def test_documents_come_one_by_one(many_formats: Path) -> None:
    (many_formats / "a-bad.pdf").write_bytes(b"no PDF")
    stream = iter_documents(many_formats)
    assert next(stream) == Unreadable("a-bad.pdf", Fault.NOT_OF_FORMAT.of(format="pdf"))
    document = next(stream)
    assert isinstance(document, Document)
    assert document.id == "e.pdf"


def test_a_missing_folder_is_told_before_the_first_document(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus"):
        iter_documents(tmp_path / "none")


def test_the_page_of_a_citation_is_known(many_formats: Path) -> None:
    document = next(one for one in read_corpus(many_formats).documents if one.id == "e.pdf")
    pages = [page_of(document, passage.span.start) for passage in document.passages]
    assert pages[0] == 1
    assert pages[-1] == len(document.pages)
    assert pages == sorted(page for page in pages if page)
    assert page_of(document, 0) == 1
    assert page_of(document, len(document.text)) == len(document.pages)


def test_a_text_may_speak_of_formats(write_files: WriteFiles) -> None:
    text = "Ein Titel\n\nJedes PDF beginnt mit %PDF- und jede Seite mit <html>, so heißt es."
    assert len(read_corpus(write_files({"a.txt": text, "b.md": text})).documents) == 2


def test_plain_text_has_no_pages(read_text: ReadText) -> None:
    assert page_of(read_text(TEXT), 0) is None


def test_one_file_is_read_with_a_process_of_its_own(many_formats: Path, sentence: str) -> None:
    document = read_file(many_formats / "e.pdf", "upload.pdf", Card(author="Ich"))
    assert document.id == "upload.pdf"
    assert document.card.author == "Ich"
    assert sentence in document.text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "x.exe",
            "has a format that is not read; use .docx, .htm, .html, .jsonl, .md, .pdf, .txt",
        ),
        ("x.jsonl", "holds many documents; put it into the corpus folder and reindex"),
        ("x.txt", "cannot be opened (no such file or directory); see its permissions"),
    ],
)
def test_one_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(CorpusError) as raised:
        read_file(tmp_path / name, name)
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Das ist ein Satz ohne Titel.", ("title", "author", "published")),
        ("Ein Titel\n\nDas ist ein Satz.", ("author", "published")),
        ("---\nauthor: A\ndate: 2020-01-02\n---\nDas ist ein Satz.", ("title",)),
        ("---\ntitle: T\nauthor: A\ndate: 2020-01-02\n---\nDas ist ein Satz.", ()),
    ],
)
def test_what_a_document_does_not_tell_is_known(
    read_text: ReadText, text: str, missing: tuple[str, ...]
) -> None:
    assert missing_fields(read_text(text)) == missing


def test_a_template_that_says_english_is_not_believed(write_files: WriteFiles, page: str) -> None:
    folder = write_files({"a.html": page.replace('lang="de"', 'lang="en"')})
    assert read_corpus(folder).documents[0].card.language == "de"
