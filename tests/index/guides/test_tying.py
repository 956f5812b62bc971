"""Quotations of guides and interviews are tied to the text, and what is gone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.corpus.reading import read_corpus
from index.guides.loading import read_guidebook
from index.guides.tying import tie
from tests.index.guides.conftest import GUIDED_CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from index.guides.records import Guidebook
    from index.guides.tying import LostQuotation
    from tests.index.conftest import WriteFiles

DEBATES = {"bicycles", "electric-bicycles", "canteen"}


def tied(folder: Path) -> tuple[Guidebook, tuple[LostQuotation, ...]]:
    documents = {document.id: document for document in read_corpus(folder).documents}
    return tie(read_guidebook(folder, DEBATES), documents)


def test_every_quotation_gets_its_place(write_files: WriteFiles) -> None:
    folder = write_files(GUIDED_CORPUS)
    book, lost = tied(folder)
    assert lost == ()
    steps = [quotation for step in book.guides[0].steps for quotation in step.quotes]
    options = [
        quotation
        for question in book.interviews[0].questions
        for option in question.options
        for given in option.quotes.values()
        for quotation in given
    ]
    assert (len(steps), len(options)) == (2, 5)
    for quotation in (*steps, *options):
        text = (folder / quotation.document).read_text(encoding="utf-8")
        assert quotation.span is not None
        assert quotation.span.of(text) == quotation.quote


def test_what_is_gone_is_told_and_the_rest_stays(write_files: WriteFiles) -> None:
    """A step stays without its quotation: the advice is ours."""
    changed = GUIDED_CORPUS["english.txt"].replace("healthy and happy", "happy")
    book, lost = tied(write_files(GUIDED_CORPUS | {"english.txt": changed}))
    assert [(one.where, str(one.reason)) for one in lost] == [
        ("guide repair, step brakes", "the quote is no longer in the text"),
        (
            "interview bicycles, question goal, option health",
            "the quote is no longer in the text",
        ),
        (
            "interview bicycles, question again, option health",
            "the quote is no longer in the text",
        ),
    ]
    assert [len(step.quotes) for step in book.guides[0].steps] == [1, 0]


def test_white_space_may_differ(write_files: WriteFiles) -> None:
    guide = GUIDED_CORPUS["guides/repair.toml"].replace("am Rad. Danach", "am   Rad.\\nDanach")
    folder = write_files(GUIDED_CORPUS | {"guides/repair.toml": guide})
    book, lost = tied(folder)
    assert lost == ()
    span = book.guides[0].steps[0].quotes[0].span
    assert span is not None
    text = (folder / "contra.md").read_text(encoding="utf-8")
    assert span.of(text) == "Zuerst prüft man die Bremsen am Rad. Danach ölt man die Kette."


def test_a_document_that_is_not_there_is_named(write_files: WriteFiles) -> None:
    guide = GUIDED_CORPUS["guides/repair.toml"].replace('"contra.md"', '"gone.md"')
    _book, lost = tied(write_files(GUIDED_CORPUS | {"guides/repair.toml": guide}))
    assert [str(one.reason) for one in lost] == ["there is no document gone.md"]
