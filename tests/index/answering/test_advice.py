"""An answer as JSON is what other programs rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.answering.advice import Advice, advice_as_json

if TYPE_CHECKING:
    from index.answering.advisor import Advisor

KEYS = ["question", "language", "answered", "debate", "sides", "background", "timings_ms"]
EXCERPT_KEYS = [
    *("quote", "document", "title", "author", "published", "heading", "start", "end"),
    *("similarity", "label_by", "reported"),
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
        "debate": None,
        "sides": [],
        "background": [],
        "timings_ms": {},
    }


def test_excerpts_come_in_the_order_shown(advisor: Advisor) -> None:
    advice = advisor.advise("Sollen wir Diensträder anschaffen?")
    yes, no = advice.sides
    assert advice.excerpts() == (*yes.excerpts, *no.excerpts, *advice.background)
