"""Files are read as they are; what cannot be read is named and left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.corpus import reading
from index.corpus.reading import corpus_digest, read_corpus
from index.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

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
        (b"caf\xe9", "not UTF-8 (byte 3); save it as UTF-8"),
        (b"", "holds no text"),
        (b" \n\t\n", "holds no text"),
        (b"Das ist \0 Text.", "holds null characters; it is no text file, or not UTF-8"),
        ("größer".encode("utf-16"), "not UTF-8 (byte 0); save it as UTF-8"),
    ],
)
def test_an_unreadable_file_is_named_and_the_others_are_read(
    write_files: WriteFiles, content: bytes, reason: str
) -> None:
    folder = write_files({"good.txt": TEXT})
    (folder / "bad.txt").write_bytes(content)
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert [(one.file, one.reason) for one in corpus.unreadable] == [("bad.txt", reason)]


def test_a_file_that_is_too_large_is_left_out(
    write_files: WriteFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SIZE_LIMIT_BYTES", 200)
    folder = write_files({"good.txt": TEXT, "large.txt": TEXT * 9})
    assert [one.file for one in read_corpus(folder).unreadable] == ["large.txt"]


def test_a_link_out_of_the_folder_is_not_followed(write_files: WriteFiles, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    folder = write_files({"good.txt": TEXT})
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert [document.id for document in read_corpus(folder).documents] == ["good.txt"]


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
            "page.html": TEXT,
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
    write_files({"notes.html": "x", "README.md": "x", ".git/a.txt": "x"})
    assert corpus_digest(folder) == before


@pytest.mark.parametrize(
    "files",
    [
        {"a.txt": TEXT + " "},
        {"b.txt": TEXT},
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
