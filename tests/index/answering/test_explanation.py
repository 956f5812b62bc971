"""An explanation holds all that is shown, and says of the rest why it is not."""

from __future__ import annotations

import json
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answering.advisor import Advisor
from index.answering.excerpts import Verdict, Window
from index.answering.explanation import Explanation, Weighed, explanation_as_json
from index.answering.retrieval import Found
from index.answering.standalone import wording
from index.corpus.records import Passage, Span
from index.debates.records import Side
from index.questions.classifier import OFF_TOPIC, Nearness, Ranked
from index.questions.lexicon import read_form
from index.questions.reading import Polarity, Reading
from index.questions.scope import Evidence
from index.storage.records import Stored

if TYPE_CHECKING:
    from index.answering.advice import Advice, Excerpt
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder, StubStance

BICYCLES = "Sollen wir Diensträder anschaffen?"
QUESTIONS = [
    BICYCLES,
    "Sollen wir auf Diensträder verzichten?",
    "Sollen die Diensträder elektrisch sein?",
    "Sollen wir eine Kantine betreiben?",
    "Wie flickt man einen Reifen am Rad?",
]


def explained(advisor: Advisor, question: str) -> tuple[Advice, Explanation]:
    advice = advisor.advise(question, explain=True)
    assert advice.explanation
    return advice, advice.explanation


def place(one: Excerpt | Weighed) -> tuple[str, int, int]:
    return one.document, one.start, one.end


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_excerpt_shown_is_told_of_and_nothing_else_is_called_shown(
    suggesting_advisor: Advisor, question: str
) -> None:
    advice, explanation = explained(suggesting_advisor, question)
    assert advice.excerpts()
    told = Counter(place(one) for one in explanation.weighed if one.dropped is None)
    assert told == Counter(place(excerpt) for excerpt in advice.excerpts())


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_not_shown_has_a_reason(suggesting_advisor: Advisor, question: str) -> None:
    """And what shares words with an excerpt of its side says so."""
    advice, explanation = explained(suggesting_advisor, question)
    dropped = [one for one in explanation.weighed if one.dropped is not None]
    assert dropped
    assert all(one.dropped for one in dropped)
    shown = [one for one in explanation.weighed if one.dropped is None]
    for one in dropped:
        touches = any(
            one.side is other.side
            and one.document == other.document
            and one.start < other.end
            and other.start < one.end
            for other in shown
        )
        if touches:
            assert one.dropped == "shares words with an excerpt shown"
    assert len(advice.excerpts()) == len(shown)


def test_an_excerpt_is_told_of_under_its_own_side(suggesting_advisor: Advisor) -> None:
    """Of the motion, not of the question, which may ask the other way round."""
    advice, explanation = explained(suggesting_advisor, QUESTIONS[1])
    yes, no = advice.sides
    shown = {
        side: [place(one) for one in explanation.weighed if one.side is side and not one.dropped]
        for side in Side
    }
    assert shown[Side.NO] == [place(excerpt) for excerpt in yes.excerpts]
    assert shown[Side.YES] == [place(excerpt) for excerpt in no.excerpts]
    assert shown[Side.BACKGROUND] == [place(excerpt) for excerpt in advice.background]
    assert shown[Side.UNCLEAR] == [place(excerpt) for excerpt in advice.unclear]


def test_labels_are_told_with_their_certainty(suggesting_advisor: Advisor) -> None:
    advice, explanation = explained(suggesting_advisor, BICYCLES)
    told = {place(one): one for one in explanation.weighed if one.dropped is None}
    for excerpt in advice.excerpts():
        one = told[place(excerpt)]
        assert (one.label_by, one.certainty) == (excerpt.label_by, excerpt.certainty)
        assert one.similarity == excerpt.similarity
        assert 0 < one.standing <= 1
    assert {one.label_by for one in told.values()} == {"person", "curated", "learned", None}


def test_an_explanation_changes_nothing_of_the_answer(suggesting_advisor: Advisor) -> None:
    for question in QUESTIONS:
        told, _ = explained(suggesting_advisor, question)
        plain = suggesting_advisor.advise(question)
        assert plain.explanation is None
        assert told.excerpts() == plain.excerpts()


def test_the_runner_up_is_told_with_its_probability(suggesting_advisor: Advisor) -> None:
    """At most three, likeliest first; the first is the debate that was asked about."""
    advice, explanation = explained(suggesting_advisor, BICYCLES)
    assert advice.debate
    names = [name for name, _ in explanation.subjects]
    shares = [share for _, share in explanation.subjects]
    assert len(names) == 3
    assert names[0] == advice.debate.id
    assert "electric-bicycles" in names
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1 + 1e-6


def test_a_question_beside_the_documents_is_explained_too(advisor: Advisor) -> None:
    """Nothing was weighed; how little it is covered tells why."""
    advice, explanation = explained(advisor, "Wie backt man einen Apfelstrudel?")
    assert not advice.answered
    assert explanation.weighed == []
    assert explanation.coverage < 0.5
    assert explanation.reading.language == "de"
    assert explained(advisor, BICYCLES)[1].coverage > 0.5


def test_documents_alone_have_no_subjects() -> None:
    reading = Reading("de", read_form(BICYCLES, "de"), None, None, None, None)
    explanation = Explanation(reading, Evidence(None, 3.0, 4.0), 0.9)
    assert explanation.subjects == ()
    content = explanation_as_json(explanation)
    assert (content["subjects"], content["debate"], content["polarity"]) == ([], None, None)
    assert content["asks_for_motion"] is None


