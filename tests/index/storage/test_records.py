"""What was written is read back the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.corpus.faults import Fault
from index.corpus.reading import read_corpus
from index.corpus.records import Card, Span
from index.corpus.remarks import Remark
from index.debates.anchoring import anchor_labels
from index.debates.loading import Agenda, read_agenda
from index.errors import SnapshotDamaged
from index.guides.loading import read_guidebook
from index.guides.records import Guidebook
from index.storage.recording import write_records
from index.storage.records import Problem, Records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.corpus.records import Document
    from tests.index.conftest import ReadText, WriteFiles

GUIDE = """
command = { de = "los", en = "go" }
description = { en = "Go" }
title = { en = "Go" }
introduction = { en = "Go." }

[[step]]
id = "first"
title = { en = "First" }
explanation = { en = "Do „it“." }
quote = [{ document = "document.txt", text = "Das ist ein Satz." }]
"""
PROBLEMS = [
    Problem(Remark.verbatim("„b“ {c}"), Fault.EMPTY.of()),
    Problem(Remark.verbatim("a"), Fault.LINE.of(line=2, reason=Fault.LARGE_LINE.of(limit=1))),
]


@pytest.fixture
def records(corpus_folder: Path, tmp_path: Path) -> Iterator[Records]:
    corpus, agenda = read_corpus(corpus_folder), read_agenda(corpus_folder)
    documents = {document.id: document for document in corpus.documents}
    anchored, _ = anchor_labels(agenda.labels, documents)
    write_records(tmp_path / "r.sqlite", corpus.documents, agenda, anchored, PROBLEMS)
    opened = Records(tmp_path / "r.sqlite")
    yield opened
    opened.close()


def written(folder: Path, document: Document) -> Records:
    write_records(folder / "r.sqlite", [document], Agenda(), [], [])
    return Records(folder / "r.sqlite")


def test_passages_come_back_the_same_in_reading_order(
    records: Records, corpus_folder: Path
) -> None:
    expected = [p for document in read_corpus(corpus_folder).documents for p in document.passages]
    stored = records.all_passages()
    assert [one.passage for one in stored] == expected
    assert [one.row for one in stored] == list(range(len(expected)))
    assert records.passage_count == len(expected)


def test_sentence_rows_go_on_from_passage_to_passage(records: Records) -> None:
    at = 0
    for stored in records.all_passages():
        assert stored.first_sentence == at
        at += len(stored.passage.sentences)
    assert records.sentence_count == at


def test_passages_come_in_the_order_asked_for(records: Records) -> None:
    assert [stored.row for stored in records.passages([3, 0, 3])] == [3, 0, 3]


def test_texts_and_cards_come_back_the_same(records: Records, corpus_folder: Path) -> None:
    for document in read_corpus(corpus_folder).documents:
        assert records.whole_text(document.id) == document.text
        assert records.card(document.id) == document.card
        for passage in document.passages:
            assert records.text(document.id, passage.span) == passage.span.of(document.text)


def test_offsets_count_code_points(tmp_path: Path, read_text: ReadText) -> None:
    document = read_text(
        "Titel 😀 e\u0301\n\nDas ist ein Satz: 👨‍👩‍👧 \U0001f600, und dann Schluss.\n"
    )
    records = written(tmp_path, document)
    span = document.passages[0].sentences[0]
    assert records.text(document.id, span) == span.of(document.text) != ""
    records.close()


def test_documents_are_listed_with_the_number_of_their_passages(records: Records) -> None:
    assert [(entry.id, entry.passages) for entry in records.documents()] == [
        ("contra.md", 4),
        ("english.txt", 1),
        ("pro.txt", 1),
    ]
    assert records.documents()[0].card.author == "Petra Muster"


def test_an_unknown_card_is_all_none(tmp_path: Path, read_text: ReadText) -> None:
    records = written(tmp_path, read_text("Titel\n\nDas ist ein Satz."))
    assert records.card("document.txt") == Card(title="Titel", language="de")
    records.close()


def test_neighbours_are_found_and_end_at_either_end(records: Records) -> None:
    second = records.passage_at("contra.md", 1)
    assert second
    assert (second.row, second.passage.ordinal) == (1, 1)
    assert records.passage_at("contra.md", -1) is None
    assert records.passage_at("contra.md", 4) is None


def test_a_position_has_a_row(records: Records) -> None:
    for stored in records.all_passages():
        span = stored.passage.span
        assert records.row_at(stored.passage.document, span.start) == stored.row
        assert records.row_at(stored.passage.document, span.end - 1) == stored.row


def test_the_agenda_comes_back_in_its_order(records: Records, corpus_folder: Path) -> None:
    agenda, read = records.agenda(), read_agenda(corpus_folder)
    assert [debate.id for debate in agenda.debates] == [debate.id for debate in read.debates]
    for found, expected in zip(agenda.debates, read.debates, strict=True):
        assert found.motion == expected.motion
        assert dict(found.sides) == dict(expected.sides)
        assert found.inherits == expected.inherits
    assert [(t.id, t.title) for t in agenda.topics] == [(t.id, t.title) for t in read.topics]


def test_labels_come_back_with_their_places(records: Records, corpus_folder: Path) -> None:
    corpus, agenda = read_corpus(corpus_folder), read_agenda(corpus_folder)
    anchored, _ = anchor_labels(agenda.labels, {d.id: d for d in corpus.documents})
    assert tuple(records.labels()) == anchored
    assert len(anchored) == len(agenda.labels)


def test_problems_come_back(records: Records) -> None:
    assert records.problems() == PROBLEMS


def test_what_was_left_out_is_told_with_its_reason(records: Records) -> None:
    assert ("pro.txt", "picture credit", "Bild: pixabay.com / Muster") in records.left_out()
    assert not {kind for _, kind, _ in records.left_out()} & {"paragraph", "list item", "heading"}


def test_what_is_not_there_is_the_callers_mistake(records: Records) -> None:
    for ask in (
        lambda: records.card("gone.txt"),
        lambda: records.text("gone.txt", Span(0, 1)),
        lambda: records.passages([99]),
        lambda: records.row_at("pro.txt", 0),
    ):
        with pytest.raises(ValueError, match="no such record"):
            ask()


def test_several_threads_read_at_once(records: Records) -> None:
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.extend(len(records.all_passages()) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [records.passage_count] * 80


def test_guides_and_interviews_come_back_the_same(
    tmp_path: Path, write_files: WriteFiles, read_text: ReadText
) -> None:
    folder = write_files({"guides/go.toml": GUIDE})
    book = read_guidebook(folder, set())
    document = read_text("Titel\n\nDas ist ein Satz.")
    write_records(tmp_path / "r.sqlite", [document], Agenda(), [], [], book)
    records = Records(tmp_path / "r.sqlite")
    assert records.guidebook() == book != Guidebook()
    records.close()


def test_records_without_guides_have_none(records: Records) -> None:
    assert records.guidebook() == Guidebook()


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 99])
def test_a_file_that_is_no_database_of_ours_is_damaged(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "r.sqlite").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"r\.sqlite cannot be read; run audiatur reindex"):
        Records(tmp_path / "r.sqlite")


@pytest.mark.parametrize("name", ["a b", "ä%20", "what?x", "c#"])
def test_a_folder_may_have_any_name(tmp_path: Path, read_text: ReadText, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    records = written(folder, read_text("Titel\n\nDas ist ein Satz."))
    assert records.passage_count == 1
    records.close()


def test_records_cannot_be_changed(records: Records) -> None:
    """A snapshot is opened to answer; even a bug of ours could not write to it."""
    with pytest.raises(Exception, match="readonly"):
        records._all("DELETE FROM passages")


def test_a_place_has_its_page(read_text: ReadText, tmp_path: Path) -> None:
    """Counted from 1; a document without pages has none."""
    document = replace(read_text("Eins zwei drei. Vier fünf sechs."), pages=(0, 16))
    records = written(tmp_path, document)
    assert [records.page_of(document.id, at) for at in (0, 15, 16, 31)] == [1, 1, 2, 2]
    records.close()
    (tmp_path / "r.sqlite").unlink()
    records = written(tmp_path, replace(document, pages=()))
    assert records.page_of(document.id, 16) is None
    records.close()
