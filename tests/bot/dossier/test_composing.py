"""Dossiers say what was weighed and walked, with numbered sources, and no verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.dossier.composing import from_walk, from_weighing
from bot.dossier.html import as_html
from bot.dossier.pdf import as_pdf
from index.answering.advice import Excerpt
from index.debates.records import Debate, Localised, Side
from index.guides.records import Guide, Interview, Option, Question, Step
from index.guides.walking import GuideStep
from index.guides.weighing import Circumstance, Voice, Weighing

DAY = date(2026, 2, 3)


def both(german: str, english: str) -> Localised:
    return Localised({"de": german, "en": english})


def excerpt(quote: str, document: str = "a.txt") -> Excerpt:
    return Excerpt(
        quote=quote,
        document=document,
        title=f"Titel von {document}",
        author="Petra Muster",
        published=date(2011, 2, 18),
        heading="Kosten",
        start=3,
        end=3 + len(quote),
        similarity=1.0,
        label_by="curated",
        certainty=1.0,
    )


SIDES = {Side.YES: both("Dafür", "For"), Side.NO: both("Dagegen", "Against")}
DEBATE = Debate("bicycles", both("Räder sind gut.", "Bicycles are good."), SIDES)
MOTORS = Debate("motors", both("Motoren sind gut.", "Motors are good."), SIDES)
OPTION = Option("money", both("Geld", "Money"))
QUESTION = Question("why", both("Warum?", "Why?"), (OPTION,))
OFFER = (both("rad", "bike"), both("Rad", "Bike"), both("Räder?", "Bicycles?"), both("So.", "So."))
INTERVIEW = Interview("bicycles", *OFFER, "bicycles", (QUESTION,))
YES = Voice(Side.YES, SIDES[Side.YES], None, (excerpt("Räder sparen Geld."),))
NO = Voice(Side.NO, SIDES[Side.NO], None, (excerpt("Räder kosten Geld.", "b.txt"),))


def weighing(*voices: Voice, debate: Debate | None = DEBATE) -> Weighing:
    return Weighing(INTERVIEW, DEBATE, (Circumstance(QUESTION, OPTION, debate, voices),))


@pytest.mark.parametrize(
    ("language", "label", "title", "names"),
    [
        ("de", "Warum?", "Geld", ["Dafür", "Dagegen"]),
        ("en", "Why?", "Money", ["For", "Against"]),
    ],
)
def test_a_circumstance_becomes_a_part_with_two_columns(
    language: str, label: str, title: str, names: list[str]
) -> None:
    dossier = from_weighing(weighing(YES, NO), language, DAY)
    (part,) = dossier.parts
    assert (part.label, part.title, part.text, part.note) == (label, title, None, None)
    assert [column.name for column in part.columns] == names
    assert [[quote.text for quote in column.quotes] for column in part.columns] == [
        ["Räder sparen Geld."],
        ["Räder kosten Geld."],
    ]
    assert dossier.name == "bicycles-2026-02-03"
    assert dossier.language == language


def test_it_says_that_there_is_no_verdict() -> None:
    assert "no verdict is given" in from_weighing(weighing(YES, NO), "en", DAY).note
    assert "Urteil wird nicht gefällt" in from_weighing(weighing(YES, NO), "de", DAY).note


def test_sources_are_numbered_as_they_come_each_once() -> None:
    again = replace(YES, excerpts=(excerpt("Eins."), excerpt("Zwei.", "b.txt"), excerpt("Drei.")))
    dossier = from_weighing(weighing(again, NO), "de", DAY)
    (part,) = dossier.parts
    assert [quote.source for quote in part.columns[0].quotes] == [1, 2, 1]
    assert [quote.source for quote in part.columns[1].quotes] == [2]
    assert [(source.number, source.title) for source in dossier.sources] == [
        (1, "Titel von a.txt"),
        (2, "Titel von b.txt"),
    ]
    assert dossier.sources[0].details == "Petra Muster · 18.02.2011 · a.txt"


def test_another_debate_is_named_with_its_own_sides() -> None:
    turned = replace(YES, own_name=both("Ohne Motor", "No motor"))
    (part,) = from_weighing(weighing(turned, NO, debate=MOTORS), "de", DAY).parts
    assert part.text == "Aus der Debatte: Motoren sind gut."
    assert [column.detail for column in part.columns] == ["Ohne Motor", None]


def test_a_side_says_why_it_is_empty() -> None:
    silent, above = replace(YES, excerpts=()), replace(NO, excerpts=(), said_above=True)
    (part,) = from_weighing(weighing(silent, above), "en", DAY).parts
    assert [column.note for column in part.columns] == [
        "No voice in the documents speaks for this side.",
        "What speaks for this side stands above.",
    ]


def test_an_answer_that_changes_nothing_says_so() -> None:
    (part,) = from_weighing(weighing(debate=None), "en", DAY).parts
    assert (part.columns, part.note) == ((), "Nothing here depends on this.")


def test_what_a_reader_should_know_of_a_quote_stands_by_it() -> None:
    reported = replace(excerpt("A."), reported=True)
    suggested = replace(excerpt("B."), label_by="bundled", certainty=0.87)
    (part,) = from_weighing(
        weighing(replace(YES, excerpts=(reported, suggested)), NO), "en", DAY
    ).parts
    assert [quote.remark for quote in part.columns[0].quotes] == [
        "reported there, not shared by the author",
        "side suggested by a model, 87 %",
    ]
    assert part.columns[1].quotes[0].remark is None


def test_a_walk_becomes_a_checklist() -> None:
    """Ticks of steps that are gone are not counted."""
    steps = tuple(
        GuideStep(Step(name, both(f"S{name}", f"T{name}"), both("Tun.", "Do.")), given)
        for name, given in (("a", (excerpt("Räder sparen Geld."),)), ("b", ()))
    )
    guide = Guide("exit", *OFFER, tuple(step.step for step in steps))
    dossier = from_walk(guide, steps, {"b", "gone"}, "de", DAY)
    assert dossier.subtitle == "1 von 2 Schritten erledigt"
    assert [(part.title, part.ticked) for part in dossier.parts] == [
        ("1. Sa", False),
        ("2. Sb", True),
    ]
    assert [len(part.quotes) for part in dossier.parts] == [1, 0]
    assert [quote.language for quote in dossier.parts[0].quotes] == ["de"]
    assert len(dossier.sources) == 1


def test_both_formats_take_what_is_composed() -> None:
    """Also where nothing was chosen and nothing is quoted."""
    for given in (weighing(YES, NO), Weighing(INTERVIEW, DEBATE, ())):
        dossier = from_weighing(given, "de", DAY)
        assert "Räder?" in as_html(dossier)
        assert as_pdf(dossier).startswith(b"%PDF-")
