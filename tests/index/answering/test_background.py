"""What is told in an order is shown in it."""

from __future__ import annotations

from index.answering.background import in_text_order
from index.answering.excerpts import Verdict, Window
from index.corpus.records import Passage, Span
from index.storage.records import Stored


def window(document: str, row: int, start: int) -> Window:
    span = Span(start, start + 10)
    stored = Stored(row, 0, Passage(document, 0, span, (), (span,)))
    return Window(stored, 0, 0, 0.9, 1.0, Verdict())


def test_excerpts_follow_the_text_and_the_best_document_comes_first() -> None:
    best_first = [
        window("steps.txt", 3, 300),
        window("other.txt", 9, 50),
        window("steps.txt", 1, 100),
        window("steps.txt", 2, 200),
    ]
    shown = [(one.stored.passage.document, one.span.start) for one in in_text_order(best_first)]
    assert shown == [
        ("steps.txt", 100),
        ("steps.txt", 200),
        ("steps.txt", 300),
        ("other.txt", 50),
    ]
