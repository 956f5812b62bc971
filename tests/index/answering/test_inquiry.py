"""What nobody has labelled speaks for itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from index.answering.inquiry import Inquirer
from index.answering.method import FULL
from index.questions.reading import QuestionReader

if TYPE_CHECKING:
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

QUESTION = "Sollen wir Diensträder anschaffen?"


def inquirer(snapshot: Snapshot, stub: StubEncoder, without: str) -> Inquirer:
    """Return an inquirer over a snapshot in which nobody has labelled one of the documents."""
    labels = [one for one in snapshot.labels if one.label.document != without]
    names = ("passage_baseline", "sentence_baseline", "sentences", "vectors", "words", "records")
    parts = {name: getattr(snapshot, name) for name in (*names, "classifier", "manifest", "agenda")}
    seen = cast("Snapshot", SimpleNamespace(**parts, labels=labels))
    reader = QuestionReader(snapshot.agenda, snapshot.classifier, stub)
    return Inquirer(seen, stub, reader, FULL)


def test_where_all_documents_are_labelled_nothing_stands_aside(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    inquiry = inquirer(small_snapshot, stub, "none.txt").inquire(QUESTION)
    assert inquiry.aside is None
    assert inquiry.evidence.nearness


def test_a_document_that_nobody_labelled_is_weighed_by_itself(
    small_snapshot: Snapshot, stub: StubEncoder
) -> None:
    inquiry = inquirer(small_snapshot, stub, "pro.txt").inquire(QUESTION)
    assert inquiry.aside
    assert (inquiry.aside.subject, inquiry.aside.nearness) == (None, None)
    assert inquiry.aside.passage <= inquiry.evidence.passage
    assert inquiry.evidence.nearness
