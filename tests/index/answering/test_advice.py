"""An answer as JSON is what other programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance, advice_as_json
from index.debates.records import Localised

if TYPE_CHECKING:
    from index.answering.advisor import Advisor

KEYS = [
    *("question", "language", "answered", "refines", "debate", "alternatives"),
    *("sides", "background", "unclear", "timings_ms"),
]
EXCERPT_KEYS = [
    *("quote", "document", "title", "author", "published", "heading", "page"),
    *("start", "end", "similarity", "label_by", "certainty", "reported", "similar"),
]


def test_the_json_of_two_sides_has_its_shape(advisor: Advisor) -> None:
    content = advice_as_json(advisor.advise("Sollen wir Diensträder anschaffen?"), "en")
    assert list(content) == KEYS
    assert content["debate"] == {"id": "bicycles", "motion": "The company should buy bicycles."}
    assert [(side["stance"], side["label"]) for side in content["sides"]] == [
        ("yes", "Buy bicycles"),
        ("no", "Do without bicycles"),
    ]
    for side in content["sides"]:
        assert list(side) == ["stance", "sure", "label", "excerpts"]
        assert side["excerpts"]
        for excerpt in side["excerpts"]:
            assert list(excerpt) == EXCERPT_KEYS
    dates = {excerpt["published"] for side in content["sides"] for excerpt in side["excerpts"]}
    assert dates == {None, "2021-03-04"}
    assert json.loads(json.dumps(content)) == content


def test_names_are_in_the_interfaces_language(advisor: Advisor) -> None:
    advice = advisor.advise("Should we buy company bicycles?")
    assert advice_as_json(advice, "de")["sides"][0]["label"] == "Diensträder anschaffen"
    assert advice_as_json(advice, "fr")["sides"][0]["label"] == "Buy bicycles"


def test_the_json_of_nothing_found_has_the_same_keys() -> None:
    content = advice_as_json(Advice("Was?", None, answered=False), "de")
    assert content == {
        "question": "Was?",
        "language": None,
        "answered": False,
        "refines": None,
        "debate": None,
        "alternatives": [],
        "sides": [],
        "background": [],
        "unclear": [],
        "timings_ms": {},
    }


def test_excerpts_come_in_the_order_shown(suggesting_advisor: Advisor) -> None:
    advice = suggesting_advisor.advise("Sollen wir Diensträder anschaffen?")
    assert advice.background
    assert advice.unclear
    yes, no = advice.sides
    assert advice.excerpts() == (
        *yes.excerpts,
        *no.excerpts,
        *advice.background,
        *advice.unclear,
    )


BICYCLES = "Sollen wir Diensträder anschaffen?"
CANTEEN = "Sollen wir eine Kantine betreiben?"


def shown(advisor: Advisor, question: str) -> list[dict[str, Any]]:
    """Return the excerpts of both sides and of the background, as JSON."""
    content = advice_as_json(advisor.advise(question), "de")
    sided = [excerpt for side in content["sides"] for excerpt in side["excerpts"]]
    return [*sided, *content["background"]]


@pytest.mark.parametrize(
    ("question", "beginning", "by", "certainty"),
    [
        (BICYCLES, "Diensträder rosten", "person", 1.0),
        (BICYCLES, "Diensträder kosten", "curated", 1.0),
        ("Sollen die Diensträder elektrisch sein?", "Elektrische", "Petra", 1.0),
        (BICYCLES, "Unsere Diensträder", "learned", 0.94),
        (CANTEEN, "Eine Kantine macht", "bundled", 0.9),
    ],
)
def test_an_excerpt_says_who_put_it_on_its_side_and_how_certain_that_is(
    suggesting_advisor: Advisor, question: str, beginning: str, by: str, certainty: float
) -> None:
    """A person's word is certain; a model's has its probability."""
    excerpts = [one for one in shown(suggesting_advisor, question) if beginning in one["quote"]]
    assert {(one["label_by"], one["certainty"]) for one in excerpts} == {(by, certainty)}


def test_what_is_unclear_stands_apart_without_a_giver(suggesting_advisor: Advisor) -> None:
    """It is on no side, and says how likely the likelier one is."""
    content = advice_as_json(suggesting_advisor.advise(CANTEEN), "de")
    (unclear,) = content["unclear"]
    assert list(unclear) == EXCERPT_KEYS
    assert unclear["quote"] == "Über Diensträder lässt sich vielleicht noch lange reden."
    assert (unclear["label_by"], unclear["certainty"]) == (None, 0.5)
    assert unclear["quote"] not in {one["quote"] for one in shown(suggesting_advisor, CANTEEN)}


def test_excerpts_that_make_the_same_point_are_written_out() -> None:
    """With all that any excerpt has; theirs are none."""
    one = Excerpt("Ein Rad.", "a.txt", None, None, None, None, 0, 8, 0.91234567)
    two = replace(one, quote="Das Rad.", document="b.txt", label_by="learned", certainty=0.87)
    side = SideOfAnswer(Stance.YES, Localised({"de": "Ja"}), (replace(one, similar=(two,)),))
    content = advice_as_json(Advice("?", "de", answered=True, sides=(side,)), "de")
    (excerpt,) = content["sides"][0]["excerpts"]
    (similar,) = excerpt["similar"]
    assert list(similar) == EXCERPT_KEYS
    assert (similar["quote"], similar["document"]) == ("Das Rad.", "b.txt")
    assert (similar["label_by"], similar["certainty"], similar["similar"]) == ("learned", 0.87, [])
    assert excerpt["similarity"] == 0.9123
    assert json.loads(json.dumps(content)) == content


def test_an_explanation_is_told_only_if_it_was_asked_for(advisor: Advisor) -> None:
    assert "explanation" not in advice_as_json(advisor.advise(BICYCLES), "de")
    content = advice_as_json(advisor.advise(BICYCLES, explain=True), "de")
    assert list(content) == [*KEYS, "explanation"]
    assert json.loads(json.dumps(content)) == content
