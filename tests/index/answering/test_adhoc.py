"""A question beside every debate gets two sides, as far as a model is certain of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answering import adhoc
from index.answering.adhoc import NAMES
from index.answering.advice import Stance
from index.answering.advisor import Advisor
from index.building import build_index
from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.answering.advice import Advice, Excerpt
    from index.storage.shelf import Shelf
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, StubStance, WriteFiles

    Ask = Callable[..., Advice]

HEALTHY = "Diensträder halten alle Leute in der Firma gesund."
FIT = "Mit einem Dienstrad bleibt die ganze Firma gesund und munter."
COSTLY = "Diensträder sind für die meisten Firmen viel zu teuer."
PERHAPS = "Über Diensträder für die Firma lässt sich vielleicht reden."
BELL = "Ein Dienstrad der Firma hat zwei Räder und eine Klingel."
WARM = "Der Ofen in der Kantine ist warm, und die Suppe auch."
ONE_EACH = (HEALTHY, FIT, COSTLY, PERHAPS, BELL, WARM)
DOCUMENT = "".join(f"## Abschnitt {at}\n\n{text}\n\n" for at, text in enumerate(ONE_EACH))
QUESTION = "Soll die Firma Diensträder anschaffen?"


@pytest.fixture
def stance(make_stance: type[StubStance]) -> StubStance:
    return make_stance(["gesund"], ["teuer"], ["vielleicht"])


@pytest.fixture
def snapshot(write_files: WriteFiles, shelf: Shelf, stub: StubEncoder) -> Iterator[Snapshot]:
    """A document of one sentence a passage, and nothing else: no debate covers any question."""
    build_index(write_files({"a.md": DOCUMENT}), shelf, stub)
    opened = shelf.open_current()
    yield opened
    opened.close()


@pytest.fixture
def _all_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every question be covered, and every passage be judged, however far the stub finds it."""
    monkeypatch.setattr(adhoc, "_NEAR", -1.0)
    monkeypatch.setattr("index.answering.composing.coverage", lambda _evidence: 1.0)


@pytest.fixture
def ask(snapshot: Snapshot, stub: StubEncoder, stance: StubStance, _all_is_near: None) -> Ask:
    """Return a function that asks for an answer."""
    advisor = Advisor(snapshot, stub, stance=stance)
    return advisor.advise


def quotes(excerpts: tuple[Excerpt, ...]) -> set[str]:
    return {excerpt.quote for excerpt in excerpts}


def test_certain_texts_stand_on_sides_and_uncertain_ones_apart(ask: Ask) -> None:
    advice = ask(QUESTION)
    yes, no = advice.sides
    assert advice.answered
    assert (advice.debate, advice.topic) == (None, None)
    assert (yes.stance, no.stance) == (Stance.YES, Stance.NO)
    assert quotes(yes.excerpts) in ({HEALTHY}, {FIT})
    assert quotes(no.excerpts) == {COSTLY}
    assert quotes(advice.unclear) == {PERHAPS}
    assert quotes(advice.background) == {BELL, WARM}


def test_both_sides_have_equal_room(ask: Ask) -> None:
    """Two speak for it and one against: one each is shown."""
    yes, no = ask(QUESTION).sides
    assert len(yes.excerpts) == len(no.excerpts) == 1


@pytest.mark.usefixtures("_all_is_near")
def test_a_side_alone_has_all_the_room(
    snapshot: Snapshot, stub: StubEncoder, make_stance: type[StubStance]
) -> None:
    """Up to what was asked for; the other side is shown to be empty."""
    advisor = Advisor(snapshot, stub, stance=make_stance(["gesund"]))
    yes, no = advisor.advise(QUESTION).sides
    assert (quotes(yes.excerpts), no.excerpts) == ({HEALTHY, FIT}, ())
    yes, _ = advisor.advise(QUESTION, 1).sides
    assert len(yes.excerpts) == 1


def test_an_excerpt_says_that_a_model_put_it_there(ask: Ask) -> None:
    """With its certainty; an unclear one is on no side, and background has neither."""
    advice = ask(QUESTION)
    sided = [excerpt for side in advice.sides for excerpt in side.excerpts]
    assert {(one.label_by, one.certainty) for one in sided} == {("stub-stance", 0.9)}
    assert {(one.label_by, one.certainty) for one in advice.unclear} == {(None, 0.5)}
    assert {(one.label_by, one.certainty) for one in advice.background} == {(None, None)}


