"""Each measure counts what its name says, on answers made by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance
from index.debates.records import Localised
from index.evaluation.metrics import HIGHER_IS_BETTER, counts
from index.evaluation.questions import Gold, GoldQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.storage.snapshot import Snapshot

SAVE = "Diensträder sparen der Firma Geld."
COST = "Diensträder kosten die Firma viel Geld."
WORTH = "Ein Dienstrad ist nach drei Jahren kaum noch etwas wert."
CHAIN = "Danach ölt man die Kette."


def golds(*quotes: str) -> tuple[Gold, ...]:
    return tuple(Gold("x", quote) for quote in quotes)


def question(
    yes: Sequence[str] = (), no: Sequence[str] = (), background: Sequence[str] = ()
) -> GoldQuestion:
    answerable = bool(yes or no or background)
    return GoldQuestion("q", "de", "Was?", answerable, golds(*yes), golds(*no), golds(*background))


def excerpt(quote: str) -> Excerpt:
    return Excerpt(quote, "pro.txt", None, None, None, None, 0, len(quote), 0.9)


def advice(
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    background: Sequence[str] = (),
    *,
    answered: bool = True,
) -> Advice:
    name = Localised({"de": "x"})
    sides = (
        SideOfAnswer(Stance.YES, name, tuple(map(excerpt, yes))),
        SideOfAnswer(Stance.NO, name, tuple(map(excerpt, no))),
    )
    shown = tuple(map(excerpt, background))
    return Advice("Was?", "de", answered, sides=sides if yes or no else (), background=shown)


def counted(snapshot: Snapshot, asked: GoldQuestion, given: Advice) -> dict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for measure, value in counts(snapshot, asked, given):
        if measure != "verbatim":
            found[measure].append(value)
    return dict(found)


def test_a_perfect_answer_has_full_marks(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [COST]), advice([SAVE], [COST]))
    assert found == {
        "answered": [1],
        "gold in top 1": [1, 1],
        "gold in top 3": [1, 1],
        "wrong side": [0, 0],
        "both sides": [1],
        "equal room": [1],
    }


def test_gold_in_second_place_is_in_the_top_three_only(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE]), advice(["x", SAVE], []))
    assert (found["gold in top 1"], found["gold in top 3"]) == ([0], [1])


def test_sides_that_are_exchanged_are_wrong(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [COST, WORTH]), advice([COST, WORTH], [SAVE]))
    assert found["wrong side"] == [1, 1, 1]
    assert found["gold in top 3"] == [0, 0]
    assert found["equal room"] == [0]


def test_an_excerpt_of_neither_side_is_not_on_the_wrong_one(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [COST]), advice(["etwas anderes"], [COST]))
    assert found["wrong side"] == [0, 0]


def test_a_quotation_that_is_good_for_both_sides_is_not_wrong(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [SAVE]), advice([SAVE], [SAVE]))
    assert found["wrong side"] == [0, 0]


@pytest.mark.parametrize("shown", [f"Zuvor. {SAVE}", "sparen der Firma"])
def test_an_excerpt_around_or_within_a_gold_quotation_counts(
    small_snapshot: Snapshot, shown: str
) -> None:
    assert counted(small_snapshot, question([SAVE]), advice([shown], []))["gold in top 1"] == [1]


def test_one_side_where_there_are_two_is_counted(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [COST]), advice([SAVE], []))
    assert found["both sides"] == [0]
    assert "equal room" not in found


def test_silence_is_golden_where_nothing_is_covered(small_snapshot: Snapshot) -> None:
    asked = question()
    assert counted(small_snapshot, asked, advice(answered=False)) == {"silent": [1]}
    assert counted(small_snapshot, asked, advice([SAVE], [])) == {"silent": [0]}


def test_silence_where_something_is_covered_is_a_miss(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE]), advice(answered=False))
    assert (found["answered"], found["gold in top 3"]) == ([0], [0])


def test_background_is_found_anywhere_in_the_answer(small_snapshot: Snapshot) -> None:
    asked = question(background=[CHAIN])
    assert counted(small_snapshot, asked, advice(background=["x", CHAIN]))["background found"] == [
        1
    ]
    assert counted(small_snapshot, asked, advice([CHAIN], []))["background found"] == [1]
    assert counted(small_snapshot, asked, advice(background=["x"]))["background found"] == [0]


def test_a_quote_that_is_not_in_the_document_is_not_verbatim(small_snapshot: Snapshot) -> None:
    text = small_snapshot.records.whole_text("pro.txt")
    start = text.index(SAVE)
    true = Excerpt(SAVE, "pro.txt", None, None, None, None, start, start + len(SAVE), 0.9)
    given = Advice("Was?", "de", answered=True, background=(true, excerpt(SAVE)))
    values = [
        v for name, v in counts(small_snapshot, question([SAVE]), given) if name == "verbatim"
    ]
    assert values == [1, 0]


def test_every_measure_says_which_way_is_better(small_snapshot: Snapshot) -> None:
    found = counted(small_snapshot, question([SAVE], [COST]), advice([SAVE], [COST]))
    assert set(found) <= set(HIGHER_IS_BETTER)
    assert [name for name, higher in HIGHER_IS_BETTER.items() if not higher] == ["wrong side"]
