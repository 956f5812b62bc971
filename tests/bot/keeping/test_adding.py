"""What is sent is read before anything changes, named by us, and added once."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from bot.keeping.adding import KnownAlready, add_document, discard, receive, uploads_folder
from bot.keeping.catalogue import CatalogueUnclear
from bot.keeping.removing import DocumentGone
from index.corpus.catalogue import read_catalogue
from index.corpus.records import Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "Eine Bank am Fluss ist mehr als ein Möbel, denn wer dort sitzt, kommt mit anderen ins "
    "Gespräch.\nDas kostet wenig und bringt einem Viertel viel, wenn man es nur lange genug tut.\n"
).encode()
CARD = Card("Über Bänke: ../../etc", 'Ida "B." Bank\n', origin="sent")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "b.md").write_text("# B\n\nEin Text, der schon da ist und lange genug dafür.\n")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def sent(data: Path, content: bytes = TEXT) -> Path:
    path = uploads_folder(data) / "x.part"
    path.write_bytes(content)
    return path


def test_a_file_waits_with_what_it_tells(corpus: Path, data: Path) -> None:
    received = receive(corpus, data, sent(data), ".txt")
    assert (received.title, received.author, received.passages) == (None, None, 1)
    assert (data / "uploads" / received.file).read_bytes() == TEXT
    assert not (data / "uploads" / "x.part").exists()
    told = receive(corpus, data, sent(data, b"# Bench\n\n" + TEXT), ".md")
    assert told.title == "Bench"


def test_it_is_added_under_a_name_of_ours(corpus: Path, data: Path) -> None:
    """Once, however often that is said; then there is nothing to forget but the waiting file."""
    received = receive(corpus, data, sent(data), ".txt")
    name = add_document(corpus, data, received.file, CARD)
    assert name == f"ueber-baenke-etc-{received.digest[:8]}.txt"
    assert add_document(corpus, data, received.file, CARD) == name
    assert (corpus / name).read_bytes() == TEXT
    card = read_catalogue(corpus)[name]
    assert (card.title, card.author, card.origin) == (CARD.title, CARD.author, "sent")
    discard(data, received.file)
    with pytest.raises(DocumentGone):
        add_document(corpus, data, received.file, CARD)


def test_a_kill_between_file_and_catalogue_is_made_good(corpus: Path, data: Path) -> None:
    """The file of ours that is there already is no other's."""
    received = receive(corpus, data, sent(data), ".txt")
    name = add_document(corpus, data, received.file, CARD)
    (corpus / "catalogue.toml").unlink()
    assert add_document(corpus, data, received.file, CARD) == name
    assert read_catalogue(corpus)[name].title == CARD.title


def test_what_the_corpus_has_is_not_added(corpus: Path, data: Path) -> None:
    """Neither when it comes nor when somebody else was faster; a folder deep counts, too."""
    received = receive(corpus, data, sent(data), ".txt")
    (corpus / "deep").mkdir()
    (corpus / "deep" / "c.txt").write_bytes(TEXT)
    with pytest.raises(KnownAlready, match=r"deep/c\.txt"):
        receive(corpus, data, sent(data), ".txt")
    with pytest.raises(KnownAlready, match=r"deep/c\.txt"):
        add_document(corpus, data, received.file, CARD)
    assert not (corpus / "catalogue.toml").exists()


def test_what_cannot_be_read_does_not_wait(corpus: Path, data: Path) -> None:
    with pytest.raises(CorpusError):
        receive(corpus, data, sent(data, b"   "), ".txt")
    assert [path.name for path in (data / "uploads").iterdir()] == ["x.part"]


def test_a_catalogue_that_takes_no_entry_keeps_the_file_out(corpus: Path, data: Path) -> None:
    received = receive(corpus, data, sent(data), ".txt")
    (corpus / "catalogue.toml").write_text('document = [{ file = "b.md" }]\n')
    with pytest.raises(CatalogueUnclear):
        add_document(corpus, data, received.file, CARD)
    assert sorted(path.name for path in corpus.iterdir()) == ["b.md", "catalogue.toml"]
    assert (data / "uploads" / received.file).exists()


def test_a_title_without_letters_of_ours_names_a_document(corpus: Path, data: Path) -> None:
    received = receive(corpus, data, sent(data), ".txt")
    name = add_document(corpus, data, received.file, Card("Улей"))
    assert name == f"document-{received.digest[:8]}.txt"


def test_what_was_left_long_ago_goes(data: Path) -> None:
    """What came lately stays."""
    folder = uploads_folder(data)
    for name, age_s in (("old.txt", 9 * 86_400), ("new.txt", 6 * 86_400)):
        (folder / name).write_bytes(TEXT)
        moment = time.time() - age_s
        os.utime(folder / name, (moment, moment))
    assert [path.name for path in uploads_folder(data).iterdir()] == ["new.txt"]
