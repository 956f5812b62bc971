"""Labels judge sentences: mine, the other side's, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answering.excerpts import Verdict
from index.answering.labels import INHERITED, ON_SUBJECT, SUGGESTED, LabelMap
from index.building import build_index
from index.debates.records import Debate, Side

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.corpus.records import Span
    from index.storage.shelf import Shelf
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, StubStance

    Place = Callable[[str, str], tuple[str, Span]]


@pytest.fixture
def labels(small_snapshot: Snapshot) -> LabelMap:
    return LabelMap(small_snapshot)


@pytest.fixture
def suggested(suggested_snapshot: Snapshot) -> LabelMap:
    return LabelMap(suggested_snapshot)


@pytest.fixture
def place(suggested_snapshot: Snapshot) -> Place:
    """Return a function that finds the sentence of a document that begins so."""

    def find(document: str, beginning: str) -> tuple[str, Span]:
        text = suggested_snapshot.records.whole_text(document)
        for stored in suggested_snapshot.records.all_passages():
            for sentence in stored.passage.sentences:
                if stored.passage.document == document and text.startswith(
                    beginning, sentence.start
                ):
                    return document, sentence
        raise LookupError(beginning)

    return find


def given(by: str = "curated", *, reported: bool = False, weight: float = 1.0) -> Verdict:
    """Return the verdict of a label that a person gave: entirely certain."""
    return Verdict(by, reported, weight, certainty=1.0)


def debate(snapshot: Snapshot, name: str) -> Debate:
    return next(one for one in snapshot.agenda.debates if one.id == name)


@pytest.mark.parametrize(
    ("name", "side", "rows"),
    [
        ("bicycles", Side.YES, [1, 4, 5]),
        ("bicycles", Side.NO, [0, 1, 5]),
        ("bicycles", Side.BACKGROUND, [4]),
        ("electric-bicycles", Side.NO, [0, 1, 5]),
        ("canteen", Side.YES, [4]),
        ("canteen", Side.NO, []),
    ],
)
def test_the_passages_of_a_side_are_those_with_its_labels(
    labels: LabelMap, small_snapshot: Snapshot, name: str, side: Side, rows: list[int]
) -> None:
    assert labels.rows(debate(small_snapshot, name), side).tolist() == rows


def test_the_passages_of_a_subject_are_those_with_any_label(labels: LabelMap) -> None:
    assert labels.rows_of_subject("bicycle-repair").tolist() == [2, 3]
    assert labels.rows_of_subject("stranger").tolist() == []


def test_a_judge_admits_its_side_and_nothing_of_the_other(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    bicycles = debate(small_snapshot, "bicycles")
    yes, no = labels.judge(bicycles, Side.YES), labels.judge(bicycles, Side.NO)
    saving = place("pro.txt", "Diensträder sparen")
    assert yes(*saving) == given()
    assert no(*saving) is None
    toy = place("pro.txt", "Manche sagen")
    assert yes(*toy) is None
    assert no(*toy) == given(reported=True)


def test_background_and_unlabelled_sentences_may_accompany_either_side(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    bicycles = debate(small_snapshot, "bicycles")
    for side in (Side.YES, Side.NO):
        judge = labels.judge(bicycles, side)
        assert judge(*place("english.txt", "Nobody should")) == Verdict(core=False)
        assert judge(*place("pro.txt", "Immer mehr")) == Verdict(core=False)


def test_background_holds_nothing_of_either_side(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    judge = labels.judge(debate(small_snapshot, "bicycles"), Side.BACKGROUND)
    assert judge(*place("english.txt", "Nobody should")) == given()
    assert judge(*place("pro.txt", "Diensträder sparen")) is None
    assert judge(*place("contra.md", "Diensträder kosten")) is None


def test_an_inherited_label_is_worth_a_little_less(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    judge = labels.judge(debate(small_snapshot, "electric-bicycles"), Side.YES)
    assert judge(*place("pro.txt", "Elektrische")) == given("Petra")
    assert judge(*place("pro.txt", "Diensträder sparen")) == given(weight=INHERITED)
    assert judge(*place("contra.md", "Diensträder kosten")) is None


def test_a_parent_does_not_inherit_from_its_child(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    judge = labels.judge(debate(small_snapshot, "bicycles"), Side.YES)
    assert judge(*place("pro.txt", "Elektrische")) == Verdict(core=False)


def test_a_subjects_judge_admits_all_and_prefers_its_own(labels: LabelMap, place: Place) -> None:
    judge = labels.subject_judge("bicycle-repair")
    assert judge(*place("contra.md", "Danach ölt")) == given(weight=ON_SUBJECT)
    assert judge(*place("contra.md", "Sie brauchen")) == Verdict()
    assert labels.subject_judge(None)(*place("contra.md", "Danach ölt")) == Verdict()


HEALTHY, RUST, PERHAPS = "Unsere Diensträder", "Diensträder rosten", "Über Diensträder"


def test_a_suggestion_is_worth_a_little_less_than_a_label(
    suggested: LabelMap, suggested_snapshot: Snapshot, place: Place
) -> None:
    """It says who made it and how certain that is; the other side does not get it."""
    canteen = debate(suggested_snapshot, "canteen")
    judge = suggested.judge(canteen, Side.YES)
    assert judge(*place("new.txt", HEALTHY)) == Verdict("bundled", weight=SUGGESTED, certainty=0.9)
    assert judge(*place("english.txt", "A canteen")) == given()
    assert judge(*place("new.txt", RUST)) is None


def test_who_is_named_in_a_file_is_a_person(
    suggested: LabelMap, suggested_snapshot: Snapshot, place: Place
) -> None:
    """Petra is no model, and what she labelled is no suggestion."""
    judge = suggested.judge(debate(suggested_snapshot, "electric-bicycles"), Side.NO)
    assert judge(*place("contra.md", "Elektrische")) == given("Petra")


def test_what_is_unclear_is_on_neither_side_and_has_no_giver(
    suggested: LabelMap, suggested_snapshot: Snapshot, place: Place
) -> None:
    """A model that is not certain has put it nowhere; how certain it is of one side stays."""
    canteen = debate(suggested_snapshot, "canteen")
    unclear = place("new.txt", PERHAPS)
    for side in (Side.YES, Side.NO, Side.BACKGROUND):
        assert suggested.judge(canteen, side)(*unclear) is None
    verdict = suggested.judge(canteen, Side.UNCLEAR)(*unclear)
    assert verdict == Verdict(None, weight=SUGGESTED, certainty=0.5)


def test_a_suggestion_never_speaks_against_an_inherited_label(
    corpus_folder: Path, shelf: Shelf, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """A person has labelled this sentence for the parent; the child has no label of its own."""
    build_index(corpus_folder, shelf, stub, stance=make_stance(no=["sparen"], unclear=["kosten"]))
    snapshot = shelf.open_current()
    try:
        child = debate(snapshot, "electric-bicycles")
        suggestions = {
            one.label.quote: one
            for one in snapshot.labels
            if one.label.subject == child.id and one.label.by == "stub-stance"
        }
        saving = suggestions["Diensträder sparen der Firma Geld."]
        costing = suggestions["Diensträder kosten die Firma viel Geld."]
        assert (saving.label.side, costing.label.side) == (Side.NO, Side.UNCLEAR)
        yes, no, unclear = (
            LabelMap(snapshot).judge(child, side) for side in (Side.YES, Side.NO, Side.UNCLEAR)
        )
        assert yes("pro.txt", saving.span) == given(weight=INHERITED)
        assert no("pro.txt", saving.span) is None
        assert no("contra.md", costing.span) == given(weight=INHERITED)
        assert unclear("contra.md", costing.span) is None
    finally:
        snapshot.close()


def test_what_is_unclear_is_not_labelled_for_an_open_question(
    suggested: LabelMap, place: Place
) -> None:
    """Else it would be shown with a side that no model is certain of."""
    judge = suggested.subject_judge("canteen")
    assert judge(*place("new.txt", PERHAPS)) == Verdict()
    assert judge(*place("new.txt", HEALTHY)) == Verdict("bundled", weight=ON_SUBJECT, certainty=0.9)