def window(row: int, first: int, last: int, similarity: float = 0.9, says: str = "") -> Window:
    """Return a window over sentences of ten letters each."""
    spans = tuple(Span(at * 10, at * 10 + 10) for at in range(6))
    stored = Stored(row, 0, Passage(f"{row}.txt", 0, Span(0, 60), (), spans))
    verdict = Verdict("curated", certainty=1.0)
    return Window(stored, first, last, similarity, 1.0, verdict, (wording(says, "de"),))


SAID = "Ein Rad spart der Firma viel Geld."


def found(dense: list[int], lexical: list[int], fused: list[int]) -> Found:
    return Found(
        dict.fromkeys(fused, 1.0),
        SimpleNamespace(rows=np.array(dense)),  # type: ignore[arg-type]
        SimpleNamespace(rows=np.array(lexical)),  # type: ignore[arg-type]
    )


@pytest.fixture
def explanation() -> Explanation:
    ranked = Ranked(("bicycles", "canteen", OFF_TOPIC), (0.7, 0.2, 0.1), Nearness(0.9, 0.3))
    form = read_form("Sollen wir keine Räder kaufen?", "de")
    reading = Reading("de", form, ranked, "bicycles", "bicycles", Polarity.REVERSED, 0.87654)
    return Explanation(reading, Evidence(2.0, 3.456, 4.567), 0.98765)


def test_ranks_count_from_one_in_each_search(explanation: Explanation) -> None:
    """None means that a search did not find the passage."""
    shown = [(window(7, 0, 0),), (window(5, 0, 0),), (window(3, 0, 0),)]
    windows = [one for group in shown for one in group]
    explanation.weigh(Side.YES, windows, found([7, 5], [3, 7], [7, 3, 5]), shown)
    ranks = [(one.dense_rank, one.lexical_rank, one.fused_rank) for one in explanation.weighed]
    assert ranks == [(1, 2, 1), (2, None, 3), (None, 1, 2)]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (window(1, 0, 0), None),
        (window(1, 1, 1), "makes the same point as an excerpt shown"),
        (window(1, 0, 2), "shares words with an excerpt shown"),
        (window(2, 3, 4), "shares words with an excerpt shown elsewhere"),
        (window(3, 0, 0, says=SAID), "repeats an excerpt shown"),
        (window(3, 0, 0), "others are nearer, or the other side has no more"),
    ],
)
def test_each_reason_is_told(explanation: Explanation, other: Window, reason: str | None) -> None:
    shown = [(window(1, 0, 0), window(1, 1, 1)), (window(4, 0, 0, says=SAID),)]
    explanation.weigh(Side.YES, [other], found([1], [], [1]), shown, [(window(2, 4, 4),)])
    told = {place(one): one.dropped for one in explanation.weighed}
    span = other.span
    assert told[(f"{other.stored.row}.txt", span.start, span.end)] == reason


def test_the_nearest_of_many_are_told_of(explanation: Explanation) -> None:
    """Twelve beside those shown, best first; no reader wants all."""
    windows = [window(row, 0, 0, similarity=row / 100) for row in range(40)]
    explanation.weigh(Side.NO, windows, found([], [], []), [(windows[0],)])
    assert [one.similarity for one in explanation.weighed] == [
        0.0,
        *(row / 100 for row in range(39, 27, -1)),
    ]


def test_the_json_of_an_explanation_has_its_shape(explanation: Explanation) -> None:
    """Rounded, and none of the subjects is null."""
    shown = window(1, 0, 1, similarity=0.123456)
    explanation.weigh(Side.YES, [shown], found([1], [], [1]), [(shown,)])
    content = explanation_as_json(explanation)
    assert json.loads(json.dumps(content)) == content
    assert content == {
        "subjects": [
            {"id": "bicycles", "probability": 0.7},
            {"id": "canteen", "probability": 0.2},
            {"id": None, "probability": 0.1},
        ],
        "debate": "bicycles",
        "polarity": "reversed",
        "asks_for_motion": 0.8765,
        "reversed_by_words": True,
        "open": False,
        "coverage": 0.9877,
        "nearest_passage": 3.46,
        "nearest_sentence": 4.57,
        "weighed": [
            {
                "side": "yes",
                "document": "1.txt",
                "start": 0,
                "end": 20,
                "similarity": 0.1235,
                "standing": 1.0,
                "dense_rank": 1,
                "lexical_rank": None,
                "fused_rank": 1,
                "label_by": "curated",
                "certainty": 1.0,
                "dropped": None,
            }
        ],
    }


@pytest.mark.usefixtures("calibrated")
def test_an_ad_hoc_answer_is_explained_too(
    suggested_snapshot: Snapshot,
    stub: StubEncoder,
    make_stance: type[StubStance],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if no debate were described: its sides are those of the model."""
    monkeypatch.setattr(suggested_snapshot, "classifier", None)
    monkeypatch.setattr("index.answering.adhoc._NEAR", -1.0)
    stance = make_stance(["gesund"], ["teuer"], ["vielleicht"])
    advisor = Advisor(suggested_snapshot, stub, stance=stance)
    advice, explanation = explained(advisor, "Sind Diensträder gesund oder zu teuer?")
    assert advice.debate is None
    assert advice.sides
    told = Counter(place(one) for one in explanation.weighed if one.dropped is None)
    assert told == Counter(place(excerpt) for excerpt in advice.excerpts())
    assert {one.side for one in explanation.weighed} >= {Side.YES, Side.NO}