def test_sides_are_called_for_and_against(ask: Ask) -> None:
    """In every language of the interface: nobody has named them."""
    assert [side.label for side in ask(QUESTION).sides] == [NAMES[Side.YES], NAMES[Side.NO]]
    assert all(name.in_language(language) for name in NAMES.values() for language in ("de", "en"))


@pytest.mark.parametrize(
    "question",
    ["Soll die Firma keine Diensträder anschaffen?", "Sollte die Firma Diensträder nicht kaufen?"],
)
def test_a_reversed_question_exchanges_the_sides(
    ask: Ask, stance: StubStance, question: str
) -> None:
    """The model is asked about the affirmative; yes to the question is what speaks against it."""
    yes, no = ask(question).sides
    assert quotes(yes.excerpts) == {COSTLY}
    assert quotes(no.excerpts) in ({HEALTHY}, {FIT})
    assert (yes.label, no.label) == (NAMES[Side.NO], NAMES[Side.YES])
    (motion,) = {motion for motion, _ in stance.asked}
    assert "nicht" not in motion
    assert "keine" not in motion


def test_the_question_is_the_motion(ask: Ask, stance: StubStance) -> None:
    ask(QUESTION)
    assert {motion for motion, _ in stance.asked} == {QUESTION}


def test_the_model_reads_no_more_than_it_has_to(
    ask: Ask, stance: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text costs milliseconds: what is far from the question is not judged at all."""
    ask(QUESTION)
    assert len(stance.asked) == len(ONE_EACH)
    stance.asked.clear()
    monkeypatch.setattr(adhoc, "_NEAR", 1.0)
    ask(QUESTION)
    assert len(stance.asked) == 1
    stance.asked.clear()
    monkeypatch.setattr(adhoc, "_NEAR", -1.0)
    monkeypatch.setattr(adhoc, "_JUDGED", 3)
    ask(QUESTION)
    assert len(stance.asked) == 3


def test_a_model_that_is_never_certain_leaves_both_sides_empty(
    ask: Ask, stance: StubStance
) -> None:
    """What it would have put on a side is unclear."""
    stance.certain = 1.01
    advice = ask(QUESTION)
    assert [side.excerpts for side in advice.sides] == [(), ()]
    assert quotes(advice.unclear) <= {HEALTHY, FIT, COSTLY, PERHAPS}
    assert len(advice.unclear) == 3


@pytest.mark.parametrize(
    "question", ["Was kosten Diensträder die Firma?", "Wie halten Diensträder die Leute gesund?"]
)
def test_an_open_question_has_no_sides(ask: Ask, stance: StubStance, question: str) -> None:
    """The model is not even asked."""
    advice = ask(question)
    assert advice.answered
    assert (advice.sides, advice.unclear) == ((), ())
    assert advice.background
    assert stance.asked == []


def test_a_statement_is_no_question(ask: Ask, stance: StubStance) -> None:
    """Nobody asked for sides."""
    assert ask("Diensträder halten gesund").sides == ()
    assert stance.asked == []


def test_without_a_model_there_is_background_as_ever(
    snapshot: Snapshot, stub: StubEncoder, ask: Ask
) -> None:
    advice = Advisor(snapshot, stub).advise(QUESTION)
    assert advice.answered
    assert (advice.sides, advice.unclear) == ((), ())
    assert advice.background
    assert {excerpt.label_by for excerpt in advice.background} == {None}
    assert ask(QUESTION).sides


def test_what_is_not_covered_is_not_judged(
    ask: Ask, stance: StubStance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence comes before sides."""
    monkeypatch.setattr("index.answering.composing.coverage", lambda _evidence: 0.1)
    advice = ask("Regnet es morgen in Lissabon?")
    assert not advice.answered
    assert (advice.sides, advice.unclear) == ((), ())
    assert stance.asked == []


@pytest.mark.usefixtures("calibrated")
def test_a_question_of_a_debate_has_that_debates_sides(
    suggested_snapshot: Snapshot, stub: StubEncoder, stance: StubStance
) -> None:
    """No model is asked where people have labelled."""
    advice = Advisor(suggested_snapshot, stub, stance=stance).advise(QUESTION)
    assert advice.debate
    assert stance.asked == []


def test_the_same_question_has_the_same_answer(ask: Ask) -> None:
    assert ask(QUESTION).excerpts() == ask(QUESTION).excerpts()
