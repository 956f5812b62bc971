"""A method leaves out what it says, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.excerpts import Verdict, Window, choose, first_of_passages
from index.answering.keypoints import load_key_points
from index.answering.labels import LabelMap
from index.answering.method import FULL, Method
from index.answering.retrieval import Query, find_passages
from index.answering.sides import SideFinder
from index.corpus.records import Passage, Span
from index.debates.records import Side
from index.questions.reading import Polarity
from index.storage.records import Stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder

    Finder = Callable[[Method], SideFinder]


def window(row: int, first: int, similarity: float, document: str = "a") -> Window:
    sentences = tuple(Span(at * 10, at * 10 + 9) for at in range(8))
    passage = Passage(document, row, Span(0, 79), (), sentences)
    return Window(Stored(row, row * 8, passage), first, first, similarity, 1.0, Verdict())


@pytest.fixture
def finder(small_snapshot: Snapshot) -> Finder:
    """Return what finds sides by a method."""
    labels, key_points = LabelMap(small_snapshot), load_key_points("stub")
    return lambda method: SideFinder(small_snapshot, labels, key_points, method)


def test_the_product_leaves_nothing_out() -> None:
    assert Method() == FULL
    assert all(getattr(FULL, name) for name in Method.__dataclass_fields__)


def test_a_method_without_any_search_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a search"):
        Method(dense=False, lexical=False)


def test_one_search_alone_has_its_own_ranking(small_snapshot: Snapshot, stub: StubEncoder) -> None:
    """Both rankings are still told, so that what is covered is decided as ever."""
    text = "Versicherung und Kette"
    query = Query(text, "de", stub.encode_queries([text])[0])
    both, dense, lexical = (
        find_passages(small_snapshot, query, 6, method=method)
        for method in (FULL, Method(lexical=False), Method(dense=False))
    )
    assert list(dense.fused) == both.dense.rows.tolist()
    assert list(lexical.fused) == both.lexical.rows.tolist()
    assert 0 < len(lexical.fused) < len(dense.fused)
    assert dense.lexical.rows.tolist() == both.lexical.rows.tolist()
    assert lexical.dense.rows.tolist() == both.dense.rows.tolist()


def test_without_excerpt_choice_each_passage_shows_its_first_run() -> None:
    windows = [window(0, 0, 0.1), window(0, 1, 0.9), window(1, 0, 0.2, "b"), window(1, 1, 0.8, "b")]
    assert [(one.stored.row, one.first) for one in choose(windows, {}, 2)] == [(0, 1), (1, 1)]
    assert [(one.stored.row, one.first) for one in first_of_passages(windows)] == [(0, 0), (1, 0)]


def test_without_excerpt_choice_an_answer_starts_where_its_passages_do(
    small_snapshot: Snapshot, finder: Finder, stub: StubEncoder
) -> None:
    """The question has the words of a later sentence."""
    [debate] = [one for one in small_snapshot.agenda.debates if one.id == "bicycles"]
    text = "Wer mit dem Rad zur Arbeit kommt, ist seltener krank."
    query = Query(text, "de", stub.encode_queries([text])[0])
    full, plain = (
        finder(method).both(debate, Polarity.AS_MOTION, query, 1).sides[0].excerpts[0]
        for method in (FULL, Method(excerpt_choice=False))
    )
    assert text in full.quote
    assert plain.start < full.start


def test_without_diversity_one_document_may_fill_the_answer() -> None:
    windows = [window(0, 0, 0.9), window(0, 1, 0.89), window(1, 0, 0.88, "b")]
    plain = choose(windows, {}, 2, method=Method(diversity=False))
    assert [one.stored.passage.document for one in choose(windows, {}, 2)] == ["a", "b"]
    assert [one.stored.passage.document for one in plain] == ["a", "a"]


def test_without_diversity_nothing_overlaps_all_the_same() -> None:
    windows = [window(0, 0, 0.9), window(0, 0, 0.8)]
    assert len(choose(windows, {}, 2, method=Method(diversity=False))) == 1


def test_without_retrieval_per_side_a_side_may_starve(
    small_snapshot: Snapshot, finder: Finder
) -> None:
    """Sides get what one search for the question finds, in unequal room."""
    [debate] = [one for one in small_snapshot.agenda.debates if one.id == "bicycles"]
    stored = small_snapshot.records.all_passages()
    contra = next(one for one in stored if one.passage.document == "contra.md")
    vector = np.asarray(small_snapshot.vectors.vectors(np.array([contra.row]))[0], np.float32)
    query = Query("Kosten", "de", vector)
    full = finder(FULL).both(debate, Polarity.AS_MOTION, query, 1)
    assert [len(side.excerpts) for side in full.sides] == [1, 1]
    sides = finder(Method(per_side=False)).both(debate, Polarity.AS_MOTION, query, 1).sides
    assert sum(len(side.excerpts) for side in sides) == 2
    labelled = {one.label.quote: one.label.side for one in small_snapshot.labels}
    for side, given in zip(sides, (Side.YES, Side.NO), strict=True):
        quotes = [excerpt.quote for excerpt in side.excerpts]
        assert all(
            any(text in quote and is_on is given for text, is_on in labelled.items())
            for quote in quotes
        )
