"""A corpus can be read without cleaning or headings, to measure what those are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.building import build_index
from index.corpus.inputs import encoder_text
from index.corpus.reading import read_corpus, without_headings

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.shelf import Shelf
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, WriteFiles

ARGUMENT = "Wer mit dem Rad zur Arbeit kommt, ist seltener krank und fröhlicher am Morgen."
TEXT = f"""# Diensträder

## Kosten

{ARGUMENT}

Foto: Petra Muster / flickr.com

2 Kommentare zu Diensträder

Ich fahre lieber mit dem Auto, denn das Rad ist mir bei Regen zu nass und zu kalt.
"""


@pytest.fixture
def folder(write_files: WriteFiles) -> Path:
    return write_files({"rad.md": TEXT})


def indexed(folder: Path, *, cleaning: bool) -> str:
    [document] = read_corpus(folder, cleaning=cleaning).documents
    return " ".join(passage.span.of(document.text) for passage in document.passages)


def test_without_cleaning_everything_that_was_set_aside_is_text(folder: Path) -> None:
    clean, raw = (indexed(folder, cleaning=cleaning) for cleaning in (True, False))
    assert ARGUMENT in clean
    assert "flickr" not in clean
    assert "Auto" not in clean
    for shown in (ARGUMENT, "flickr", "Auto"):
        assert shown in raw


def test_headings_stay_headings_without_cleaning(folder: Path) -> None:
    [document] = read_corpus(folder, cleaning=False).documents
    assert document.passages[0].heading == ("Diensträder", "Kosten")
    assert "# Diensträder" not in indexed(folder, cleaning=False)


def test_without_headings_the_encoder_reads_the_passage_alone(folder: Path) -> None:
    [document] = read_corpus(folder).documents
    bare = without_headings(document)
    assert encoder_text(document, document.passages[0]).endswith(
        f"Diensträder › Kosten\n{ARGUMENT}"
    )
    assert encoder_text(bare, bare.passages[0]) == ARGUMENT
    assert [one.span for one in bare.passages] == [one.span for one in document.passages]


def test_an_index_is_built_with_what_is_left(folder: Path, shelf: Shelf, stub: StubEncoder) -> None:
    def texts(snapshot: Snapshot) -> str:
        stored = snapshot.records.all_passages()
        return " ".join(
            snapshot.records.text(one.passage.document, one.passage.span) for one in stored
        )

    build_index(folder, shelf, stub)
    assert "flickr" not in texts(shelf.open_current())
    build_index(folder, shelf, stub, cleaning=False)
    assert "flickr" in texts(shelf.open_current())
    stub.encoded.clear()
    build_index(folder, shelf, stub, headings=False)
    passages = [text for role, text in stub.encoded if role == "passage"]
    assert passages == []  # bare, the passage is its one sentence, whose vector is known
    assert shelf.open_current().records.all_passages()[0].passage.heading == ()
