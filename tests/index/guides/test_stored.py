"""A guidebook that was kept as JSON comes back the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.corpus.reading import read_corpus
from index.guides.loading import read_guidebook
from index.guides.records import Guidebook
from index.guides.stored import guidebook_as_json, guidebook_from_json
from index.guides.tying import tie
from tests.index.guides.conftest import GUIDED_CORPUS

if TYPE_CHECKING:
    from tests.index.conftest import WriteFiles

DEBATES = {"bicycles", "electric-bicycles", "canteen"}


def through_json(book: Guidebook) -> Guidebook:
    return guidebook_from_json(json.loads(json.dumps(guidebook_as_json(book))))


def test_it_comes_back_the_same_tied_or_not(write_files: WriteFiles) -> None:
    folder = write_files(GUIDED_CORPUS)
    book = read_guidebook(folder, DEBATES)
    assert through_json(book) == book
    documents = {document.id: document for document in read_corpus(folder).documents}
    with_places, _lost = tie(book, documents)
    assert through_json(with_places) == with_places != book


def test_an_empty_one_is_empty() -> None:
    assert through_json(Guidebook()) == Guidebook()
