"""The guides and interviews that come with the corpora hold what they promise."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.corpus.reading import read_corpus
from index.debates.checking import ERRORS, check_labels
from index.debates.loading import read_agenda
from index.guides.loading import read_guidebook
from index.guides.tying import tie
from index.guides.walking import walk
from index.guides.weighing import weigh
from tests.index.conftest import SEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.answering.advisor import Advisor
    from index.debates.records import Localised
    from index.guides.records import Guidebook, Quotation

EXAMPLE = Path(__file__).parents[3] / "examples/home-office"
CORPORA = {"seeds": SEEDS, "home-office": EXAMPLE}


def book_of(folder: Path) -> Guidebook:
    debates = {debate.id for debate in read_agenda(folder).debates}
    documents = {document.id: document for document in read_corpus(folder).documents}
    book, lost = tie(read_guidebook(folder, debates), documents)
    assert lost == ()
    return book


def quotations(book: Guidebook) -> Iterator[Quotation]:
    for guide in book.guides:
        for step in guide.steps:
            yield from step.quotes
    for interview in book.interviews:
        for question in interview.questions:
            for option in question.options:
                for quotes in option.quotes.values():
                    yield from quotes


def texts(book: Guidebook) -> Iterator[Localised]:
    for offer in book.offers:
        yield from (offer.command, offer.description, offer.title, offer.introduction)
    for guide in book.guides:
        for step in guide.steps:
            yield from (step.title, step.explanation)
    for interview in book.interviews:
        for question in interview.questions:
            yield question.text
            yield from (option.text for option in question.options)


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_quotation_stands_verbatim_in_its_document(corpus: str) -> None:
    """Letter by letter at its place, but for white space."""
    found = list(quotations(book_of(CORPORA[corpus])))
    assert found
    for quotation in found:
        text = (CORPORA[corpus] / quotation.document).read_text(encoding="utf-8")
        assert quotation.span is not None
        assert quotation.span.of(text).split() == quotation.quote.split()


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_text_is_there_in_german_and_english(corpus: str) -> None:
    for text in texts(book_of(CORPORA[corpus])):
        assert {"de", "en"} <= set(text.texts)


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_keeper_of_the_corpus_has_nothing_to_mend(corpus: str) -> None:
    """No quotation is gone, and none stands on another side than a label of the debate has it."""
    assert [found for found in check_labels(CORPORA[corpus]) if found.kind in ERRORS] == []


def test_the_exit_has_its_six_steps_all_of_them_cited() -> None:
    (guide,) = book_of(SEEDS).guides
    assert [step.id for step in guide.steps] == [
        "reason",
        "misjudgements",
        "notice",
        "channels",
        "contact",
        "timing",
    ]
    assert all(step.quotes for step in guide.steps)
    assert set(guide.command.texts.values()) == {"exit", "ausstieg"}


def test_the_decision_takes_five_to_eight_taps() -> None:
    (interview,) = book_of(SEEDS).interviews
    assert 5 <= len(interview.questions) <= 8
    assert interview.debate == "leave-social-media"
    assert interview.command.in_language("en") == "decide"


def test_steps_and_explanations_fit_into_one_message() -> None:
    for guide in (*book_of(SEEDS).guides, *book_of(EXAMPLE).guides):
        for step in guide.steps:
            ours = max(map(len, step.explanation.texts.values()))
            assert ours + sum(len(quotation.quote) for quotation in step.quotes) < 3000


@pytest.mark.encoder
def test_every_circumstance_is_weighed_verbatim_and_without_repeats(real_advisor: Advisor) -> None:
    """Each answer that leads anywhere has something to show, in equal room where both sides do."""
    (interview,) = real_advisor.snapshot.interviews
    for question in interview.questions:
        for option in question.options:
            (one,) = weigh(real_advisor, interview, {question.id: option.id}).circumstances
            counts = [len(voice.excerpts) for voice in one.voices]
            leads = option.bearing is not None or bool(option.quotes)
            assert any(counts) == leads
            assert len({count for count in counts if count}) <= 1


@pytest.mark.encoder
def test_whatever_is_answered_nothing_is_shown_twice(real_advisor: Advisor) -> None:
    (interview,) = real_advisor.snapshot.interviews
    answers = [[option.id for option in question.options] for question in interview.questions]
    names = [question.id for question in interview.questions]
    for chosen in [*product(*answers)][::97]:
        weighing = weigh(real_advisor, interview, dict(zip(names, chosen, strict=True)))
        shown = [
            excerpt
            for one in weighing.circumstances
            for voice in one.voices
            for excerpt in voice.excerpts
        ]
        for excerpt in shown:
            text = real_advisor.snapshot.records.whole_text(excerpt.document)
            assert text[excerpt.start : excerpt.end] == excerpt.quote
        for one, other in combinations(shown, 2):
            apart = one.end <= other.start or other.end <= one.start
            assert one.document != other.document or apart


@pytest.mark.encoder
def test_who_sells_to_firms_hears_what_is_said_of_selling_to_firms(real_advisor: Advisor) -> None:
    (interview,) = real_advisor.snapshot.interviews
    (one,) = weigh(real_advisor, interview, {"customers": "business"}).circumstances
    assert any("B2B" in excerpt.quote for excerpt in one.voices[0].excerpts)
    (other,) = weigh(real_advisor, interview, {"customers": "private"}).circumstances
    said = [excerpt.quote for voice in other.voices for excerpt in voice.excerpts]
    assert not any("B2B" in quote for quote in said)


@pytest.mark.encoder
def test_the_exit_is_walked_with_its_sources(real_advisor: Advisor) -> None:
    (guide,) = real_advisor.snapshot.guides
    steps = walk(real_advisor.snapshot, guide)
    assert len(steps) == 6
    for step in steps:
        for excerpt in step.excerpts:
            assert excerpt.title == "Tipps zum Social Media Exit"
            text = (SEEDS / excerpt.document).read_text(encoding="utf-8")
            assert text[excerpt.start : excerpt.end] == excerpt.quote
