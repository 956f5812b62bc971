"""Labels judge sentences: mine, the other side's, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answering.excerpts import Verdict
from index.answering.labels import INHERITED, ON_SUBJECT, LabelMap
from index.debates.records import Debate, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.corpus.records import Span
    from index.storage.snapshot import Snapshot

    Place = Callable[[str, str], tuple[str, Span]]


@pytest.fixture
def labels(small_snapshot: Snapshot) -> LabelMap:
    return LabelMap(small_snapshot)


@pytest.fixture
def place(small_snapshot: Snapshot) -> Place:
    """Return a function that finds the sentence of a document that begins so."""

    def find(document: str, beginning: str) -> tuple[str, Span]:
        text = small_snapshot.records.whole_text(document)
        for stored in small_snapshot.records.all_passages():
            for sentence in stored.passage.sentences:
                if stored.passage.document == document and text.startswith(
                    beginning, sentence.start
                ):
                    return document, sentence
        raise LookupError(beginning)

    return find


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
    assert yes(*saving) == Verdict("curated")
    assert no(*saving) is None
    toy = place("pro.txt", "Manche sagen")
    assert yes(*toy) is None
    assert no(*toy) == Verdict("curated", reported=True)


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
    assert judge(*place("english.txt", "Nobody should")) == Verdict("curated")
    assert judge(*place("pro.txt", "Diensträder sparen")) is None
    assert judge(*place("contra.md", "Diensträder kosten")) is None


def test_an_inherited_label_is_worth_a_little_less(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    judge = labels.judge(debate(small_snapshot, "electric-bicycles"), Side.YES)
    assert judge(*place("pro.txt", "Elektrische")) == Verdict("Petra")
    assert judge(*place("pro.txt", "Diensträder sparen")) == Verdict("curated", weight=INHERITED)
    assert judge(*place("contra.md", "Diensträder kosten")) is None


def test_a_parent_does_not_inherit_from_its_child(
    labels: LabelMap, small_snapshot: Snapshot, place: Place
) -> None:
    judge = labels.judge(debate(small_snapshot, "bicycles"), Side.YES)
    assert judge(*place("pro.txt", "Elektrische")) == Verdict(core=False)


def test_a_subjects_judge_admits_all_and_prefers_its_own(labels: LabelMap, place: Place) -> None:
    judge = labels.subject_judge("bicycle-repair")
    assert judge(*place("contra.md", "Danach ölt")) == Verdict("curated", weight=ON_SUBJECT)
    assert judge(*place("contra.md", "Sie brauchen")) == Verdict()
    assert labels.subject_judge(None)(*place("contra.md", "Danach ölt")) == Verdict()
