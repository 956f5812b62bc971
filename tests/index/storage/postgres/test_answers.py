"""The same questions get the same answers, wherever the index is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.answering.advisor import Advisor
from index.answering.context import in_context
from index.building import build_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.answering.advice import Advice
    from index.storage.postgres.shelf import PostgresShelf
    from index.storage.shelf import Shelf
    from tests.index.conftest import StubEncoder

QUESTIONS = [
    "Sollen wir Diensträder anschaffen?",
    "Können wir die Diensträder abschaffen?",
    "Should we buy company bicycles?",
    "Should company bicycles be electric?",
    "Brauchen wir eine Kantine?",
    "Wie flickt man einen Reifen am Rad?",
    "Was kostet ein Dienstrad?",
    "Wie hoch ist das höchste Rad der Welt?",
    "🙈",
]


def bare(advice: Advice) -> Advice:
    return replace(advice, timings_ms={}, explanation=None)


@pytest.mark.usefixtures("calibrated")
def test_whole_answers_are_equal(
    corpus_folder: Path,
    shelf: Shelf,
    postgres_shelf: PostgresShelf,
    make_stub: Callable[..., StubEncoder],
) -> None:
    encoder = make_stub()
    build_index(corpus_folder, shelf, encoder)
    build_index(corpus_folder, postgres_shelf, encoder)
    here = Advisor(shelf.open_current(), encoder)
    there = Advisor(postgres_shelf.open_current(), encoder)
    answered = 0
    for question in QUESTIONS:
        one, other = (bare(advisor.advise(question)) for advisor in (here, there))
        assert one == other
        answered += one.answered
        for excerpt in (*one.background, *(e for side in one.sides for e in side.excerpts)):
            context = in_context(here.snapshot.records, excerpt)
            assert context == in_context(there.snapshot.records, excerpt)
    assert answered > 5, "questions that nothing answers compare nothing"
    assert bare(here.debate("bicycles")) == bare(there.debate("bicycles"))


def test_all_that_is_told_of_a_snapshot_is_equal(
    corpus_folder: Path, shelf: Shelf, postgres_shelf: PostgresShelf, stub: StubEncoder
) -> None:
    build_index(corpus_folder, shelf, stub)
    build_index(corpus_folder, postgres_shelf, stub)
    here, there = shelf.open_current(), postgres_shelf.open_current()
    one, other = here.records, there.records
    assert one.documents() == other.documents()
    assert one.all_passages() == other.all_passages()
    assert one.labels() == other.labels()
    assert len(here.labels) > 10
    assert one.problems() == other.problems()
    assert one.left_out() == other.left_out() != []
    assert here.agenda == there.agenda
    assert here.guidebook == there.guidebook
    assert there.sentences[:].tolist() == here.sentences[:].tolist()
    assert there.sentences[[5, 0, 5]].tolist() == here.sentences[[5, 0, 5]].tolist()
    for entry in one.documents():
        assert one.whole_text(entry.id) == other.whole_text(entry.id)
        assert one.card(entry.id) == other.card(entry.id)
        assert one.passages_of(entry.id) == other.passages_of(entry.id) > 0
        assert one.passage_at(entry.id, 1) == other.passage_at(entry.id, 1)
        assert other.passage_at(entry.id, -1) is other.passage_at(entry.id, 10**6) is None
    for records in (one, other):
        with pytest.raises(ValueError, match="no such record"):
            records.card("nowhere.txt")
        with pytest.raises(ValueError, match="no such record"):
            records.row_at("pro.txt", 10**6)
        with pytest.raises(ValueError, match="no such record"):
            records.passages([10**6])
