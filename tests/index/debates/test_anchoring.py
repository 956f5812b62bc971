"""A label follows its quotation through edits; of two on one place, the more trusted counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.corpus.records import Span
from index.debates.anchoring import Loose, Untied, anchor_labels, settle
from index.debates.records import CURATED, LEARNED, PERSON, Anchored, Label, Side

if TYPE_CHECKING:
    from index.corpus.records import Document
    from tests.index.conftest import ReadText

QUOTE = "Räder sparen der Firma Geld."
TEXT = f"Ein Titel\n\nDas ist der erste Satz des Textes. {QUOTE} Das ist der letzte.\n"


def place(document: Document, quote: str = QUOTE) -> Span | str:
    """Return the place of a quote, or the reason why it has none."""
    label = Label("x", document.id, quote, Side.YES)
    anchored, loose = anchor_labels([label], {document.id: document})
    return anchored[0].span if anchored else str(loose[0].reason)


def test_a_label_lies_where_its_quotation_lies(read_text: ReadText) -> None:
    span = place(read_text(TEXT))
    assert not isinstance(span, str)
    assert span.of(TEXT) == QUOTE


def test_a_label_survives_text_that_is_put_before_it(read_text: ReadText) -> None:
    before = place(read_text(TEXT))
    longer = TEXT.replace("Das ist der erste", "Neu ist dieser Satz hier. 😀 Das ist der erste")
    after = place(read_text(longer))
    assert not isinstance(after, str)
    assert not isinstance(before, str)
    assert after.of(longer) == QUOTE
    assert after.start == before.start + 28


@pytest.mark.parametrize("quote", ["Räder  sparen\nder Firma Geld.", f"\n {QUOTE}\t"])
def test_white_space_may_differ(read_text: ReadText, quote: str) -> None:
    span = place(read_text(TEXT), quote)
    assert not isinstance(span, str)
    assert span.of(TEXT) == QUOTE


def test_white_space_of_the_text_may_differ(read_text: ReadText) -> None:
    text = TEXT.replace("der Firma Geld.", "der\nFirma  Geld.")
    span = place(read_text(text))
    assert not isinstance(span, str)
    assert span.of(text) == "Räder sparen der\nFirma  Geld."


@pytest.mark.parametrize("quote", ["Räder sparen der Firma Geld!", "räder sparen der Firma Geld."])
def test_nothing_but_white_space_may_differ(read_text: ReadText, quote: str) -> None:
    assert place(read_text(TEXT), quote) == "the quote is no longer in the text"


def test_a_quotation_is_no_pattern(read_text: ReadText) -> None:
    text = "Titel\n\nJede Firma (!) zahlt [viel] Geld für ein Rad + Helm.\n"
    span = place(read_text(text), "Jede Firma (!) zahlt [viel] Geld für ein Rad + Helm.")
    assert not isinstance(span, str)
    assert place(read_text(TEXT), "R.*r sparen") == "the quote is no longer in the text"


def test_a_quotation_outside_of_passages_is_reported(read_text: ReadText) -> None:
    reason = place(read_text(f"{TEXT}\nBild: Petra Muster\n"), "Bild: Petra Muster")
    assert reason == "the quote stands in no passage (it is left out, or it crosses two)"


def test_a_quotation_across_two_passages_is_reported(read_text: ReadText) -> None:
    text = "# Eins\n\nDas ist der eine Satz.\n\n# Zwei\n\nDas ist der andere Satz.\n"
    assert "stands in no passage" in str(place(read_text(text), "Satz. # Zwei Das ist"))


def test_of_two_places_the_one_in_a_passage_counts(read_text: ReadText) -> None:
    teaser = "Das hier ist ein Anreißer, und er ist lang genug dafür."
    text = f"{teaser} …\n\n{teaser} Und hier geht der Text dann weiter."
    span = place(read_text(text, title="T"), teaser)
    assert not isinstance(span, str)
    assert span.start == text.rindex(teaser)


@pytest.mark.parametrize("quote", ["", " \n"])
def test_an_empty_quotation_is_reported(read_text: ReadText, quote: str) -> None:
    assert place(read_text(TEXT), quote) == "the quote is empty"


def test_a_missing_document_is_reported() -> None:
    label = Label("x", "gone.txt", QUOTE, Side.YES)
    reason = Untied.NO_DOCUMENT.of(document="gone.txt")
    assert anchor_labels([label], {}) == ((), (Loose(label, reason),))
    assert str(reason) == "there is no document gone.txt"


FIRST, SECOND, THIRD = Span(0, 20), Span(10, 30), Span(20, 40)


def given(
    side: Side, by: str = CURATED, span: Span = FIRST, subject: str = "x", certainty: float = 1.0
) -> Anchored:
    return Anchored(Label(subject, "a.txt", "…", side, by, certainty=certainty), span)


@pytest.mark.parametrize(
    ("trusted", "other"),
    [
        (given(Side.YES, PERSON), given(Side.NO, CURATED)),
        (given(Side.YES, PERSON), given(Side.NO, "Petra")),
        (given(Side.YES, CURATED), given(Side.NO, LEARNED, certainty=0.98)),
        (given(Side.YES, "Petra"), given(Side.NO, LEARNED, certainty=0.98)),
        (given(Side.YES, LEARNED, certainty=0.7), given(Side.NO, "bundled", certainty=0.98)),
        (given(Side.BACKGROUND, PERSON), given(Side.YES, "bundled", certainty=0.98)),
    ],
)
def test_the_more_trusted_of_two_labels_stays(trusted: Anchored, other: Anchored) -> None:
    """Person over file over what was learned over a model, in whatever order they come."""
    assert settle([trusted, other]) == (trusted,)
    assert settle([other, trusted]) == (trusted,)


def test_one_common_letter_is_enough() -> None:
    """A longer label would bring the words along that a person judged otherwise."""
    trusted = given(Side.YES, PERSON, SECOND)
    assert settle([given(Side.NO, span=FIRST), given(Side.NO, span=THIRD), trusted]) == (trusted,)


def test_labels_side_by_side_do_not_touch() -> None:
    labels = given(Side.YES, PERSON, FIRST), given(Side.NO, CURATED, THIRD)
    assert settle(labels) == labels


@pytest.mark.parametrize("by", [PERSON, CURATED, LEARNED])
def test_equals_stay_even_if_they_disagree(by: str) -> None:
    """Which of two is right, only a person can tell; `label check` names them."""
    labels = given(Side.YES, by, FIRST), given(Side.NO, by, SECOND)
    assert settle(labels) == labels


def test_labels_of_other_debates_and_documents_are_no_rivals() -> None:
    elsewhere = Anchored(replace(given(Side.NO).label, document="b.txt"), FIRST)
    labels = given(Side.YES, PERSON), given(Side.NO, subject="y"), elsewhere
    assert settle(labels) == labels


def test_a_label_that_is_outdone_outdoes_no_other() -> None:
    """A person's word on the first half leaves what a model says of the second untouched by it."""
    person, file = given(Side.YES, PERSON, FIRST), given(Side.YES, CURATED, SECOND)
    model = given(Side.NO, "bundled", THIRD, certainty=0.9)
    assert settle([person, file, model])[:1] == (person,)
    assert file not in settle([person, file, model])


def test_no_labels_are_settled() -> None:
    assert settle([]) == ()
